internal import CustodyCrypto
internal import CustodyLog
internal import CustodyMemory
internal import CustodyStore

extension Transaction {
  func beginExchange(_ name: String, _ terms: ExchangeTerms, _ rules: some ExchangeRules) throws -> ExchangeStart {
    let opened = try core.open(.token, name, for: .tokenExchange)
    let connector = try core.openConnector(of: opened)
    var subject = ExchangeSubject(
      token: try TokenDetails(metadata: opened.metadata), connector: try ConnectorDetails(metadata: connector.metadata),
      revision: opened.item.revision, connectorRevision: connector.item.revision)
    if opened.item.life.made == opened.item.life.given { subject.ends = subject.token.expires }
    let row =
      try core.store.exchange(of: opened.item.id)
      ?? ExchangeRow(item: opened.item.id, fence: 0, owner: nil, beat: 0)
    let kept = try core.keptAccessToken(row.accessToken, of: opened)
    if let kept, kept.facts.connectorRevision == subject.connectorRevision, try rules.accepts(kept.facts, of: subject) {
      try declareExchange(of: opened.item, terms.how, from: .cache)
      return .kept(kept)
    }
    if let hold = ExchangeHold(row), !hold.isGone, hold != terms.stalled { return .held(hold) }
    let before = try core.journalBefore(row, opened, rules)
    try rules.check(before, of: subject)
    let claim = try self.claim(row, opened, subject, before)
    let materials = ExchangeMaterials(
      subject: subject, refreshToken: try opened.secret(in: core.arena),
      connectorSecret: try connector.secret(in: core.arena))
    return .claimed(claim, materials)
  }

  private func claim(
    _ found: ExchangeRow, _ opened: borrowing Opened, _ subject: ExchangeSubject, _ before: ExchangeJournal?
  ) throws -> ExchangeClaim {
    let item = opened.item
    var row = found
    (row.fence, row.owner, row.beat) = (row.fence + 1, ExchangeTerms.newOwner(), 0)
    var journal = ExchangeJournal(
      state: .sent, fence: row.fence, revision: item.revision, by: core.me, sent: core.now(), attempts: 1)
    if let before, before.revision == item.revision, before.state == .sent || before.state == .unknown {
      (journal.sent, journal.attempts) = (before.sent, before.attempts + 1)
    }
    // Of the token before it said nothing about this one.
    if let before, before.revision == item.revision { journal.refreshExpires = before.refreshExpires }
    row.journal = core.seal(journal, of: item, under: opened.metadataKey)
    try core.store.put(row)
    return ExchangeClaim(
      name: subject.token.name, fence: row.fence, revision: item.revision,
      connectorRevision: subject.connectorRevision, journal: journal, owner: row.owner ?? [], item: item,
      dataKey: try opened.dataKey.copy(in: core.arena))
  }

  func finishExchange(
    _ claim: borrowing ExchangeClaim, _ how: Leaving, _ answer: borrowing ExchangeAnswer
  ) throws {
    let opened = try core.open(.token, claim.name, for: .tokenExchange)
    guard opened.item.id == claim.item.id else { throw core.notFound(.token, claim.name) }
    switch answer.refreshToken {
    case .some(let new): try adopt(new, opened, how, sent: claim.revision)
    case .none: try declareExchange(of: opened.item, how, from: nil)
    }
    guard var row = try core.store.exchange(of: opened.item.id), row.fence == claim.fence else { return }
    var journal = claim.journal
    (journal.state, journal.ended) = (.done, core.now())
    if answer.refreshToken != nil || answer.refreshExpires != nil { journal.refreshExpires = answer.refreshExpires }
    journal.revision = core.history.items[opened.item.id]?.revision ?? claim.revision
    // After an unusable reply the access token before it is still good.
    switch answer.accessToken {
    case .some(let value):
      var facts = answer.facts
      (facts.fence, facts.connectorRevision) = (claim.fence, claim.connectorRevision)
      row.accessToken = try core.seal(value, facts, of: opened)
    case .none: break
    }
    row.owner = nil
    row.journal = core.seal(journal, of: opened.item, under: opened.metadataKey)
    try core.store.put(row)
  }

  /// What came back becomes the next revision: it is newer than what another exchange stored meanwhile, which stays as
  /// the revision before. What an admin stored meanwhile is meant to replace both.
  func adopt(
    _ new: borrowing SecureBytes, _ opened: borrowing Opened, _ how: Leaving, sent revision: UInt64
  ) throws {
    let item = opened.item
    if item.revision != revision, try core.ledger.attested(item.valueEntry).action != .tokenExchange {
      let name = try TokenDetails(metadata: opened.metadata).name
      throw VaultError(
        .conflict, "cannot keep the refresh token that came back for \"\(name)\": an admin stored another meanwhile",
        subject: name, hint: "run the exchange again; it takes the newest")
    }
    try replace(opened, metadata: opened.metadata, secret: new, action: .tokenExchange) { $0.set(.how, how.rawValue) }
  }

  func failExchange(_ claim: borrowing ExchangeClaim, _ journal: ExchangeJournal) throws -> Bool {
    let item = core.history.items[claim.item.id]
    _ = try append(.tokenExchange, outcome: .error) { $0.set(.item, claim.item.id) }
    let hasNewer = item.map { !$0.isRetired && $0.revision > claim.revision } ?? false
    guard var row = try core.store.exchange(of: claim.item.id), row.fence == claim.fence else { return hasNewer }
    row.owner = nil
    // Who was taken off the token while the request was out can't write down what came of it.
    if let opened = try? core.open(.token, claim.name, for: .tokenExchange), opened.item.id == claim.item.id {
      row.journal = core.seal(journal, of: opened.item, under: opened.metadataKey)
    }
    try core.store.put(row)
    return hasNewer
  }

  private func declareExchange(of item: Item, _ how: Leaving, from source: Source?) throws {
    _ = try append(.tokenExchange) { entry in
      entry.set(.item, item.id)
      entry.set(.revision, item.revision)
      entry.set(.generation, item.generation)
      entry.set(.how, how.rawValue)
      if let source { entry.set(.source, source.rawValue) }
    }
  }

  /// The journal goes over to the new data key; the access token is asked for anew.
  func carryExchange(
    of item: Item, from old: borrowing MetadataKey, to new: borrowing MetadataKey, generation: UInt64
  ) throws {
    guard var row = try core.store.exchange(of: item.id) else { return }
    row.accessToken = nil
    row.journal = try? core.journal(row.journal, of: item, under: old).map {
      new.seal($0.bytes, SealContext(.journal, vault: core.vault, item: item.id, version: generation))
    }
    try core.store.put(row)
  }

  /// An access token of a value that was replaced is not handed out any more.
  func dropAccessToken(of item: Item) throws {
    guard var row = try core.store.exchange(of: item.id), row.accessToken != nil else { return }
    row.accessToken = nil
    try core.store.put(row)
  }
}

extension Core {
  fileprivate func openConnector(of token: borrowing Opened) throws -> Opened {
    let name = try TokenDetails(metadata: token.metadata).connector
    let connector: Opened
    do { connector = try open(.connector, name, for: .tokenExchange) } catch let error as VaultError {
      throw error.attempt == nil ? error : error.denying(.tokenExchange, token.item.id)
    }
    // By ID, not by name: the one for which the admin stored the token.
    guard connector.item.id == token.item.connector else {
      throw broken(token.item, "connector \"\(name)\" is not the one that it was stored for")
    }
    return connector
  }

  fileprivate func journalBefore(
    _ row: ExchangeRow, _ opened: borrowing Opened, _ rules: some ExchangeRules
  ) throws -> ExchangeJournal? {
    do { return try journal(row.journal, of: opened.item, under: opened.metadataKey) } catch {
      if rules.asksAgain { return nil }
      throw error
    }
  }
}
