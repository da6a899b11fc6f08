public import Custody
internal import CustodyLog
internal import CustodySystem
public import CustodyValues

/// The result of a revocation. The token is retired in either case.
public struct Revocation: Sendable {
  /// Time at which the provider confirmed that the token is worthless, as logged. A token unknown to the provider
  /// counts as worthless.
  public let confirmed: Timestamp?
  /// The reason why another valid token may exist; nothing is logged as confirmed then.
  public let doubt: String?
}

extension Session {
  /// Host of the provider's revocation endpoint.
  ///
  /// - Throws: `badPreset` if the provider has no such call.
  package func revocationHost(of token: String) throws(VaultError) -> String {
    let life = try tokenLife(token)
    guard let connector = life.connector?.details else {
      throw VaultError(.notShared, "cannot see the connector of \"\(token)\"", subject: token)
    }
    let details = life.listing.details
    let subject = ExchangeSubject(token: details, connector: connector, revision: 0)
    return try RevocationCall(subject).endpoint.host
  }

  /// Asks the provider to revoke a refresh token, by RFC 7009 or a call of its own, and retires it.
  ///
  /// The provider comes first: a crash in between leaves a dead token that is not retired, and a second call completes
  /// it. Nobody can exchange the token meanwhile.
  ///
  /// - Parameters:
  ///   - token: the token's name, as `contoso/crm-sync`.
  ///   - reason: a text for the log.
  ///   - caFile: a file of certificate authorities, PEM, that alone are trusted; the system's if nil.
  ///   - patience: time to wait for another process that is exchanging the token.
  /// - Returns: the time of the provider's confirmation, or the reason why it is in doubt.
  /// - Throws: `notPermitted` if this member may not retire tokens, `badPreset` if the provider has no such call,
  ///   `busy` if another process took too long, otherwise the code of the provider's or the network's failure.
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
