package import CustodyEvidence
public import Custody
public import CustodyLog
public import CustodySecrets
internal import CustodySystem
public import CustodyValues

/// The result of an exchange. If a new refresh token came with it, that is already in the vault.
public struct AccessToken: ~Copyable {
  /// The access token's bytes, in guarded memory.
  public let value: SecureBytes
  /// End of its life; nil if neither provider nor preset says.
  public let expires: Timestamp?
  /// Scopes that the provider named; empty if it named none.
  public let scopes: [String]
  /// Base URL of the provider's API, without a slash at its end; nil if the reply named none.
  public let apiBase: String?
  /// True if the reply brought a new refresh token, which was stored.
  public let rotated: Bool
  /// True if it came from the vault and the provider was not asked.
  public let wasKept: Bool
  /// Oddities in the provider's reply that were ignored, one sentence each, with the remedy where there is one.
  public let warnings: [Hint]
}

extension Session {
  /// Exchanges a refresh token for an access token.
  ///
  /// Every check passes before the token is decrypted. Only one process exchanges a token at a time: others wait and
  /// take the access token that the first one got. When this returns, the exchange is in the log and a rotated refresh
  /// token is durable in the vault.
  ///
  /// - Parameters:
  ///   - token: the token's name, as `contoso/crm-sync`.
  ///   - how: where the access token goes; `.nowhere` if it stays in this process. The log says so.
  ///   - options: time limits, and when a kept access token will do.
  /// - Returns: the access token, kept or new.
  /// - Throws: `notFound`, `notShared`, `expired` or `destinationChanged` if the token can't be used;
  ///   `refusedByProvider` if it is dead; `outcomeUnknown` if the last attempt may have ended it; `busy` if another
  ///   process took too long; otherwise the code of the provider's or the network's failure, such as `wrongClient`,
  ///   `throttled` or `timedOut`.
  public func exchange(
    _ token: String, how: Leaving, _ options: ExchangeOptions = ExchangeOptions()
  ) throws(VaultError) -> AccessToken {
    var policy = ExchangePolicy(options: options, now: clock)
    var queue = ExchangeQueue(patience: options.patience)
    var terms = ExchangeTerms(how: how)
    while true {
      let signals = HeldSignals()
      defer { signals.release() }
      let start: ExchangeStart
      do {
        // In each round: the process that was waited for may have saved one.
        try takeInRescued(token, how: how, settingAside: options.asksAgain)
        start = try beginExchange(token, terms, policy)
      } catch {
        signals.release()
        guard queue.waits(after: error) else { throw error }
        continue
      }
      switch consume start {
      case .kept(let kept): return AccessToken(kept)
      case .held(let hold):
        signals.release()
        policy.awaited = policy.awaited ?? hold.fence
        terms.stalled = try queue.wait(for: hold, token) { () throws(VaultError) in try exchangeHold(of: hold.item) }
      case .claimed(let claim, let materials):
        if let answered = try run(policy, how, claim, materials) { return answered }
        // Another refresh token was stored while this one was refused, or another process has taken over.
        policy.awaited = nil
      }
    }
  }

  /// Asks the provider once. Returns nil if the exchange should begin again, because the token was replaced or another
  /// process took over.
  private func run(
    _ policy: ExchangePolicy, _ how: Leaving, _ claim: borrowing ExchangeClaim, _ materials: borrowing ExchangeMaterials
  ) throws(VaultError) -> AccessToken? {
    let pulse = Pulse(since: claim.begun, heartbeat(of: claim))
    switch try ExchangeRun(policy: policy, pulse: pulse).ask(materials, claim) {
    case .answered(let reply): return try keep(reply, how, claim, (policy, materials.subject))
    case .overtaken(let journal):
      _ = try? failExchange(claim, journal)
      return nil
    case .failed(let error, let journal):
      if let rescued = error.rescued?.take() {
        let answer = ExchangeAnswer(
          accessToken: nil, refreshToken: rescued, facts: .init(obtained: policy.now()))
        _ = try finishExchange(claim, how: how, answer)
        throw VaultError(error, of: claim.name, "; the new refresh token that came with it is stored")
      } else if (try? failExchange(claim, journal)) == true, journal.state == .refused {
        return nil
      }
      let subject = materials.subject
      let preset = try Preset.forConnector(subject.connector)
      if journal.state == .unknown, error.isDoubtful, policy.mayEnd(preset, subject) {
        throw ExchangePolicy.outcomeUnknown(journal, preset, claim.name)
      }
      throw VaultError(error, of: claim.name)
    }
  }

  /// Stores the reply's tokens and logs the exchange.
  private func keep(
    _ given: consuming ExchangeReply, _ how: Leaving, _ claim: borrowing ExchangeClaim,
    _ context: (policy: ExchangePolicy, subject: ExchangeSubject)
  ) throws(VaultError) -> AccessToken {
    let reply = given
    let now = context.policy.now()
    var facts = KeptAccessToken.Facts(obtained: now)
    (facts.expires, facts.scopes) = (reply.expires.map { Timestamp(milliseconds: $0) }, reply.scopes)
    facts.apiBase = reply.apiBase
    let ends = reply.refreshExpires.map { Timestamp(milliseconds: $0) }
    let flaw = try flaw(of: reply.refreshFlaw, context)
    let warnings = reply.warnings.map { Hint($0) } + Self.warnings(facts, flaw, claim.name)
    var tokens = reply.tokens()
    var answer = ExchangeAnswer(
      accessToken: tokens.access, refreshToken: tokens.refresh.take(), facts: facts, refreshExpires: ends)
    answer.flaw = flaw?.endsToken == true ? flaw?.failure : nil
    let rotated = try finishExchange(claim, how: how, answer)
    warnings.forEach { context.policy.options.warn?("\(claim.name): \($0)" as Hint) }
    guard let value = answer.takeAccessToken() else {
      throw VaultError(.replyIncomplete, "cannot exchange \"\(claim.name)\": the reply has no access token")
    }
    return AccessToken(
      value: value, expires: facts.expires, scopes: facts.scopes,
      apiBase: facts.apiBase, rotated: rotated, wasKept: false, warnings: warnings)
  }

  /// The flaw of a reply's new refresh token, and `endsToken`, which is true if the old one may be dead because of it.
  private func flaw(
    of error: ExchangeError?, _ context: (policy: ExchangePolicy, subject: ExchangeSubject)
  ) throws(VaultError) -> (failure: ExchangeJournal.Failure, endsToken: Bool)? {
    guard let error else { return nil }
    let preset = try Preset.forConnector(context.subject.connector)
    return (error.failure, context.policy.mayEnd(preset, context.subject))
  }

  private static func warnings(
    _ facts: KeptAccessToken.Facts, _ flaw: (failure: ExchangeJournal.Failure, endsToken: Bool)?, _ name: String
  ) -> [Hint] {
    var warnings: [Hint] = []
    if let flaw {
      let end: Hint =
        flaw.endsToken
        ? "the one in the vault may be dead: an admin generates a new one and types \(step: .rotate(.token, name))"
        : "the one in the vault stays"
      warnings.append("its new refresh token is of no use (\(flaw.failure.reason)); \(end)")
    }
    if let expires = facts.expires {
      let life = Duration.milliseconds(expires.milliseconds - facts.obtained.milliseconds)
      // Whole seconds, rounded up: providers count in them.
      let seconds = (life.components.seconds + (life.components.attoseconds > 0 ? 1 : 0))
      if life <= ExchangeOptions.skew {
        warnings.append(
          "its access token lives for \(max(seconds, 0)) s: one of 60 s or less is not kept for the next call")
      }
    }
    return warnings
  }
}

extension AccessToken {
  fileprivate init(_ given: consuming KeptAccessToken) {
    let facts = given.facts
    self.init(
      value: given.takeValue(), expires: facts.expires, scopes: facts.scopes, apiBase: facts.apiBase,
      rotated: false, wasKept: true, warnings: [])
  }
}

extension ExchangeRequest {
  init(_ subject: ExchangeSubject) throws(VaultError) {
    let connector = subject.connector
    self.init(preset: try .forConnector(connector), connectorID: connector.connectorID)
    variables = preset.variables(of: subject.token)
    endpoint = connector.endpoint
    switch connector.facts.scopeInRefresh {
    case true?: scope = connector.scope
    case false?: scope = nil
    // RFC 6749, section 6: a refresh must not ask for a scope that was not granted.
    case nil: scope = subject.refusedScope == connector.scope ? nil : connector.scope
    }
  }
}

extension ConnectorDetails {
  /// Throws unless the preset allows secrets to go to this connector's endpoint. Called before anything is stored.
  package func checkEndpoint() throws(VaultError) {
    let preset = try Preset.forConnector(self)
    guard endpoint != nil || preset.url == nil else { return }
    var request = ExchangeRequest(preset: preset, connectorID: connectorID)
    request.endpoint = endpoint
    do { _ = try request.resolvedEndpoint() } catch {
      throw VaultError(.badEndpoint, error.reason, subject: name, hint: error.hint).caused(by: error)
    }
  }
}
