internal import CustodyValues

/// An item with its sealed details and one member's envelope of its newest metadata key.
package struct ListedItemRow: Equatable, Sendable {
  package let item: ItemRow
  /// Nil if somebody deleted the row.
  package let details: NoteRow?
  package let envelope: EnvelopeRow?

  init(_ row: any Row, _ recipient: Identifier) throws(StoreError) {
    item = try ItemRow(row)
    let next = ItemRow.columns
    details =
      row.isNull(next)
      ? nil
      : try? NoteRow(
        entry: item.details, kind: .details, item: row.identifier(next), generation: row.count(next + 1),
        sealed: row.blob(next + 2))
    envelope = EnvelopeRow(joined: row, from: next + 3, item: item, .metadataKey, recipient: recipient)
  }
}
