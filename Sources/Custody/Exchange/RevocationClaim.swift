package import CustodyEvidence
internal import CustodyCrypto
internal import CustodyLog
package import CustodySecrets
package import CustodyValues
internal import CustodyStore

/// The exclusive right to revoke one token at its provider. Nobody exchanges it meanwhile, so no new token comes after
/// it.
package struct RevocationClaim: ~Copyable {
  package let subject: ExchangeSubject
  package let refreshToken: SecureBytes
  /// The connector's secret, if the provider wants to know who asks.
  package let connectorSecret: SecureBytes?
  /// True if the newest exchange of this value has an unknown outcome: the provider may have issued another token.
  package let isInDoubt: Bool
  let item: Item
  let fence: UInt64
  let owner: [UInt8]
  /// Start of the claim, not later than when other processes could see it.
  package let begun: ContinuousClock.Instant

  package var name: String { subject.token.name }
}

/// The result of beginning a revocation.
package enum RevocationStart: ~Copyable {
  case held(ExchangeHold)
  case claimed(RevocationClaim)
}

extension Session {
  /// Makes every check and claims the token, in one durable transaction.
  /// - Parameter asks: returns true if the connector's secret is needed.
  package func beginRevocation(
    _ name: String, stalled: ExchangeHold?, asks: (ConnectorDetails) throws(VaultError) -> Bool
  ) throws(VaultError) -> RevocationStart {
    try translating {
      guard !core.store.isReadOnly else { throw StoreError.readOnly }
      return try core.commit { try $0.beginRevocation(name, stalled, asks) }
    }
  }

  package func heartbeat(of claim: borrowing RevocationClaim) -> () -> Heartbeat {
    heartbeat(of: claim.item, claim.fence, claim.owner)
  }

  /// Retires the revoked token, unless it has another value by now.
  /// - Parameter revoked: the time when the provider confirmed the revocation.
  package func finishRevocation(
    _ claim: borrowing RevocationClaim, reason: String?, revoked: Timestamp?
  ) throws(VaultError) {
    try translating { try core.commit { try $0.finishRevocation(claim, reason, revoked) } }
  }

  /// Records that the provider did not confirm, and releases the token.
  package func failRevocation(_ claim: borrowing RevocationClaim) {
    try? core.transact { try $0.failRevocation(claim) }
  }
}

extension Transaction {
  fileprivate func beginRevocation(
    _ name: String, _ stalled: ExchangeHold?, _ asks: (ConnectorDetails) throws(VaultError) -> Bool
  ) throws -> RevocationStart {
    try requireRole(for: .tokenRetire, item: core.item(.token, name)?.id)
    let token = try core.open(.token, name, for: .tokenRetire)
    guard let connector = token.item.connector.flatMap({ core.history.items[$0] }) else {
      throw core.broken(token.item, "its connector is not in the log")
    }
    let details = try TokenDetails(metadata: core.details(of: token.item))
    let subject = try core.subject(of: token.item, details, by: connector)
    let places = try core.destinations(of: token.item, subject.token, subject.connector)
    try core.checkDestination(of: token.item, details.name, places, for: .tokenRetire)
    var row =
      try core.store.exchange(of: token.item.id)
      ?? ExchangeRow(item: token.item.id, fence: 0, owner: nil, beat: 0)
    if let hold = ExchangeHold(row), !hold.isGone, hold != stalled { return .held(hold) }
    let secret =
      try asks(subject.connector)
      ? core.openConnector(named: details.connector, of: token.item, for: .tokenRetire) : nil
    row.take()
    try core.store.put(row)
    return .claimed(
      RevocationClaim(
        subject: subject, refreshToken: try token.secret(in: core.arena),
        connectorSecret: try Self.secret(of: secret, in: core.arena), isInDoubt: core.isInDoubt(row, token.item),
        item: token.item, fence: row.fence, owner: row.owner ?? [], begun: ContinuousClock.now))
  }

  private static func secret(of connector: consuming Opened?, in arena: SecureArena) throws -> SecureBytes? {
    switch connector {
    case .some(let opened): try opened.secret(in: arena)
    case .none: nil
    }
  }

  fileprivate func finishRevocation(
    _ claim: borrowing RevocationClaim, _ reason: String?, _ revoked: Timestamp?
  ) throws {
    let name = claim.name
    guard let item = try core.item(.token, name), item.id == claim.item.id, item.revision == claim.item.revision else {
      throw VaultError(
        .conflict, "cannot retire \"\(name)\": another refresh token was stored meanwhile, and that one is not revoked",
        subject: name, hint: "run the command again")
    }
    try retire(.token, name, reason: reason, revoked: revoked)
  }

  fileprivate func failRevocation(_ claim: borrowing RevocationClaim) throws {
    _ = try append(.tokenRetire, outcome: .error) { $0.set(.item, claim.item.id) }
    guard var row = try core.store.exchange(of: claim.item.id), row.isHeld(claim.fence, claim.owner) else { return }
    row.owner = nil
    try core.store.put(row)
  }
}

extension Core {
  /// Returns true if the newest exchange of this value has an unknown outcome, or its journal does not open.
  fileprivate func isInDoubt(_ row: ExchangeRow, _ token: Item) -> Bool {
    do {
      guard let journal = try believedJournal(row, of: token) else { return false }
      return journal.revision == token.revision && [.sent, .unknown].contains(journal.state)
    } catch {
      return true
    }
  }
}
