internal import CustodyValues

extension EnvelopeRow {
  init?(
    joined row: any Row, from column: Int, item: ItemRow, _ kind: Kind, recipient: Identifier
  ) {
    guard !row.isNull(column), let entry = try? row.count(column), let sha256 = try? row.digest(column + 2),
      let sealed = try? row.optionalBlob(column + 1)
    else { return nil }
    self.init(
      item: item.id, kind: kind, generation: kind == .dataKey ? item.generation : item.metadataGeneration,
      recipient: recipient, entry: entry, sealed: sealed, sha256: sha256)
  }
}
