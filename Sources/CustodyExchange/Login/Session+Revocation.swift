public import Custody
internal import CustodyLog
internal import CustodySystem
public import CustodyValues

/// What came of a revocation. The token is retired either way.
public struct Revocation: Sendable {
  /// When the provider confirmed that the token is worthless: what is unknown to it counts as that. It is on record.
  public let confirmed: Timestamp?
  /// Why it may not be the last word: nothing is on record then.
  public let doubt: String?
}

extension Session {
  /// Where a token's revocation would go; refused where its provider has no call for it.
  package func revocationHost(of token: String) throws(VaultError) -> String {
    let life = try tokenLife(token)
    guard let connector = life.connector?.details else {
      throw VaultError(.notShared, "cannot see the connector of \"\(token)\"", subject: token)
    }
    let details = life.listing.details
    let subject = ExchangeSubject(token: details, connector: connector, revision: 0)
    return try RevocationCall(subject).endpoint.host
  }

  /// Has the provider make a refresh token worthless, by RFC 7009 or a call of its own, and retires it. Provider first: a
  /// crash between leaves a token that is dead and not retired, and doing it again is right. Nobody exchanges it meanwhile.
  public func revoke(
    _ token: String, reason: String? = nil, caFile: String? = nil, patience: Duration = .seconds(60)
  ) throws(VaultError) -> Revocation {
    var queue = ExchangeQueue(patience: patience)
    var stalled: ExchangeHold?
    while true {
      let signals = HeldSignals()
      let start = try beginRevocation(token, stalled: stalled) { (connector) throws(VaultError) in
        try Preset.forConnector(connector).revoke?.authenticates ?? false
      }
      switch consume start {
      case .held(let hold):
        signals.release()
        stalled = try queue.wait(for: hold, token) { () throws(VaultError) in try exchangeHold(of: hold.item) }
      case .claimed(let claim): return try revoke(claim, reason, caFile)
      }
    }
  }

  private func revoke(
    _ claim: borrowing RevocationClaim, _ reason: String?, _ caFile: String?
  ) throws(VaultError) -> Revocation {
    let call: RevocationCall
    do { call = try RevocationCall(claim.subject) } catch {
      failRevocation(claim)
      throw error
    }
    let pulse = Pulse(since: claim.begun, heartbeat(of: claim))
    do { try call.send(claim, pulse, caFile) } catch {
      failRevocation(claim)
      throw call.refusal(error)
    }
    let doubt = claim.isInDoubt && call.mayHaveSuccessor(clock) ? RevocationCall.doubt : nil
    let confirmed = doubt == nil ? clock() : nil
    do { try finishRevocation(claim, reason: reason, revoked: confirmed) } catch {
      failRevocation(claim)
      throw VaultError(
        error.code, "the provider revoked \"\(claim.name)\", and it could not be retired: \(error.reason)",
        subject: claim.name, hint: error.hint ?? "run the command again"
      ).caused(by: error)
    }
    return Revocation(confirmed: confirmed, doubt: doubt)
  }
}
