internal import CustodyCrypto
internal import CustodyLog
package import CustodyValues
internal import CustodyStore

/// How a token's newest exchange ended, as far as anyone knows. Not vouched for by the log.
package struct LastExchange: Equatable, Sendable {
  package enum Outcome: String, Sendable {
    case done, failed
    /// The provider refused the refresh token.
    case refused
    /// The request may have arrived and the answer did not, or who asked was ended before it came.
    case unknown
    case underWay
  }

  package let outcome: Outcome
  package let by: Identifier
  /// When it ended; where nobody knows, when the request left.
  package let time: Timestamp
  /// The provider's words, or what went wrong, as whoever asked wrote it down. To be shown as theirs: `PrintableText.quote`.
  package let reason: String?
  /// When the refresh token ends, where the provider said so.
  package let refreshExpires: Timestamp?
  /// Another refresh token was stored since.
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

  /// Of a token that was brought back: nobody knows what its provider thinks of it.
  init(_ broughtBack: BroughtBack) {
    (outcome, by, time, reason) = (.unknown, broughtBack.by, broughtBack.moment.time, nil)
    (refreshExpires, isOfOldRevision) = (nil, false)
  }
}

extension Session {
  /// By token, of all whose names this member can open.
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
  /// Of one token; nil where there is none, or it is not for this member to read.
  package func lastExchange(of token: Identifier) throws(VaultError) -> LastExchange? {
    try translating { try core.reading { try core.lastExchange(of: token) } }
  }
}

extension Core {
  /// Nothing where it is not for this member to read, or where someone without the key wrote it.
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
