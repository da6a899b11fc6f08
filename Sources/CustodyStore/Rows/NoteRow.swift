package import CustodyValues

/// Sealed text that belongs to a log entry about an item.
package struct NoteRow: Equatable, Sendable {
  package enum Kind: Int64, CaseIterable, Sendable { case details = 1, reason = 2, destination = 3, expiry = 4 }

  package var entry: UInt64
  package var kind: Kind
  package var item: Identifier
  /// The generation of the metadata key that seals the text.
  package var generation: UInt64
  package var sealed: [UInt8]

  package init(entry: UInt64, kind: Kind, item: Identifier, generation: UInt64, sealed: [UInt8]) {
    (self.entry, self.kind, self.item) = (entry, kind, item)
    (self.generation, self.sealed) = (generation, sealed)
  }

  init(_ row: any Row) throws(StoreError) {
    entry = try row.count(0)
    kind = try row.kind(1)
    item = try row.identifier(2)
    generation = try row.count(3)
    sealed = try row.blob(4)
  }
}
