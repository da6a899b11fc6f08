internal import CustodyEvidence
internal import CustodyCrypto
internal import CustodyLog
internal import CustodySecrets
internal import CustodyValues
internal import CustodyStore

extension Transaction {
  func beginExchange(_ name: String, _ terms: ExchangeTerms, _ rules: some ExchangeRules) throws -> ExchangeStart {
    let opened = try core.open(.token, name, for: .tokenExchange)
    let token = try TokenDetails(metadata: core.details(of: opened.item))
    let connector = try core.openConnector(named: token.connector, of: opened.item, for: .tokenExchange)
    var subject = try core.subject(of: opened.item, token, by: connector.item)
    let places = try core.destinations(of: opened.item, subject.token, subject.connector)
    try core.checkDestination(of: opened.item, token.name, places, for: .tokenExchange)
    let row =
      try core.store.exchange(of: opened.item.id)
      ?? ExchangeRow(item: opened.item.id, fence: 0, owner: nil, beat: 0)
    let kept = try core.keptAccessToken(row.accessToken, of: opened, connector)
    if let kept, try rules.accepts(kept.facts, of: subject) {
      try declareExchange(of: opened.item, terms.how, from: .cache)
      return .kept(kept)
    }
    if let hold = ExchangeHold(row), !hold.isGone, hold != terms.stalled { return .held(hold) }
    let before = try core.journalBefore(row, opened.item, rules)
    if before?.revision == opened.item.revision { subject.refusedScope = before?.refusedScope }
    try rules.check(before, of: subject)
    let claim = try self.claim(name, row, opened, connector, before)
    let materials = ExchangeMaterials(
      subject: subject, refreshToken: try opened.secret(in: core.arena),
      connectorSecret: try connector.secret(in: core.arena))
    return .claimed(claim, materials)
  }

  private func claim(
    _ name: String, _ found: ExchangeRow, _ opened: borrowing Opened, _ connector: borrowing Opened,
    _ before: ExchangeJournal?
  ) throws -> ExchangeClaim {
    let item = opened.item
    var row = found
    row.take()
    var journal = ExchangeJournal(
      state: .sent, fence: row.fence, revision: item.revision, by: core.me, sent: core.now(), attempts: 1)
    if let before, before.revision == item.revision, before.state == .sent || before.state == .unknown {
      (journal.sent, journal.attempts) = (before.sent, min(before.attempts + 1, ExchangeJournal.mostAttempts))
    }
    // A journal of an earlier revision says nothing about this one.
    if let before, before.revision == item.revision {
      (journal.refreshExpires, journal.refusedScope) = (before.refreshExpires, before.refusedScope)
    }
    try write(journal, of: item, to: &row)
    try core.memory?.reserveRescue(of: item.id)
    try core.store.put(row)
    return ExchangeClaim(
      name: name, fence: row.fence, revision: item.revision,
      journal: journal, owner: row.owner ?? [], item: item, dataKey: try opened.dataKey.copy(in: core.arena),
      connector: connector.item, connectorKey: try connector.dataKey.copy(in: core.arena), begun: ContinuousClock.now)
  }

  /// Returns true if a new refresh token was stored.
  func finishExchange(
    _ claim: borrowing ExchangeClaim, _ how: Leaving, _ answer: borrowing ExchangeAnswer
  ) throws -> Bool {
    let opened = try core.open(.token, claim.name, for: .tokenExchange)
    guard opened.item.id == claim.item.id else { throw core.notFound(.token, claim.name) }
    let row = try core.store.exchange(of: opened.item.id).flatMap { $0.isHeld(claim.fence, claim.owner) ? $0 : nil }
    let isStored: Bool
    switch answer.refreshToken {
    case .some(let new): isStored = try adopt(new, opened, how, (claim.revision, isNewest: row != nil))
    case .none: isStored = false
    }
    if !isStored { try declareExchange(of: opened.item, how, from: nil) }
    if let row { try finish(row, opened, claim, answer) }
    return isStored
  }

  private func finish(
    _ held: ExchangeRow, _ opened: borrowing Opened, _ claim: borrowing ExchangeClaim,
    _ answer: borrowing ExchangeAnswer
  ) throws {
    var row = held
    var journal = claim.journal
    (journal.state, journal.ended) = (.done, core.now())
    if let flaw = answer.flaw { (journal.state, journal.failure) = (.unknown, flaw) }
    if answer.refreshToken != nil || answer.refreshExpires != nil { journal.refreshExpires = answer.refreshExpires }
    journal.revision = core.history.items[opened.item.id]?.revision ?? claim.revision
    switch answer.accessToken {
    case .some(let value):
      var facts = answer.facts
      facts.fence = claim.fence
      row.accessToken = try core.seal(value, facts, of: opened, claim)
    case .none: row.accessToken = nil
    }
    row.owner = nil
    try write(journal, of: opened.item, to: &row)
    try core.store.put(row)
  }

  /// Stores the refresh token that came back as the next revision, and returns true. If another exchange has stored one
  /// meanwhile, only the process with the newest claim stores its own: one that was suspended and taken over may wake
  /// up with an outdated token. A value that an admin stored meanwhile is kept, and this throws.
  private func adopt(
    _ new: borrowing SecureBytes, _ opened: borrowing Opened, _ how: Leaving, _ sent: (revision: UInt64, isNewest: Bool)
  ) throws -> Bool {
    let item = opened.item
    if item.revision != sent.revision, item.life.made == item.life.given {
      let name = try TokenDetails(metadata: core.details(of: item)).name
      throw VaultError(
        .conflict, "cannot keep the refresh token that came back for \"\(name)\": an admin stored another meanwhile",
        subject: name, hint: "run the exchange again; it takes the newest")
    }
    guard item.revision == sent.revision || sent.isNewest else { return false }
    try adopt(new, opened, how)
    return true
  }

  func failExchange(_ claim: borrowing ExchangeClaim, _ journal: ExchangeJournal) throws -> Bool {
    let item = core.history.items[claim.item.id]
    _ = try append(.tokenExchange, outcome: .error) { $0.set(.item, claim.item.id) }
    let hasNewer = item.map { !$0.isRetired && $0.revision > claim.revision } ?? false
    guard var row = try core.store.exchange(of: claim.item.id), row.isHeld(claim.fence, claim.owner) else {
      return hasNewer
    }
    row.owner = nil
    // A member who lost their grant while the request was out can't write the journal.
    if let opened = try? core.open(.token, claim.name, for: .tokenExchange), opened.item.id == claim.item.id {
      try write(journal, of: opened.item, to: &row)
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

  /// Writes the journal under the newest metadata key, which only those have who may read it. A member whose grant has
  /// ended by an admin's clock but not by their own leaves no journal; the exchange still counts.
  func write(_ journal: ExchangeJournal, of item: Item, to row: inout ExchangeRow) throws {
    guard core.history.canWrite(about: current(item), core.me, at: time) else {
      (row.journal, row.generation) = (nil, 0)
      return
    }
    let writer = try writer(for: current(item))
    row.journal = core.seal(journal, of: item.id, writer.generation, writer.key)
    row.generation = writer.generation
  }

  /// Deletes the kept access token of a value that was replaced.
  func dropAccessToken(of item: Item) throws {
    guard var row = try core.store.exchange(of: item.id), row.accessToken != nil else { return }
    row.accessToken = nil
    try core.store.put(row)
  }
}

extension ExchangeRow {
  /// Returns true if this claim holds the row. The owner is compared too, since numbers start again if someone deleted
  /// the row.
  func isHeld(_ fence: UInt64, _ owner: [UInt8]) -> Bool { self.fence == fence && self.owner == owner }

  mutating func take() {
    // The largest number can only have been written by a forger.
    (fence, owner, beat) = (fence < Int64.max ? fence + 1 : 1, ExchangeTerms.newOwner(), 0)
  }
}

extension Core {
  /// Returns the token and connector of an exchange, by their newest details.
  func subject(of token: Item, _ details: TokenDetails, by connector: Item) throws -> ExchangeSubject {
    var subject = ExchangeSubject(
      token: details, connector: try ConnectorDetails(metadata: self.details(of: connector)), revision: token.revision)
    subject.ends = try token.expiry.flatMap { SealedText.expiry(in: try text(.expiry, $0, of: token)) }
    subject.broughtBack = token.broughtBack?.moment.time
    subject.rotates = token.life.hasRotated
    return subject
  }
}

extension Core {
  /// Opens a token's connector by the name in the token's details.
  func openConnector(named name: String, of token: Item, for action: Action) throws -> Opened {
    let connector: Opened
    do { connector = try open(.connector, name, for: action) } catch let error as VaultError {
      throw error.attempt == nil ? error : error.denying(action, token.id)
    }
    // Compares IDs, not names: it must be the connector for which the admin stored the token.
    guard connector.item.id == token.connector else {
      throw broken(token, "connector \"\(name)\" is not the one that it was stored for")
    }
    return connector
  }

  fileprivate func journalBefore(
    _ row: ExchangeRow, _ item: Item, _ rules: some ExchangeRules
  ) throws -> ExchangeJournal? {
    do { return try believedJournal(row, of: item) } catch {
      if rules.asksAgain { return nil }
      throw error
    }
  }
}
