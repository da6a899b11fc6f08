package import CustodySystem
package import CustodyEvidence
internal import CustodyCrypto
internal import CustodyLog
package import CustodyValues
internal import CustodyStore

/// The age of a token's value, by entries whose signatures were checked.
package struct TokenLife: Sendable {
  package let listing: Listing<TokenDetails>
  /// The token's connector. Nil if this member can't open its name.
  package let connector: Listing<ConnectorDetails>?
  /// Time when an admin stored the token, or rotated it to a new grant of the provider's.
  package let given: Timestamp
  /// Time when the newest value was made: `given`, or a later exchange that brought it.
  package let made: Timestamp
  /// Time when the provider last accepted it in an exchange.
  package let used: Timestamp?
  /// The token's newest exchange, if that sent the value in use. The log does not vouch for it.
  package let last: LastExchange?

  package init(
    _ listing: Listing<TokenDetails>, connector: Listing<ConnectorDetails>?, given: Timestamp, made: Timestamp,
    used: Timestamp?, last: LastExchange?
  ) {
    (self.listing, self.connector, self.last) = (listing, connector, last)
    (self.given, self.made, self.used) = (given, made, used)
  }

  /// True if an exchange of this grant brought a new refresh token, false if none did. Nil if there was no exchange.
  package var hasRotated: Bool? {
    made != given || listing.item.life.hasRotated == true ? true : used.map { _ in false }
  }
}

extension Item.Life {
  /// True if the log has an exchange, by anyone, that brought a new refresh token. Nil if it has no exchange.
  var hasRotated: Bool? { made != given ? true : used.map { _ in false } }
}

extension Session {
  /// Passes the age of every token in use whose name this member can open to `body`. Few are read at a time, so `body`
  /// must not use the session.
  package func eachTokenLife(
    progress: @escaping ProgressReport = { _, _ in }, _ body: (TokenLife) throws -> Void
  ) throws(VaultError) {
    let connectors = try Dictionary(connectors().map { ($0.id, $0) }) { one, _ in one }
    try eachToken(progress: progress) { token in
      guard !token.item.isRetired else { return }
      try body(core.life(of: token, token.item.connector.flatMap { connectors[$0] }))
    }
  }

  /// Returns all that `eachTokenLife` passes.
  package func tokenLives(progress: @escaping ProgressReport = { _, _ in }) throws(VaultError) -> [TokenLife] {
    var lives: [TokenLife] = []
    try eachTokenLife(progress: progress) { lives.append($0) }
    return lives
  }

  package func tokenLife(_ name: String) throws(VaultError) -> TokenLife {
    let token = try token(name)
    var connector: Listing<ConnectorDetails>?
    try eachConnector { if $0.id == token.item.connector { connector = $0 } }
    return try translating { try core.reading { try core.life(of: token, connector) } }
  }
}

extension Core {
  fileprivate func life(
    of token: Listing<TokenDetails>, _ connector: Listing<ConnectorDetails>?
  ) throws -> TokenLife {
    let (life, last) = (token.item.life, try lastExchange(of: token.id))
    return TokenLife(
      token, connector: connector, given: life.given.time, made: life.made.time, used: life.used?.time,
      last: last.flatMap { $0.isOfOldRevision ? nil : $0 })
  }
}
