package import CustodySystem
package import CustodyEvidence
internal import CustodyCrypto
internal import CustodyLog
package import CustodyValues
internal import CustodyStore

/// How old a token's value is, by entries whose signatures were checked.
package struct TokenLife: Sendable {
  package let listing: Listing<TokenDetails>
  /// Nothing where this member can't open its names.
  package let connector: Listing<ConnectorDetails>?
  /// An admin stored it, or rotated it to a new grant of the provider's.
  package let given: Timestamp
  /// The newest value was made: the same moment, or an exchange that brought it.
  package let made: Timestamp
  /// The provider took it in an exchange.
  package let used: Timestamp?
  /// What is known of its newest exchange, where that was of the value in use. Not vouched for by the log.
  package let last: LastExchange?

  package init(
    _ listing: Listing<TokenDetails>, connector: Listing<ConnectorDetails>?, given: Timestamp, made: Timestamp,
    used: Timestamp?, last: LastExchange?
  ) {
    (self.listing, self.connector, self.last) = (listing, connector, last)
    (self.given, self.made, self.used) = (given, made, used)
  }

  /// Whether an exchange of this grant brought a new refresh token; nothing where none was made.
  package var hasRotated: Bool? {
    made != given || listing.item.life.hasRotated == true ? true : used.map { _ in false }
  }
}

extension Item.Life {
  /// As the log knows it, whoever exchanged.
  var hasRotated: Bool? { made != given ? true : used.map { _ in false } }
}

extension Session {
  /// Of every token in use whose names this member can open. They are read as `body` takes them, few at a time; it must not
  /// ask the session for anything else.
  package func eachTokenLife(
    progress: @escaping ProgressReport = { _, _ in }, _ body: (TokenLife) throws -> Void
  ) throws(VaultError) {
    let connectors = try Dictionary(connectors().map { ($0.id, $0) }) { one, _ in one }
    try eachToken(progress: progress) { token in
      guard !token.item.isRetired else { return }
      try body(core.life(of: token, token.item.connector.flatMap { connectors[$0] }))
    }
  }

  /// All of `eachTokenLife` at once.
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
