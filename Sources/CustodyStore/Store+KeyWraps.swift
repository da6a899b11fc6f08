package import CustodyMemory

extension Store {
  package func keyWrap(
    epoch: UInt64, kind: KeyWrapRow.Kind, recipient: Identifier
  ) throws(StoreError) -> KeyWrapRow? {
    try first(SQL.keyWrap, [.count(epoch), .integer(kind.rawValue), .identifier(recipient)], KeyWrapRow.init)
  }

  package func keyWraps(of recipient: Identifier) throws(StoreError) -> [KeyWrapRow] {
    try all(SQL.keyWrapsOf, [.identifier(recipient)], KeyWrapRow.init)
  }

  /// In the order of epoch, kind and recipient.
  package func keyWraps() throws(StoreError) -> [KeyWrapRow] { try all(SQL.keyWraps, [], KeyWrapRow.init) }

  package func insert(_ wrap: KeyWrapRow) throws(StoreError) {
    try change(
      SQL.insert,
      [
        .count(wrap.epoch), .integer(wrap.kind.rawValue), .identifier(wrap.recipient), .blob(wrap.sealed),
        .digest(wrap.sha256),
      ])
  }

  /// All that members have of older epochs; what leads from one epoch to the one before stays.
  package func deleteKeyWraps(before epoch: UInt64) throws(StoreError) {
    try change(SQL.deleteBefore, [.count(epoch), .identifier(.none)])
  }
}

private enum SQL {
  static let keyWrap = Statement(
    "key_wrap",
    "SELECT epoch, kind, recipient, sealed, sha256 FROM key_wrap WHERE epoch = $1 AND kind = $2 AND recipient = $3")
  static let keyWraps = Statement(
    "key_wrap", "SELECT epoch, kind, recipient, sealed, sha256 FROM key_wrap ORDER BY epoch, kind, recipient")
  static let keyWrapsOf = Statement(
    "key_wrap", "SELECT epoch, kind, recipient, sealed, sha256 FROM key_wrap WHERE recipient = $1 ORDER BY epoch, kind")
  static let insert = Statement(
    "key_wrap", "INSERT INTO key_wrap (epoch, kind, recipient, sealed, sha256) VALUES ($1, $2, $3, $4, $5)")
  static let deleteBefore = Statement("key_wrap", "DELETE FROM key_wrap WHERE epoch < $1 AND recipient <> $2")
}
