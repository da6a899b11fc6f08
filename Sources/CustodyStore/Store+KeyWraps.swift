package import CustodyValues

extension Store {
  /// A member's, or no one's, in the order of the epoch in which each was sealed, then of its own epoch and kind.
  package func keyWraps(of recipient: Identifier) throws(StoreError) -> [KeyWrapRow] {
    try all(SQL.keyWrapsOf, [.identifier(recipient)], KeyWrapRow.init)
  }

  /// In the order of recipient, of the epoch in which each was sealed, of its own epoch, and of kind.
  package func keyWraps() throws(StoreError) -> [KeyWrapRow] { try all(SQL.keyWraps, [], KeyWrapRow.init) }

  /// In the place of what someone put where the log has nothing yet.
  package func put(_ wrap: KeyWrapRow) throws(StoreError) {
    try change(
      SQL.put,
      [
        .identifier(wrap.recipient), .count(wrap.sealedIn), .count(wrap.epoch), .integer(wrap.kind.rawValue),
        .optional(wrap.sealed), .digest(wrap.sha256),
      ])
  }

  /// All that a member has. The hashes stay, so that the entries that made them can be checked for ever.
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
