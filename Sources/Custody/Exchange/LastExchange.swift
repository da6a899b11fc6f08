internal import CustodyCrypto
internal import CustodyLog
package import CustodyValues
internal import CustodyStore

/// The known outcome of a token's newest exchange. The log does not vouch for it.
package struct LastExchange: Equatable, Sendable {
  package enum Outcome: String, Sendable {
    case done, failed
    /// The provider refused the refresh token.
    case refused
    /// The request may have arrived, but the reply was lost, or the process ended before it came.
    case unknown
    case underWay
  }

  package let outcome: Outcome
  package let by: Identifier
  /// Time when it ended, or, if that is unknown, when the request was sent.
  package let time: Timestamp
  /// The provider's words or the failure, as written by the member who exchanged. To be shown as a quotation:
  /// `PrintableText.quote`.
  package let reason: String?
  /// The end of the refresh token, if the provider said so.
  package let refreshExpires: Timestamp?
  /// True if another refresh token was stored since.
  package let isOfOldRevision: Bool

  init(_ journal: ExchangeJournal, _ item: Item, isHeld: Bool) {
    outcome =
      switch journal.state {
      case .done: .done
      case .failed: .failed
      case .refused: .refused
      case .unknown: .unknown
      case .sent: isHeld ? .underWay : .unknown
      }
    (by, time, reason) = (journal.by, journal.ended ?? journal.sent, journal.failure?.reason)
    refreshExpires = journal.refreshExpires
    isOfOldRevision = journal.revision != item.revision
  }

  /// Makes an outcome for a token that was brought back, whose state at the provider is unknown.
  init(_ broughtBack: BroughtBack) {
    (outcome, by, time, reason) = (.unknown, broughtBack.by, broughtBack.moment.time, nil)
    (refreshExpires, isOfOldRevision) = (nil, false)
  }
}

extension Session {
  /// Returns the last exchanges of all tokens whose names this member can open, by token ID.
  package func lastExchanges() throws(VaultError) -> [Identifier: LastExchange] {
    try translating {
      try core.reading {
        var found: [Identifier: LastExchange] = [:]
        try core.store.eachExchange { found[$0.item] = try core.lastExchange($0) }
        return found
      }
    }
  }
}

extension Session {
  /// Returns the last exchange of one token. Nil if there is none, or this member may not read it.
  package func lastExchange(of token: Identifier) throws(VaultError) -> LastExchange? {
    try translating { try core.reading { try core.lastExchange(of: token) } }
  }
}

extension Core {
  /// Returns the last exchange of one token. Nil if this member may not read it, or it was written by someone without
  /// the key.
  func lastExchange(of token: Identifier) throws -> LastExchange? {
    try store.exchange(of: token).flatMap(lastExchange)
  }

  fileprivate func lastExchange(_ row: ExchangeRow) throws -> LastExchange? {
    guard let item = history.items[row.item], !item.isRetired, opensNames || isHolder(of: item) else { return nil }
    let journal = try? believedJournal(row, of: item)
    if let broughtBack = item.broughtBack, journal?.revision != item.revision { return LastExchange(broughtBack) }
    guard let journal else { return nil }
    return LastExchange(journal, item, isHeld: ExchangeHold(row).map { !$0.isGone } ?? false)
  }
}
