internal import CustodyCrypto
internal import CustodyLog
internal import CustodyMemory
internal import CustodyStore

/// The log folded anew, from its bytes and with every signature, its tree's nodes and its checkpoints with it; and what
/// the rows of items are then held against.
struct LogPass {
  private let core: Core
  private var fold = History()
  private var nodes: [MerkleTree.Place: Digest] = [:]
  /// Where transactions ended: the next one's entries name each of these sizes, and there is a checkpoint of each.
  private var sizes: Set<UInt64> = []
  private(set) var checkpoints: UInt64 = 0
  /// Of the item's data key when each entry with a note was written.
  private(set) var noteGenerations: [UInt64: UInt64] = [:]
  /// Entries that grant one envelope, with the item and the generation of its data key.
  private(set) var shares: [UInt64: (item: Identifier, generation: UInt64)] = [:]

  init(_ core: Core) throws {
    self.core = core
    try readEntries()
    try compareNodes()
    try compareCounts()
  }

  private mutating func readEntries() throws {
    var rows: [CheckpointRow] = []
    try core.store.eachCheckpoint { rows.append($0) }
    checkpoints = UInt64(rows.count)
    var rest = rows[...]
    try core.store.eachEntry { row in
      guard row.position == fold.size else { throw integrity("log entry \(fold.size) is missing") }
      let entry = try core.ledger.open(row)
      try fold.append(entry, leaf: MerkleTree.leafHash(entry.bytes), .everything) { nodes[$0] = $1 }
      note(entry, at: row.position)
      guard let next = rest.first, next.size == fold.size else { return }
      try fold.accept(core.ledger.checkpoint(next), signedBy: next.signer, next.signature)
      rest.removeFirst()
    }
    guard fold.size == core.history.size, rest.isEmpty, rows.last?.size == fold.size else {
      throw HistoryFault(position: fold.size, rule: .truncated)
    }
    sizes.insert(fold.size)
    guard sizes == Set(rows.map(\.size)) else {
      throw integrity("the checkpoints are not those of the log's transactions")
    }
  }

  private mutating func note(_ entry: Entry, at position: UInt64) {
    if entry.seen.size > 0 { sizes.insert(entry.seen.size) }
    guard let item = entry.identifier(.item).flatMap({ fold.items[$0] }) else { return }
    if entry.digest(.noteSHA256) != nil { noteGenerations[position] = item.generation }
    if entry.digest(.envelopeSHA256) != nil { shares[position] = (item.id, item.generation) }
  }

  private mutating func compareNodes() throws {
    try core.store.eachNode { node in
      guard nodes.removeValue(forKey: MerkleTree.Place(level: node.level, number: node.number)) == node.hash else {
        throw integrity("node \(node.number) of level \(node.level) of the log's tree is not what its entries make")
      }
    }
    if let missing = nodes.keys.first {
      throw integrity("node \(missing.number) of level \(missing.level) of the log's tree is missing")
    }
  }

  /// A row at a place below the first would not have been read above.
  private func compareCounts() throws {
    let read = ["log_entry": fold.size, "checkpoint": checkpoints]
    for (table, rows) in try core.store.counts() where read[table].map({ $0 != rows }) ?? false {
      throw integrity("there are rows of table \"\(table)\" that the log does not have")
    }
  }

  private func integrity(_ reason: String) -> VaultError { VaultError(.integrity, reason) }
}
