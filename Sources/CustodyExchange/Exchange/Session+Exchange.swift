package import CustodyEvidence
public import Custody
public import CustodyLog
public import CustodySecrets
internal import CustodySystem
public import CustodyValues

/// What an exchange gives to who asked for it. The refresh token, if a new one came, is in the vault already.
public struct AccessToken: ~Copyable {
  public let value: SecureBytes
  /// When it ends, where the provider says so.
  public let expires: Timestamp?
  public let scopes: [String]
  public let apiBase: String?
  /// The reply brought a new refresh token.
  public let rotated: Bool
  /// It had been kept: the provider was not asked.
  public let wasKept: Bool
  /// What of the reply that brought it was odd and passed over, and what to do about it.
  public let warnings: [Hint]
}

extension Session {
  /// An access token for a refresh token, opened after every check. One exchange of a token at a time over all processes:
  /// who comes meanwhile waits and takes what the first one brought. Recorded, and a rotated token durable, before it
  /// returns.
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
        // Each time: who was waited for may have saved one.
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
        // Another refresh token was stored while this one was refused, or another process is at it by now.
        policy.awaited = nil
      }
    }
  }

  /// Nothing where it is worth beginning again.
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

  /// What is wrong with a reply's new refresh token, and whether the old one may be dead for it.
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
      // By whole seconds, as a provider counts them.
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
    // RFC 6749, section 6: one that was not granted must not be repeated.
    case nil: scope = subject.refusedScope == connector.scope ? nil : connector.scope
    }
  }
}

extension ConnectorDetails {
  /// Whether secrets may go where this connector exchanges; said before anything is kept.
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
