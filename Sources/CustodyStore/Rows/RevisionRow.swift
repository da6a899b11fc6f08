package import CustodyValues

package struct RevisionRow: Equatable, Sendable {
  package var item: Identifier
  package var revision: UInt64
  package var generation: UInt64
  package var entry: UInt64
  /// Nil once the item is retired.
  package var secret: [UInt8]?

  package init(item: Identifier, revision: UInt64, generation: UInt64, entry: UInt64, secret: [UInt8]?) {
    (self.item, self.revision, self.generation) = (item, revision, generation)
    (self.entry, self.secret) = (entry, secret)
  }

  init(_ row: any Row) throws(StoreError) {
    item = try row.identifier(0)
    revision = try row.count(1)
    generation = try row.count(2)
    entry = try row.count(3)
    secret = try row.optionalBlob(4)
  }
}
