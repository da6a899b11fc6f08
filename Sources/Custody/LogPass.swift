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
  /// Of the item's data key when each entry with a note was written; only where all of the log was read.
  private(set) var noteGenerations: [UInt64: UInt64] = [:]

  /// Positions of entries that are dated before those before them.
  private(set) var backdated: [UInt64] = []

  init(_ core: Core, from begun: UInt64, _ tally: Tally) throws {
    (self.core, self.begun, self.tally) = (core, begun, tally)
    if begun == 0 { try readAll() } else { try readRest() }
    try compareCounts()
  }

  private mutating func readAll() throws {
    var audit = LogAudit()
    var nodes: [[Digest]] = []
    try core.store.eachEntry { row in
      guard row.position == audit.history.size else { throw integrity("log entry \(audit.history.size) is missing") }
      let entry = try audit.parse(core.ledger.text(row))
      if row.position > 0, entry.seen.size == row.position { try accept(try checkpoint(row.position), &audit) }
      try audit.append(entry) { place, hash in
        if nodes.count <= place.level { nodes.append([]) }
        nodes[place.level].append(hash)
      }
      if entry.raw(.noteSHA256) != nil, let item = entry.identifier(.item).flatMap({ audit.history.items[$0] }) {
        noteGenerations[row.position] = item.generation
      }
      tally.add(Self.weight)
    }
    guard audit.history.size == core.history.size else {
      throw HistoryFault(position: audit.history.size, rule: .truncated)
    }
    try accept(try checkpoint(audit.history.size), &audit)
    try audit.finish()
    backdated = audit.backdated
    try compare(nodes)
  }

  private func accept(_ row: CheckpointRow, _ audit: inout LogAudit) throws {
    try audit.accept(core.ledger.checkpoint(row), signedBy: row.signer, row.signature)
  }

  private func checkpoint(_ size: UInt64) throws -> CheckpointRow {
    guard let row = try core.store.checkpoint(size: size) else {
      throw HistoryFault(position: size, rule: .checkpointRoot)
    }
    return row
  }

  /// Folded under every rule when the vault was unlocked; what is left are its signatures, and its place in the tree.
  private mutating func readRest() throws {
    var audit = LogAudit(of: core.history)
    var author: Identifier?
    try core.store.eachEntry(from: begun) { row in
      let entry = try core.ledger.proved(row)
      if let author, entry.seen.size == row.position {
        let ended = try checkpoint(row.position)
        // The kept fold has not read it.
        guard ended.root == entry.seen.root else { throw HistoryFault(position: row.position, rule: .checkpointRoot) }
        try attest(ended, by: author, &audit)
      }
      author = entry.actor
      try audit.attest(entry, at: row.position)
      tally.add(Self.weight)
    }
    if let author { try attest(try checkpoint(core.history.size), by: author, &audit) }
    try audit.finish()
    backdated = audit.backdated
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
      "log_entry": history.size, "checkpoint": history.transactions, "note": history.notes,
      "cosignature": history.cosignatures,
      "log_node": 2 * history.size - UInt64(history.size.nonzeroBitCount),
    ]
    for (table, rows) in try core.store.counts() where expected[table].map({ $0 != rows }) ?? false {
      throw integrity("table \"\(table)\" has \(rows) rows, and the log makes \(expected[table] ?? 0)")
    }
  }

  private func integrity(_ reason: String) -> VaultError { VaultError(.integrity, reason) }
}
