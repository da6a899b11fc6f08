internal import CustodyCrypto
package import CustodyLog
package import CustodySecrets
package import CustodyValues
internal import CustodyStore

/// The vault's half of an exchange: checks who may ask, records the intent before the request is sent, and stores the
/// answer. `CustodyExchange` calls the provider in between.
extension Session {
  /// Makes every check, then hands out a kept access token, or claims the token with the intent in its journal, in one
  /// durable transaction.
  package func beginExchange(
    _ name: String, _ terms: ExchangeTerms, _ rules: some ExchangeRules
  ) throws(VaultError) -> ExchangeStart {
    try translating {
      // A reply may rotate the token, and a new token that can't be stored would be lost.
      guard !core.store.isReadOnly else { throw StoreError.readOnly }
      return try core.commit { try $0.beginExchange(name, terms, rules) }
    }
  }

  /// Returns the current claim on a token. Nil if there is none.
  package func exchangeHold(of item: Identifier) throws(VaultError) -> ExchangeHold? {
    try translating { try core.store.read { ExchangeHold(try core.store.exchange(of: item)) } }
  }

  /// Returns a function that shows other processes that this exchange is under way. It never waits, because a reply may
  /// arrive meanwhile.
  package func heartbeat(of claim: borrowing ExchangeClaim) -> () -> Heartbeat {
    heartbeat(of: claim.item, claim.fence, claim.owner)
  }

  func heartbeat(of item: Item, _ fence: UInt64, _ owner: [UInt8]) -> () -> Heartbeat {
    let core = core
    return {
      let told = try? core.store.writeUnlessBusy { try core.store.beat(of: item.id, fence: fence, owner: owner) }
      return told.map { $0 ? .told : .takenOver } ?? .busy
    }
  }

  /// Records a successful exchange, before the access token may go out. A new refresh token becomes the next revision
  /// in the same commit.
  /// - Returns: true if a new refresh token was stored.
  package func finishExchange(
    _ claim: borrowing ExchangeClaim, how: Leaving, _ answer: borrowing ExchangeAnswer
  ) throws(VaultError) -> Bool {
    var patience = 12
    var path: String?
    while true {
      do {
        let isStored = try core.commit { try $0.finishExchange(claim, how, answer) }
        if path != nil { core.memory?.forgetRescue(of: claim.item.id) }
        return isStored
      } catch {
        let isSuperseded = (error as? VaultError)?.code == .conflict
        let error = (error as? VaultError) ?? VaultError(translating: error)
        guard !isSuperseded else {
          release(claim)
          throw error
        }
        path = try rescue(claim, answer, after: error)
        patience -= 1
        // Another write is waited for longer than usual.
        if error.code == .busy, patience > 0 { continue }
        guard answer.refreshToken != nil else { throw error }
        throw Self.unstored(claim.name, error, path)
      }
    }
  }

  /// Records a failed exchange and its outcome.
  /// - Returns: true if another refresh token was stored since.
  package func failExchange(
    _ claim: borrowing ExchangeClaim, _ journal: ExchangeJournal
  ) throws(VaultError) -> Bool {
    var patience = 3
    while true {
      do { return try translating { try core.transact { try $0.failExchange(claim, journal) } } } catch {
        patience -= 1
        guard error.code == .busy, patience > 0 else { throw error }
      }
    }
  }

  /// Releases the claim on a token that was replaced, so that nobody waits for it.
  private func release(_ claim: borrowing ExchangeClaim) {
    var journal = claim.journal
    (journal.state, journal.ended) = (.failed, core.now())
    _ = try? failExchange(claim, journal)
  }

  private static func unstored(_ name: String, _ error: VaultError, _ path: String?) -> VaultError {
    let kept = path.map { " (it is sealed in \"\(PrintableText.escape($0))\")" }
    let hint: Hint =
      switch (error.code, kept) {
      case (.notShared, _), (.notPermitted, _), (.notFound, _):
        "the one in the vault may be dead now: an admin generates a new one and types \(step: .rotate(.token, name))"
      case (_, .some): "mend that, then run the exchange again on this machine: it takes it in"
      default: "the one in the vault may be dead now; mend this, then an admin stores a new one"
      }
    return VaultError(
      error.code,
      "the provider gave a new refresh token for \"\(name)\" that could not be stored\(kept ?? ""): \(error.reason)",
      subject: name, hint: hint
    ).caused(by: error)
  }
}

/// The provider's answer.
package struct ExchangeAnswer: ~Copyable {
  /// Nil if only the reply's refresh token was usable.
  package private(set) var accessToken: SecureBytes?
  package let refreshToken: SecureBytes?
  package let facts: KeptAccessToken.Facts
  package let refreshExpires: Timestamp?
  /// The reason why nobody knows which refresh token is valid now, if the reply's new one is unusable.
  package var flaw: ExchangeJournal.Failure?

  package init(
    accessToken: consuming SecureBytes?, refreshToken: consuming SecureBytes?, facts: KeptAccessToken.Facts,
    refreshExpires: Timestamp? = nil
  ) {
    self.accessToken = accessToken
    self.refreshToken = refreshToken
    (self.facts, self.refreshExpires) = (facts, refreshExpires)
  }

  /// Takes the access token out. Must be called only once its entry is durable.
  package mutating func takeAccessToken() -> SecureBytes? { accessToken.take() }
}
