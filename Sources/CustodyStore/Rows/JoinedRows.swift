internal import CustodyMemory

/// All rows that one member needs to read one item.
package struct Retrieval: Equatable, Sendable {
  package let item: ItemRow
  package let revision: RevisionRow
  /// Of the newest generation. Nil: the item is there, and is not shared with this member.
  package let envelope: EnvelopeRow?

  /// What the query was asked for is not read back from each table.
  init(_ row: any Row, _ recipient: Identifier) throws(StoreError) {
    item = try ItemRow(row)
    guard !row.isNull(5) else { throw .malformed(table: "revision") }
    revision = RevisionRow(
      item: item.id, revision: item.revision, generation: try row.count(5), entry: try row.count(6),
      metadata: try row.blob(7), secret: try row.blob(8))
    envelope = try EnvelopeRow(joined: row, from: 9, item: item, recipient: recipient)
  }
}

/// An item without its secret, and one member's envelope.
package struct Listing: Equatable, Sendable {
  package let item: ItemRow
  /// Of the newest revision, as are the two that follow.
  package let generation: UInt64
  package let entry: UInt64
  package let metadata: [UInt8]
  package let envelope: EnvelopeRow?

  init(_ row: any Row, _ recipient: Identifier) throws(StoreError) {
    item = try ItemRow(row)
    guard !row.isNull(5) else { throw .malformed(table: "revision") }
    generation = try row.count(5)
    entry = try row.count(6)
    metadata = try row.blob(7)
    envelope = try EnvelopeRow(joined: row, from: 8, item: item, recipient: recipient)
  }
}

extension EnvelopeRow {
  fileprivate init?(
    joined row: any Row, from column: Int, item: ItemRow, recipient: Identifier
  ) throws(StoreError) {
    guard !row.isNull(column) else { return nil }
    self.init(
      item: item.id, generation: item.generation, recipient: recipient,
      entry: try row.count(column), sealed: try row.optionalBlob(column + 1),
      sha256: try row.digest(column + 2))
  }
}
