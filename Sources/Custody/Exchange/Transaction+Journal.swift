internal import CustodyLog
internal import CustodyStore

/// Changes of a token's journal that no exchange makes.
extension Transaction {
  /// Puts a token in doubt, because nothing is known of its last exchange any more. If its provider rotates tokens,
  /// this stops the next exchange.
  func doubtExchange(of item: Item) throws {
    // An exchange that is under way is overtaken, as by another process. A refresh token that it brings is still
    // stored.
    var row = try core.store.exchange(of: item.id) ?? ExchangeRow(item: item.id, fence: 0, owner: nil, beat: 0)
    row.take()
    (row.owner, row.accessToken) = (nil, nil)
    let journal = ExchangeJournal(
      state: .unknown, fence: row.fence, revision: item.revision, by: core.me, sent: time, attempts: 1)
    do { try write(journal, of: item, to: &row) } catch let error as VaultError where error.code == .integrity {
      // A journal that opens for nobody also stops an exchange.
      (row.journal, row.generation) = ([0], item.metadataKey.generation)
    }
    try core.store.put(row)
  }

  /// Ends the doubt about a token, for an admin who knows that the server asked was not the provider. The next exchange
  /// then contacts the provider.
  func endDoubt(of item: Item) throws {
    guard var row = try core.store.exchange(of: item.id) else { return }
    let before = try? core.believedJournal(row, of: item)
    row.take()
    (row.owner, row.accessToken) = (nil, nil)
    var journal = ExchangeJournal(
      state: .failed, fence: row.fence, revision: item.revision, by: core.me, sent: time, attempts: 0)
    journal.ended = time
    if let before, before.revision == item.revision {
      (journal.refreshExpires, journal.refusedScope) = (before.refreshExpires, before.refusedScope)
    }
    try write(journal, of: item, to: &row)
    try core.store.put(row)
  }

  /// Notes that a login was granted less than the connector's scope, so that no refresh repeats that scope.
  package func note(refused scope: String, of token: String) throws(VaultError) {
    try translating {
      guard let item = try core.item(.token, token) else { throw core.notFound(.token, token) }
      var row = try core.store.exchange(of: item.id) ?? ExchangeRow(item: item.id, fence: 0, owner: nil, beat: 0)
      row.take()
      (row.owner, row.accessToken) = (nil, nil)
      var journal = ExchangeJournal(
        state: .done, fence: row.fence, revision: item.revision, by: core.me, sent: time, attempts: 0)
      (journal.ended, journal.refusedScope) = (time, scope)
      try write(journal, of: item, to: &row)
      try core.store.put(row)
    }
  }
}
