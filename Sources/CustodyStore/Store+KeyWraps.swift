package import CustodyMemory

extension Store {
  package func keyWrap(
    epoch: UInt64, kind: KeyWrapRow.Kind, recipient: Identifier
  ) throws(StoreError) -> KeyWrapRow? {
    try first(SQL.keyWrap, [.count(epoch), .integer(kind.rawValue), .identifier(recipient)], KeyWrapRow.init)
  }

  /// In the order of epoch, kind and recipient.
  package func keyWraps() throws(StoreError) -> [KeyWrapRow] { try all(SQL.keyWraps, [], KeyWrapRow.init) }

  package func insert(_ wrap: KeyWrapRow) throws(StoreError) {
    try change(
      SQL.insert,
      [.count(wrap.epoch), .integer(wrap.kind.rawValue), .identifier(wrap.recipient), .blob(wrap.sealed)])
  }

  package func deleteKeyWrap(
    epoch: UInt64, kind: KeyWrapRow.Kind, recipient: Identifier
  ) throws(StoreError) {
    try changeOne(SQL.delete, [.count(epoch), .integer(kind.rawValue), .identifier(recipient)])
  }
}

private enum SQL {
  static let keyWrap = Statement(
    "key_wrap",
    "SELECT epoch, kind, recipient, sealed FROM key_wrap WHERE epoch = $1 AND kind = $2 AND recipient = $3")
  static let keyWraps = Statement(
    "key_wrap", "SELECT epoch, kind, recipient, sealed FROM key_wrap ORDER BY epoch, kind, recipient")
  static let insert = Statement(
    "key_wrap", "INSERT INTO key_wrap (epoch, kind, recipient, sealed) VALUES ($1, $2, $3, $4)")
  static let delete = Statement(
    "key_wrap", "DELETE FROM key_wrap WHERE epoch = $1 AND kind = $2 AND recipient = $3")
}
