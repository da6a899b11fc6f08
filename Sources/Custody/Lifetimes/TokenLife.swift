internal import CustodyCrypto
internal import CustodyLog
public import CustodyMemory
internal import CustodyStore

/// How old a token's value is, by entries whose signatures were checked.
public struct TokenLife: Sendable {
  public let listing: Listing<TokenDetails>
  /// Nothing where this member can't open its names.
  public let connector: Listing<ConnectorDetails>?
  /// An admin stored it, or rotated it to a new grant of the provider's.
  public let given: Timestamp
  /// The newest value was made: the same moment, or an exchange that brought it.
  public let made: Timestamp
  /// The provider took it in an exchange.
  public let used: Timestamp?
  /// What is known of its newest exchange, where that was of the value in use. Not vouched for by the log.
  public let last: LastExchange?

  public init(
    _ listing: Listing<TokenDetails>, connector: Listing<ConnectorDetails>?, given: Timestamp, made: Timestamp,
    used: Timestamp?, last: LastExchange?
  ) {
    (self.listing, self.connector, self.last) = (listing, connector, last)
    (self.given, self.made, self.used) = (given, made, used)
  }
}

extension Session {
  /// Of every token in use whose names this member can open.
  public func tokenLives(progress: @escaping ProgressReport = { _, _ in }) throws(VaultError) -> [TokenLife] {
    let tokens = try tokens { progress($0, 2 * $1) }.filter { !$0.item.isRetired }
    let count = UInt64(tokens.count)
    let tally = Tally(of: count) { done, total in progress(count + done, 2 * total) }
    let connectors = try Dictionary(uniqueKeysWithValues: connectors().map { ($0.id, $0) })
    let last = try lastExchanges()
    return try translating {
      try core.reading {
        try tokens.map { token in
          tally.add()
          return try core.life(of: token, token.item.connector.flatMap { connectors[$0] }, last[token.id])
        }
      }
    }
  }

  public func tokenLife(_ name: String) throws(VaultError) -> TokenLife {
    let token = try token(name)
    let connector = try connectors().first { $0.id == token.item.connector }
    let last = try lastExchanges()[token.id]
    return try translating { try core.reading { try core.life(of: token, connector, last) } }
  }
}

extension Core {
  fileprivate func life(
    of token: Listing<TokenDetails>, _ connector: Listing<ConnectorDetails>?, _ last: LastExchange?
  ) throws -> TokenLife {
    let life = token.item.life
    return TokenLife(
      token, connector: connector, given: life.given.time, made: life.made.time, used: life.used?.time,
      last: last.flatMap { $0.isOfOldRevision ? nil : $0 })
  }
}
