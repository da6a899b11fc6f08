package import CustodyValues

extension Store {
  /// The wrapped keys of a member, or of `.none`, by the epoch of wrapping, then by their own epoch and kind.
  package func keyWraps(of recipient: Identifier) throws(StoreError) -> [KeyWrapRow] {
    try all(SQL.keyWrapsOf, [.identifier(recipient)], KeyWrapRow.init)
  }

  /// All wrapped keys, by recipient, epoch of wrapping, own epoch and kind.
  package func keyWraps() throws(StoreError) -> [KeyWrapRow] { try all(SQL.keyWraps, [], KeyWrapRow.init) }

  /// Adds a wrapped key. It replaces one of the same key, which somebody put there although the log does not know of
  /// it.
  package func put(_ wrap: KeyWrapRow) throws(StoreError) {
    try change(
      SQL.put,
      [
        .identifier(wrap.recipient), .count(wrap.sealedIn), .count(wrap.epoch), .integer(wrap.kind.rawValue),
        .optional(wrap.sealed), .digest(wrap.sha256),
      ])
  }

  /// Removes all sealed keys of a member. The hashes stay, so that the entries that made them can always be checked.
  package func takeBackKeyWraps(of member: Identifier) throws(StoreError) {
    try change(SQL.takeBack, [.identifier(member)])
  }

  package func takeBackKeyWraps(of member: Identifier, _ kind: KeyWrapRow.Kind) throws(StoreError) {
    try change(SQL.takeBackKind, [.identifier(member), .integer(kind.rawValue)])
  }
}

private enum SQL {
  static let keyWraps = Statement(
    "key_wrap",
    """
    SELECT recipient, sealed_in, epoch, kind, sealed, sha256 FROM key_wrap ORDER BY recipient, sealed_in, epoch, kind
    """)
  static let keyWrapsOf = Statement(
    "key_wrap",
    """
    SELECT recipient, sealed_in, epoch, kind, sealed, sha256 FROM key_wrap WHERE recipient = $1
    ORDER BY sealed_in, epoch, kind
    """)
  static let put = Statement(
    "key_wrap",
    """
    INSERT INTO key_wrap (recipient, sealed_in, epoch, kind, sealed, sha256) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (recipient, sealed_in, epoch, kind) DO UPDATE SET sealed = $5, sha256 = $6
    """)
  static let takeBack = Statement("key_wrap", "UPDATE key_wrap SET sealed = NULL WHERE recipient = $1")
  static let takeBackKind = Statement(
    "key_wrap", "UPDATE key_wrap SET sealed = NULL WHERE recipient = $1 AND kind = $2")
}
