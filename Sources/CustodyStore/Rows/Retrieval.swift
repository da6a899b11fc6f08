internal import CustodyValues

// A joined row that is malformed is as one that is not there: the item's own row can still be read.

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
      : try? RevisionRow(
        item: item.id, revision: item.revision, generation: row.count(next), entry: row.count(next + 1),
        secret: row.optionalBlob(next + 2))
    envelope = EnvelopeRow(joined: row, from: next + 3, item: item, .dataKey, recipient: recipient)
  }
}
