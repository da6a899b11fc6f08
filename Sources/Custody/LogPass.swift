internal import CustodyCrypto
internal import CustodyLog
internal import CustodyMemory
internal import CustodyStore

/// The log from its bytes: every signature, all of its tree's nodes and its checkpoints with it; or, from some position
/// on, what was added since it was last read so.
struct LogPass {
  private let core: Core
  private let tally: Tally
  /// A signature takes as long as about so many rows.
  static let weight: UInt64 = 16
  /// The first position whose signature is checked.
  let begun: UInt64
  /// Of the item's metadata key when each note was written; only where all of the log was read.
  private(set) var noteGenerations: [NotePlace: UInt64] = [:]
  /// Sizes at which a checkpoint must stand, and at which one was found and holds.
  private var demanded: Set<UInt64> = []
  private var found: Set<UInt64> = []

  /// Positions of entries that are dated before those before them.
  private(set) var backdated: [UInt64] = []

  init(_ core: Core, from begun: UInt64, _ tally: Tally) throws {
    (self.core, self.begun, self.tally) = (core, begun, tally)
    if begun == 0 { try readAll() } else { try readRest() }
    if let size = demanded.subtracting(found).min() { throw HistoryFault(position: size, rule: .checkpointRoot) }
    try compareCounts()
  }

  private mutating func readAll() throws {
    var audit = LogAudit()
    var nodes: [[Digest]] = []
    try core.store.eachEntry { row in
      guard row.position == audit.history.size else { throw integrity("log entry \(audit.history.size) is missing") }
      try acceptBefore(row.position, &audit)
      let folded = try audit.fold(core.ledger.text(row)) { place, hash in
        if nodes.count <= place.level { nodes.append([]) }
        nodes[place.level].append(hash)
      }
      demand(folded)
      if let entry = folded.valid, let item = entry.identifier(.item).flatMap({ audit.history.items[$0] }) {
        for kind in NoteRow.Kind.allCases where entry.raw(kind.details.sealed) != nil {
          noteGenerations[NotePlace(entry: row.position, kind: kind)] = item.metadataKey.generation
        }
      }
      tally.add(Self.weight)
    }
    guard audit.history.size == core.history.size else {
      throw HistoryFault(position: audit.history.size, rule: .truncated)
    }
    try acceptBefore(audit.history.size, &audit)
    demanded.insert(audit.history.size)
    try audit.finish()
    backdated = audit.backdated
    try compare(nodes)
  }

  /// A checkpoint that stands behind the entries so far holds, whether an entry demands it or not.
  private mutating func acceptBefore(_ size: UInt64, _ audit: inout LogAudit) throws {
    guard size > 0, let row = try core.store.checkpoint(size: size) else { return }
    try audit.accept(core.ledger.checkpoint(row), signedBy: row.signer, row.signature)
    found.insert(size)
  }

  /// Where a transaction begins the one before it has ended, with a checkpoint. A void entry begins none.
  private mutating func demand(_ folded: FoldedEntry) {
    guard let seen = folded.valid?.seen, seen.size == folded.position, folded.position > 0 else { return }
    demanded.insert(folded.position)
  }

  /// Folded under every rule when the vault was unlocked, signatures among them; what is left is its place in the tree,
  /// and the checkpoints.
  private mutating func readRest() throws {
    var audit = LogAudit(from: core.history)
    var author: Identifier?
    try core.store.eachEntry(from: begun) { row in
      let bytes = try core.ledger.proved(row)
      if let author, let ended = try core.store.checkpoint(size: row.position) {
        try attest(ended, by: author, &audit)
        found.insert(row.position)
      }
      let signed = try core.history.signed(bytes)
      if core.history.voidEntry(at: row.position) == nil, let entry = try? Entry(parsing: bytes) {
        if entry.seen.size == row.position, row.position > begun {
          demanded.insert(row.position)
          // The kept fold has not read it.
          guard try core.store.checkpoint(size: row.position)?.root == entry.seen.root else {
            throw HistoryFault(position: row.position, rule: .checkpointRoot)
          }
        }
      }
      author = signed
      tally.add(Self.weight)
    }
    if let author, let newest = try core.store.checkpoint(size: core.history.size) {
      try attest(newest, by: author, &audit)
      found.insert(core.history.size)
    }
    demanded.insert(core.history.size)
    try audit.finish()
  }

  private func attest(_ row: CheckpointRow, by author: Identifier, _ audit: inout LogAudit) throws {
    guard row.signer == author else { throw HistoryFault(position: row.size, rule: .checkpointSigner) }
    try audit.attest(core.ledger.checkpoint(row), signedBy: author, row.signature)
  }

  private func compare(_ nodes: [[Digest]]) throws {
    var read = Array(repeating: 0, count: nodes.count)
    try core.store.eachNode { node in
      guard node.level < nodes.count, node.number == read[node.level], read[node.level] < nodes[node.level].count,
        nodes[node.level][read[node.level]] == node.hash
      else {
        throw integrity("node \(node.number) of level \(node.level) of the log's tree is not what its entries make")
      }
      read[node.level] += 1
    }
    for (level, number) in read.enumerated() where number < nodes[level].count {
      throw integrity("node \(number) of level \(level) of the log's tree is missing")
    }
  }

  /// A row at a place that nobody asks for would not have been read above.
  private func compareCounts() throws {
    let history = core.history
    let expected = [
      "log_entry": history.size, "note": history.notes,
      "cosignature": history.cosignatures,
      "log_node": 2 * history.size - UInt64(history.size.nonzeroBitCount),
    ]
    for (table, rows) in try core.store.counts() where expected[table].map({ $0 != rows }) ?? false {
      throw integrity("table \"\(table)\" has \(rows) rows, and the log makes \(expected[table] ?? 0)")
    }
    // Of a part that was read, as many as were found there.
    var checkpoints = 0
    try core.store.eachCheckpoint(from: begun + 1) { _ in checkpoints += 1 }
    guard checkpoints == found.filter({ $0 > begun }).count else {
      throw integrity("there are checkpoints that end no transaction")
    }
  }

  private func integrity(_ reason: String) -> VaultError { VaultError(.integrity, reason) }
}

struct NotePlace: Hashable {
  let entry: UInt64
  let kind: NoteRow.Kind
}
