internal import CustodyLog
internal import CustodyStore

/// What is known of a token's exchanges from elsewhere than an exchange.
extension Transaction {
  /// What stops the next exchange of a token of whose last one nothing is known any more, where its provider rotates.
  func doubtExchange(of item: Item) throws {
    // Whoever asks just now is overtaken by it, as by another process; what they bring is kept all the same.
    var row = try core.store.exchange(of: item.id) ?? ExchangeRow(item: item.id, fence: 0, owner: nil, beat: 0)
    row.take()
    (row.owner, row.accessToken) = (nil, nil)
    let journal = ExchangeJournal(
      state: .unknown, fence: row.fence, revision: item.revision, by: core.me, sent: time, attempts: 1)
    do { try write(journal, of: item, to: &row) } catch let error as VaultError where error.code == .integrity {
      // One that opens for nobody stops an exchange as well.
      (row.journal, row.generation) = ([0], item.metadataKey.generation)
    }
    try core.store.put(row)
  }

  /// What makes the next exchange ask: an admin knows that whoever was asked is not the provider, so that no refusal and no lost
  /// answer of theirs says anything of the token.
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

  /// Notes that a login which brought a token's newest value was granted less than the connector's scope, so that no refresh
  /// repeats that.
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
