package import CustodyValues

/// An item's previous metadata key, sealed under the one of this generation.
package struct MetadataKeyRow: Equatable, Sendable {
  package var item: Identifier
  package var generation: UInt64
  package var previous: [UInt8]

  package init(item: Identifier, generation: UInt64, previous: [UInt8]) {
    (self.item, self.generation, self.previous) = (item, generation, previous)
  }

  init(_ row: any Row) throws(StoreError) {
    item = try row.identifier(0)
    generation = try row.count(1)
    previous = try row.blob(2)
  }
}
