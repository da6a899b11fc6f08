internal import CustodySystem
internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// Reads the log from its bytes, with every signature, node of the tree, checkpoint and note. Checkpoints and notes are
/// read side by side with the entries. It can also start at a position, and then reads what was added since the last
/// such pass.
struct LogPass {
  private let core: Core
  private let tally: Tally
  /// Cost of checking one signature, in rows.
  static let weight: UInt64 = 16
  /// The first position whose signature is checked.
  let begun: UInt64
  private var checkpoints: CheckpointPass
  private var notes: NotePass

  /// Reasons and destinations that any reader of their items should be able to open.
  private(set) var texts = NotedTexts()
  /// Positions of entries dated before the entry that precedes them.
  private(set) var backdated: [UInt64] = []

  /// - Parameters:
  ///   - begun: the first position to read.
  ///   - counts: number of rows in each table.
  init(_ core: Core, from begun: UInt64, _ counts: [String: UInt64], _ tally: Tally) throws {
    (self.core, self.begun, self.tally) = (core, begun, tally)
    checkpoints = CheckpointPass(core.store, from: begun)
    notes = NotePass(core)
    if begun == 0 { try readAll() } else { try readRest() }
    try checkpoints.checkDemanded()
    compare(counts)
    compareNotes(counts["note"] ?? 0)
    if try !checkpoints.isFinished(begun == 0 ? counts["checkpoint"] : nil) {
      core.note("there are checkpoints that end no transaction")
    }
    if begun > 0 { try readNotes() }
    try notes.finish()
    texts = notes.texts
    texts.sort()
  }

  private mutating func readAll() throws {
    var audit = LogAudit()
    do { try readAll(&audit) } catch {
      guard !audit.history.isDamaged else {
        throw VaultError(
          .diskFull,
          "cannot verify so long a log: what it says is more than memory should hold, and a file could not take it",
          hint: "make room in the folder where this machine keeps what it has seen, or name another with XDG_STATE_HOME"
        )
      }
      throw error
    }
  }

  private mutating func readAll(_ audit: inout LogAudit) throws {
    var nodes = NodePass(core.store)
    var made: [(place: MerkleTree.Place, hash: Digest)] = []
    var draft: FoldDrafting?
    try core.store.eachEntry { row in
      guard row.position == audit.history.size else {
        throw HistoryFault(position: audit.history.size, rule: .missing)
      }
      try acceptBefore(row.position, &audit)
      made.removeAll(keepingCapacity: true)
      let folded = try audit.fold(core.ledger.text(row)) { made.append(($0, $1)) }
      for node in made { try nodes.compare(node.place, node.hash, core) }
      // A transaction's first entry follows the checkpoint of the one before. A void entry begins no transaction.
      if let seen = folded.valid?.seen, seen.size == folded.position, folded.position > 0 {
        checkpoints.demand(folded.position)
      }
      try notes.compare(folded.position, folded.valid, tally)
      core.memory?.giveUpRows(of: &audit, to: &draft, under: core.ledger.keys)
      tally.add(Self.weight)
    }
    guard !audit.history.isDamaged else { throw FoldDamage() }
    guard audit.history.size == core.history.size else {
      throw HistoryFault(position: audit.history.size, rule: .truncated)
    }
    try acceptBefore(audit.history.size, &audit)
    checkpoints.demand(audit.history.size)
    try audit.finish()
    backdated = audit.backdated
    try nodes.finish(core)
  }

  /// Accepts the checkpoint after the entries read so far, if there is one, whether or not an entry demands it.
  private mutating func acceptBefore(_ size: UInt64, _ audit: inout LogAudit) throws {
    guard size > 0, let row = try checkpoints.next(size) else { return }
    try audit.accept(core.ledger.checkpoint(row), signedBy: row.signer, row.signature)
  }

  /// Checks the place in the tree of each entry since `begun`, and the checkpoints. The entries' rules and signatures
  /// were checked when the vault was unlocked.
  private mutating func readRest() throws {
    var audit = LogAudit(from: core.history)
    var author: Identifier?
    try core.store.eachEntry(from: begun) { row in
      let bytes = try core.ledger.proved(row)
      var ended: CheckpointRow?
      if let author {
        ended = try checkpoints.next(row.position)
        if let ended { try attest(ended, by: author, &audit) }
      }
      let signed = try core.history.signed(bytes)
      if core.history.voidEntry(at: row.position) == nil, let entry = try? Entry(parsing: bytes) {
        if entry.seen.size == row.position, row.position > begun {
          checkpoints.demand(row.position)
          // The kept fold has not compared this root.
          guard ended?.root == entry.seen.root else {
            throw HistoryFault(position: row.position, rule: .checkpointRoot)
          }
        }
      }
      author = signed
      tally.add(Self.weight)
    }
    if let author, let newest = try checkpoints.next(core.history.size) { try attest(newest, by: author, &audit) }
    // A log to which nothing was added has no new checkpoint.
    if author != nil { checkpoints.demand(core.history.size) }
    try audit.finish()
  }

  private func attest(_ row: CheckpointRow, by author: Identifier, _ audit: inout LogAudit) throws {
    guard row.signer == author else { throw HistoryFault(position: row.size, rule: .checkpointSigner) }
    try audit.attest(core.ledger.checkpoint(row), signedBy: author, row.signature)
  }

  /// Compares the notes with their entries, which are proved by the tree because an earlier pass verified them.
  private mutating func readNotes() throws {
    var (position, entry): (UInt64?, Entry?) = (nil, nil)
    while let next = try notes.position(), next < core.history.size {
      if position != next {
        entry = core.history.voidEntry(at: next) == nil ? try core.ledger.proved(next) : nil
        position = next
      }
      try notes.compare(next, entry, tally)
    }
  }

  /// Compares the number of rows, so that a row at a position that no query reads is found.
  private func compare(_ counts: [String: UInt64]) {
    let history = core.history
    let expected = [
      "log_entry": history.size,
      "log_node": 2 * history.size - UInt64(history.size.nonzeroBitCount),
    ]
    for (table, rows) in counts where expected[table].map({ $0 != rows }) ?? false {
      core.note("table \"\(table)\" has \(rows) rows, and the log makes \(expected[table] ?? 0)")
    }
  }

  /// Compares the number of notes. A missing note of a known entry is also found by comparing that entry, or by whoever
  /// opens it.
  private func compareNotes(_ rows: UInt64) {
    guard rows != core.history.notes else { return }
    core.note("table \"note\" has \(rows) rows, and the log makes \(core.history.notes)")
  }
}

/// The stored checkpoints, met in order as the log is read.
private struct CheckpointPass {
  private var rows: RowPages<CheckpointRow>
  /// Size of the newest checkpoint read.
  private var met: UInt64?
  private var missing: UInt64?
  private var count: UInt64 = 0
  private var endsNothing = false

  /// - Parameter begun: the pass reads only checkpoints of more entries than this; all if it is 0.
  init(_ store: Store, from begun: UInt64) { rows = store.checkpointPages(from: begun == 0 ? 0 : begun + 1) }

  /// Returns the checkpoint of exactly this size. Smaller ones that were passed over end no transaction.
  mutating func next(_ size: UInt64) throws -> CheckpointRow? {
    while let row = try rows.peek(), row.size <= size {
      _ = try rows.next()
      guard row.size == size else {
        endsNothing = true
        continue
      }
      met = size
      count += 1
      return row
    }
    return nil
  }

  /// Requires that a checkpoint of this size was read.
  mutating func demand(_ size: UInt64) { if met != size, missing == nil { missing = size } }

  func checkDemanded() throws {
    if let missing { throw HistoryFault(position: missing, rule: .checkpointRoot) }
  }

  /// Returns true if every checkpoint ended a transaction and none is left.
  /// - Parameter expected: number of rows in the table, if the whole log was read.
  mutating func isFinished(_ expected: UInt64?) throws -> Bool {
    try !endsNothing && rows.peek() == nil && expected.map { $0 == count } ?? true
  }
}

/// Compares each level of the stored tree with the nodes that the entries make. Differences are recorded as damage
/// only, because nodes can be made anew from the entries.
private struct NodePass {
  private let store: Store
  private var levels: [RowPages<NodeRow>] = []

  init(_ store: Store) { self.store = store }

  mutating func compare(_ place: MerkleTree.Place, _ hash: Digest, _ core: Core) throws {
    while levels.count <= place.level { levels.append(store.nodePages(level: levels.count)) }
    while let row = try levels[place.level].peek(), row.number < place.number {
      wrong(row, core)
      _ = try levels[place.level].next()
    }
    guard let row = try levels[place.level].peek(), row.number == place.number else {
      core.note("node \(place.number) of level \(place.level) of the log's tree is missing")
      return
    }
    if row.hash != hash { wrong(row, core) }
    _ = try levels[place.level].next()
  }

  mutating func finish(_ core: Core) throws {
    for level in levels.indices { while let row = try levels[level].next() { wrong(row, core) } }
  }

  private func wrong(_ row: NodeRow, _ core: Core) {
    core.note("node \(row.number) of level \(row.level) of the log's tree is not what its entries make")
  }
}

/// Compares the stored notes, in order, with the entries that name them.
private struct NotePass {
  private let core: Core
  private var rows: RowPages<NoteRow>
  private(set) var texts = NotedTexts()

  init(_ core: Core) { (self.core, rows) = (core, core.store.notePages()) }

  /// Position of the entry of the next note.
  mutating func position() throws -> UInt64? { try rows.peek()?.entry }

  /// Compares all notes up to a position, and records differences as damage.
  /// - Parameter entry: the entry at this position; nil if it is void.
  mutating func compare(_ position: UInt64, _ entry: Entry?, _ tally: Tally) throws {
    var found: Set<NoteRow.Kind> = []
    while let row = try rows.peek(), row.entry <= position {
      _ = try rows.next()
      tally.add()
      guard let entry, row.entry == position, names(entry, row) else {
        core.note("there is a note of log entry \(row.entry) that the log does not have", nil, row.item)
        continue
      }
      found.insert(row.kind)
      guard !isRight(row, by: entry) else {
        texts.add(row, of: entry)
        continue
      }
      core.note("its \(row.kind.words) in log entry \(position) is not what was logged", entry.action.kind, row.item)
    }
    guard let entry else { return }
    for kind in NoteRow.Kind.allCases where !found.contains(kind) && entry.raw(kind.details.sealed) != nil {
      core.note("its \(kind.words) in log entry \(position) is missing", entry.action.kind, entry.identifier(.item))
    }
  }

  private func names(_ entry: Entry, _ row: NoteRow) -> Bool {
    entry.identifier(.item) == row.item && entry.raw(row.kind.details.sealed) != nil
  }

  private func isRight(_ row: NoteRow, by entry: Entry) -> Bool {
    entry.number(.metadataGeneration) == row.generation
      && entry.digest(row.kind.details.sealed) == SHA256.hash(row.sealed)
  }

  /// Records notes beyond the last entry as damage.
  mutating func finish() throws {
    while let row = try rows.next() { core.note("there is a note that the log does not have", nil, row.item) }
  }
}
