internal import CustodyMemory

/// All rows that one member needs to read one item's value.
package struct Retrieval: Equatable, Sendable {
  package let item: ItemRow
  /// Nil where someone took it away.
  package let revision: RevisionRow?
  /// Of the newest data key. Nil: the item is there, and is not shared with this member.
  package let envelope: EnvelopeRow?

  /// What the query was asked for is not read back from each table.
  init(_ row: any Row, _ recipient: Identifier) throws(StoreError) {
    item = try ItemRow(row)
    let next = ItemRow.columns
    revision =
      row.isNull(next)
      ? nil
      : RevisionRow(
        item: item.id, revision: item.revision, generation: try row.count(next), entry: try row.count(next + 1),
        secret: try row.optionalBlob(next + 2))
    envelope = try EnvelopeRow(joined: row, from: next + 3, item: item, .dataKey, recipient: recipient)
  }
}

/// An item's sealed details, and one member's envelope of its newest metadata key.
package struct Listing: Equatable, Sendable {
  package let item: ItemRow
  /// Nil where someone took it away.
  package let details: NoteRow?
  package let envelope: EnvelopeRow?

  init(_ row: any Row, _ recipient: Identifier) throws(StoreError) {
    item = try ItemRow(row)
    let next = ItemRow.columns
    details =
      row.isNull(next)
      ? nil
      : NoteRow(
        entry: item.details, kind: .details, item: try row.identifier(next), generation: try row.count(next + 1),
        sealed: try row.blob(next + 2))
    envelope = try EnvelopeRow(joined: row, from: next + 3, item: item, .metadataKey, recipient: recipient)
  }
}

extension EnvelopeRow {
  fileprivate init?(
    joined row: any Row, from column: Int, item: ItemRow, _ kind: Kind, recipient: Identifier
  ) throws(StoreError) {
    guard !row.isNull(column) else { return nil }
    self.init(
      item: item.id, kind: kind, generation: kind == .dataKey ? item.generation : item.metadataGeneration,
      recipient: recipient, entry: try row.count(column), sealed: try row.optionalBlob(column + 1),
      sha256: try row.digest(column + 2))
  }
}
