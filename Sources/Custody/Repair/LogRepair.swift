internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// Repairs the rows of the log itself, and the few that follow from it alone.
struct LogRepair {
  private let sources: RepairSources
  private let keys: RepairKeys
  private let vault: Identifier
  private let log: AssembledLog

  init(_ sources: RepairSources, _ keys: RepairKeys, _ vault: Identifier, _ log: AssembledLog) {
    (self.sources, self.keys, self.vault, self.log) = (sources, keys, vault, log)
  }

  func run(_ changes: inout RowChanges) throws {
    let steps = Store.newestMigrations.map { StoredRow(.migration, [.text($0)]) }
    try TableRule(.migration, steps).settle(sources, &changes)
    if let key = log.history.auditKey {
      try TableRule(.vault, [StoredRow(VaultRow(id: vault, auditKey: key))]).settle(sources, &changes)
    }
    try entries.settle(sources, &changes)
    try TableRule(.logNode, nodes).settle(sources, &changes)
    let checkpoints = log.facts.checkpoints.values.sorted { $0.size < $1.size }
    try TableRule(.checkpoint, checkpoints.map { StoredRow($0) }).settle(sources, &changes)
  }

  /// Rule for entries: the row opens under its epoch's vault key, and its hash is the leaf at its position.
  private var entries: TableRule {
    let (keys, log) = (keys, log)
    return TableRule(.logEntry, (0..<log.history.size).map { [.count($0)] }) { key in
      guard case .integer(let position) = key[0] else { return "a log entry" }
      return "log entry \(position)"
    } right: { stored in
      guard let row = stored.asEntry else { return nil }
      let epoch = log.history.epoch(at: row.position)
      guard let text = try keys.open(row, epoch: epoch), MerkleTree.leafHash(text) == log.facts.leaf(row.position)
      else { return nil }
      return StoredRow(EntryRow(position: row.position, epoch: epoch, sealed: row.sealed))
    }
  }

  private var nodes: [StoredRow] {
    log.facts.nodes.enumerated().flatMap { level, hashes in
      hashes.enumerated().compactMap { number, hash in
        StoredRow(NodeRow(level: level, number: UInt64(number), hash: hash))
      }
    }
  }
}
