package import CustodyValues

package struct ItemRow: Equatable, Sendable {
  package enum Kind: Int64, Sendable { case connector = 1, token = 2 }

  package var id: Identifier
  package var kind: Kind
  /// Nil once the item is retired.
  package var tag: Digest?
  /// The number of the newest revision, and below, of the newest data key and metadata key.
  package var revision: UInt64
  package var generation: UInt64
  package var metadataGeneration: UInt64
  /// The position of the entry whose note holds the item's details.
  package var details: UInt64

  package init(
    id: Identifier, kind: Kind, tag: Digest?, revision: UInt64, generation: UInt64, metadataGeneration: UInt64,
    details: UInt64
  ) {
    (self.id, self.kind, self.tag) = (id, kind, tag)
    (self.revision, self.generation) = (revision, generation)
    (self.metadataGeneration, self.details) = (metadataGeneration, details)
  }

  /// The number of columns that an item has in a joined row.
  static let columns = 7

  init(_ row: any Row) throws(StoreError) {
    id = try row.identifier(0)
    kind = try row.kind(1)
    tag = try row.optionalDigest(2)
    revision = try row.count(3)
    generation = try row.count(4)
    metadataGeneration = try row.count(5)
    details = try row.count(6)
  }
}
