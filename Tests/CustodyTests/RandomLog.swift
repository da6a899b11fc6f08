import CustodyCrypto
import CustodyLog
import CustodyTesting
import CustodyValues

/// A log of entries that members sign as it happens to come: most are nearly right, about half are void.
struct RandomLog {
  let log: CaseLog
  private var numbers: Chance
  private var items: [Identifier]

  init(seed: UInt64, count: Int) throws {
    log = try CaseLog()
    numbers = Chance(seed: seed)
    items = [log.connector, log.own, log.token]
    for _ in 0..<count { try step() }
  }

  private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &numbers) < percent }

  private mutating func one<T>(_ choices: [T]) -> T {
    choices[Int.random(in: choices.indices, using: &numbers)]
  }

  private static let acts: [Action] = [
    .connectorChange, .connectorRotate, .connectorRekey, .connectorRekey, .connectorRenew, .connectorRenew,
    .connectorShare, .connectorShare, .connectorShare, .connectorUnshare, .connectorUnshare, .connectorReveal,
    .tokenChange, .tokenConfirm, .tokenRotate, .tokenRotate, .tokenRekey, .tokenRekey, .tokenRenew, .tokenRenew,
    .tokenShare, .tokenShare, .tokenShare, .tokenUnshare, .tokenUnshare, .tokenReveal, .tokenCheck, .tokenExchange,
    .connectorRevert, .connectorRevert, .tokenRevert, .tokenRevert, .tokenExchange, .tokenSettle, .tokenSettle,
    .connectorSettle,
  ]
  private static let rare: [Action] = [
    .connectorRetire, .tokenRetire, .memberRemove, .memberRole, .memberRole, .memberRole, .tokenStore,
    .connectorRegister, .logVerify,
  ]

  private mutating func step() throws {
    let hours = chance(10) ? -30 : Int64.random(in: 0...20, using: &numbers)
    log.time = log.time.adding(milliseconds: hours * 3_600_000)
    let action = one(chance(25) ? Self.rare : Self.acts)
    let active = log.people.filter { log.history.members[$0.id]?.isActive == true }
    let able = active.filter { person in
      log.history.members[person.id].map { action.rule.signers.contains($0.role) } ?? false
    }
    let item = item(of: action)
    let holders = able.filter { isHolder($0, item) }
    let author = one(chance(75) && !holders.isEmpty ? holders : chance(92) && !able.isEmpty ? able : active)
    var draft = try log.draft(action, author)
    if chance(3) { draft.header.outcome = .denied }
    try fill(&draft, action, author, on: item)
    if chance(2) { draft.header.seq += 1 }
    let bytes = try log.signed(draft.text, by: author)
    if try log.put(bytes).void == nil, action == .tokenStore || action == .connectorRegister,
      let item = try Entry(parsing: bytes).identifier(.item)
    {
      items.append(item)
    }
  }

  private func isHolder(_ author: CaseLog.Author, _ item: Identifier) -> Bool {
    log.history.items[item].flatMap { log.history.grant(of: author.id, in: $0) } != nil
  }

  private mutating func fill(
    _ draft: inout EntryDraft, _ action: Action, _ author: CaseLog.Author, on item: Identifier
  ) throws {
    guard draft.header.outcome == .ok else { return }
    switch action {
    case .logVerify: draft.set(.size, 1)
    case .memberRemove, .memberRole:
      try log.epoch(&draft, one(chance(action == .memberRole ? 40 : 10) ? log.people : [log.eve, log.dan, log.audrey]))
      if action == .memberRole { draft.set(.role, one(Role.allCases).rawValue) }
    case .connectorRegister, .tokenStore:
      log.newItem(&draft, Identifier.random())
      guard action == .tokenStore else { return }
      log.destination(&draft)
      draft.set(.connector, one(items))
    default: act(&draft, action, author, on: item)
    }
  }

  private mutating func item(of action: Action) -> Identifier {
    let fitting = items.filter { log.history.items[$0]?.kind == action.kind }
    let used = fitting.filter { log.history.items[$0]?.isRetired == false }
    return one(chance(90) && !used.isEmpty ? used : chance(97) && !fitting.isEmpty ? fitting : items)
  }

  private mutating func act(
    _ draft: inout EntryDraft, _ action: Action, _ author: CaseLog.Author, on item: Identifier
  ) {
    draft.set(.item, item)
    let known = log.history.items[item]
    switch action {
    case .connectorChange, .tokenChange: log.change(&draft, item)
    case .tokenConfirm:
      log.destination(&draft)
      draft.set(.metadataGeneration, known?.metadataKey.generation ?? 1)
    case .connectorRotate, .tokenRotate, .connectorRekey, .tokenRekey, .connectorRevert, .tokenRevert:
      log.value(&draft, item, isNew: action != .connectorRekey && action != .tokenRekey)
      leaveOut(&draft, item)
    case .connectorRenew, .tokenRenew: log.renewal(&draft, item)
    case .connectorShare, .tokenShare: share(&draft, item)
    case .connectorUnshare, .tokenUnshare:
      let holders = log.people.filter { isHolder($0, item) }
      draft.set(.to, chance(15) ? author.id : one(chance(80) && !holders.isEmpty ? holders : log.people).id)
      if chance(30) { log.renewal(&draft, item) } else if chance(30) { log.reason(&draft, item) }
    case .connectorSettle, .tokenSettle:
      draft.set(.revision, known?.unseen.first?.revision ?? 1)
    case .connectorRetire, .tokenRetire: if chance(30) { log.reason(&draft, item) }
    default: use(&draft, action, item)
    }
  }

  private mutating func leaveOut(_ draft: inout EntryDraft, _ item: Identifier) {
    let holders = log.history.items[item].map { log.history.grants(of: $0).keys.sorted() } ?? []
    guard chance(35), !holders.isEmpty else { return }
    draft.set(.without, Set([one(holders), one(holders)]))
  }

  private mutating func share(_ draft: inout EntryDraft, _ item: Identifier) {
    log.share(&draft, item, one(chance(90) ? [log.ada, log.bea, log.dev, log.dan, log.rob] : log.people))
    if chance(50) {
      draft.set(.until, log.time.adding(milliseconds: Int64.random(in: 0...9, using: &numbers) * CaseLog.day))
    }
    if chance(20) { log.reason(&draft, item) }
  }

  private mutating func use(_ draft: inout EntryDraft, _ action: Action, _ item: Identifier) {
    log.use(&draft, item)
    if action != .tokenCheck { draft.set(.how, one(Leaving.allCases).rawValue) }
    guard action == .tokenExchange else { return }
    if chance(40) {
      draft.set(.revision, (log.history.items[item]?.revision ?? 0) + 1)
      draft.set(.valueSHA256, log.digest())
    } else if chance(30) {
      draft.set(.source, "cache")
    }
  }
}
