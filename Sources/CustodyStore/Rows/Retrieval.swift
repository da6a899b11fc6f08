internal import CustodyValues

// A malformed joined row counts as missing, so that the item's own row can still be read.

/// All rows that a member needs to read an item's value.
package struct Retrieval: Equatable, Sendable {
  package let item: ItemRow
  /// Nil if somebody deleted the row.
  package let revision: RevisionRow?
  /// The envelope of the newest data key; nil if the item is not shared with this member.
  package let envelope: EnvelopeRow?

  /// Reads the joined row. Columns that the query was given are not read back.
  init(_ row: any Row, _ recipient: Identifier) throws(StoreError) {
    item = try ItemRow(row)
    let next = ItemRow.columns
    revision =
      row.isNull(next)
      ? nil
      : try? RevisionRow(
        item: item.id, revision: item.revision, generation: row.count(next), entry: row.count(next + 1),
        secret: row.optionalBlob(next + 2))
    envelope = EnvelopeRow(joined: row, from: next + 3, item: item, .dataKey, recipient: recipient)
  }
}
