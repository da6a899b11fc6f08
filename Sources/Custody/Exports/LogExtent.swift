internal import CustodySystem
internal import CustodyEvidence
internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// The extent of an export: the log below a size, as it was then, and the entries that a filter admits, with the
/// entries that prove them.
struct LogExtent {
  let size: UInt64
  let history: History
  let names: OpenedNames
  let filter: ResolvedFilter
  let checkpoint: SignedHead?
  /// Number of entries that the filter admits. Without a filter, void entries count too.
  private(set) var count: UInt64 = 0
  private var indexes = ScopeIndexes()
  /// Positions of entries whose times contradict the order of the log, if the filter asks for a period.
  private var misdated: [UInt64] = []
  var doubts: LogDoubts { LogDoubts(misdated: misdated, unread: filter.unread) }
  /// The scope that the exporter signs for a part that is evidence.
  private(set) var scope: ExportScope?
  /// IDs of the items that a part's entries are about.
  private var items: Set<Identifier> = []
  /// Progress of both passes, the survey and the writing. Each reads every entry.
  let tally: Tally
  private var enrolments: Set<UInt64> = []
  private var namingEntries: Set<UInt64> = []

  var isWhole: Bool { filter.text == nil }

  /// Surveys the log up to now, or, for a bundle, up to an earlier checkpoint.
  init(_ core: Core, _ filter: LogFilter, below size: UInt64? = nil, _ progress: @escaping ProgressReport) throws {
    self.size = size ?? core.history.size
    tally = Tally(of: 2 * self.size, progress)
    history = try core.history(at: self.size)
    names = OpenedNames(core, asOf: history)
    self.filter = try ResolvedFilter(filter, core, asOf: history)
    checkpoint = try core.signedHead(self.size)
    try survey(core)
  }

  private mutating func survey(_ core: Core) throws {
    if isWhole { count += UInt64(history.voidCount) }
    var people = People()
    if let checkpoint {
      people.need(checkpoint.signer.id)
      let cosigners = checkpoint.note.cosigners(among: history.members, origin: history.origin) ?? []
      for cosigner in cosigners { people.need(cosigner.member.id) }
    }
    var order = TimeOrder(since: filter.plain.since, until: filter.plain.until, now: core.now())
    try core.eachEntry(below: size) { position, entry in
      tally.add()
      order.note(entry.time, at: position)
      if !isWhole { people.note(entry, at: position) }
      guard filter.admits(entry) else { return }
      count += 1
      guard !isWhole else { return }
      indexes.add(position)
      if let item = entry.identifier(.item) { items.insert(item) }
      for id in [entry.actor, entry.identifier(.to), entry.identifier(.member)] { if let id { people.need(id) } }
    }
    guard !isWhole else { return }
    misdated = order.misdated
    people.need(core.me)
    if let actor = filter.plain.actor { people.need(actor.id) }
    try addNaming(&people)
    enrolments = people.entries()
  }

  /// Adds the entries that name the metadata of the disclosed items. An item that does not open is not disclosed.
  private mutating func addNaming(_ people: inout People) throws {
    var rest = items.sorted()[...]
    while !rest.isEmpty {
      let some = rest.prefix(4 * Parallel.batch)
      rest = rest.dropFirst(some.count)
      try names.prepare(Set(some))
      for id in some {
        guard let item = names.item(id), try names.name(of: id) != nil else { continue }
        namingEntries.insert(item.details.entry)
        // The author of an item's name must be proved too.
        people.need(item.details.author)
      }
    }
  }

  /// Sets the scope of a part. A whole log needs none.
  mutating func setScope(_ core: Core, at time: Timestamp) throws {
    guard !isWhole else { return }
    guard let exporter = history.members[core.me] else {
      throw VaultError(
        .notFound, "at \(size) entries you were not a member, so that nothing there proves who signs this part",
        subject: "\(size)", hint: "export the whole log up to there, or a part up to a newer checkpoint")
    }
    if let actor = filter.plain.actor, history.members[actor.id] == nil {
      throw VaultError(
        .notFound, "at \(size) entries \(actor.name) was not a member, and had done nothing", subject: actor.name,
        hint: "export a part up to a newer checkpoint")
    }
    scope = ExportScope(
      exporter: exporter.id, time: time, head: Checkpoint(origin: history.origin, size: size, root: history.tree.root),
      salt: Sodium.randomBytes(ExportScope.saltCount), filter: filter.plain, unread: filter.unread, entries: count,
      indexes: indexes.sha256)
  }

  /// Returns true if an item's metadata is disclosed.
  func discloses(_ item: Identifier) -> Bool { isWhole || items.contains(item) }

  func part(_ position: UInt64, _ entry: Entry) -> LogPart? {
    if filter.admits(entry) { return .entry }
    if enrolments.contains(position) { return .enrolment }
    return namingEntries.contains(position) ? .naming : nil
  }
}

/// The members whose keys an export needs, and the entries that prove these keys: those that made and changed each
/// member, and recursively those of their signers.
private struct People {
  private var events: [Identifier: [(position: UInt64, author: Identifier)]] = [:]
  private var needed: Set<Identifier> = []

  mutating func need(_ member: Identifier) { needed.insert(member) }

  mutating func note(_ entry: Entry, at position: UInt64) {
    guard entry.outcome == .ok, entry.action.isAboutMembers else { return }
    let member = entry.identifier(.member) ?? entry.actor
    events[member, default: []].append((position, entry.actor))
  }

  func entries() -> Set<UInt64> {
    var (found, waiting, known): (Set<UInt64>, [Identifier], Set<Identifier>) = ([], Array(needed), needed)
    while let member = waiting.popLast() {
      for event in events[member] ?? [] {
        found.insert(event.position)
        if known.insert(event.author).inserted { waiting.append(event.author) }
      }
    }
    return found
  }
}

extension Core {
  /// Returns the fold of the first `size` entries.
  func history(at size: UInt64) throws -> History {
    guard size < history.size else { return history }
    var folded = History()
    // The signatures were checked when the entries were first folded.
    try eachBytes(below: size) { position, bytes in
      try folded.fold(bytes, leaf: ledger.leaf(position), attest: { _ throws(HistoryFault) in })
    }
    return folded
  }

  /// Passes each valid entry to `body`, after checking that it is in the tree and none is missing, even those that the
  /// kept fold has spared reading. Otherwise a forged row could hide an entry from a filter.
  func eachEntry(
    below size: UInt64, void: (VoidLine) throws -> Void = { _ in }, _ body: (UInt64, Entry) throws -> Void
  ) throws {
    try eachBytes(below: size) { position, bytes in
      if let found = history.voidEntry(at: position) {
        let line = VoidLine(found, bytes, leaf: try ledger.leaf(position), history.members, origin: history.origin)
        if let line { try void(line) }
        return
      }
      do { try body(position, Entry(parsing: bytes)) } catch let error as EntryError {
        throw HistoryFault(position: position, rule: .grammar(error))
      }
    }
  }

  private func eachBytes(below size: UInt64, _ body: (UInt64, [UInt8]) throws -> Void) throws {
    struct Done: Error {}
    var next: UInt64 = 0
    do {
      try store.eachEntry(from: 0) { row in
        guard row.position < size else { throw Done() }
        guard row.position == next else { throw HistoryFault(position: next, rule: .missing) }
        try body(row.position, ledger.proved(row))
        next += 1
      }
    } catch is Done {}
    guard next == size else { throw HistoryFault(position: next, rule: .missing) }
  }

  /// Returns the checkpoint of this size as its signer made it, with its cosignatures. Nil if there is none.
  func signedHead(_ size: UInt64) throws -> SignedHead? {
    guard let head = try store.checkpoint(size: size).flatMap(ledger.signed) else { return nil }
    return head.adding(cosignatureLines(of: head.checkpoint))
  }
}
