internal import CustodyCrypto
internal import CustodyLog
internal import CustodyMemory
internal import CustodyStore

/// The log of one vault under its vault key: folds it, reads single entries with every check, appends to it.
final class Ledger {
  let store: Store
  let vault: Identifier
  let vaultKey: VaultKey
  private(set) var history = History()
  /// Hashes of the leaves that this process folded into a root it verified: inclusion of one is a comparison.
  private var leaves: [Digest] = []
  private var isStale = false

  init(store: Store, vault: Identifier, vaultKey: consuming VaultKey) {
    (self.store, self.vault) = (store, vault)
    self.vaultKey = vaultKey
  }

  /// Folds what was added since, and checks that the newest checkpoint covers all of it. In a transaction.
  func refresh() throws {
    if isStale {
      (history, leaves, isStale) = (History(), [], false)
    }
    guard let newest = try store.newestCheckpoint() else { throw integrity("the log has no checkpoint") }
    guard newest.size != history.size else {
      guard history.root() == newest.root else { throw integrity("the log's newest checkpoint has changed") }
      return
    }
    isStale = true
    try fold(to: newest)
    isStale = false
  }

  private func fold(to newest: CheckpointRow) throws {
    var checkpoints: [CheckpointRow] = []
    try store.eachCheckpoint(from: history.size + 1) { checkpoints.append($0) }
    var rest = checkpoints[...]
    var transactionBegan = history.size
    try store.eachEntry(from: history.size) { row in
      guard row.position == history.size else { throw integrity("log entry \(history.size) is missing") }
      let entry = try open(row)
      // Every transaction ends with a checkpoint, and the next one's entries have seen it.
      guard entry.seen.size != row.position || row.position == transactionBegan else {
        throw HistoryFault(position: row.position, rule: .seenUnknown)
      }
      try history.append(entry, attestation: .atOnce) { place, hash in
        if place.level == 0 { leaves.append(hash) }
      }
      if let next = rest.first, next.size == history.size {
        try history.check(checkpoint(next))
        rest.removeFirst()
        transactionBegan = history.size
      }
    }
    guard rest.isEmpty, newest.size == history.size else {
      throw integrity("the log has \(history.size) entries, its newest checkpoint says \(newest.size)")
    }
    try history.accept(checkpoint(newest), signedBy: newest.signer, newest.signature)
  }

  func leaf(_ position: UInt64) -> Digest? {
    position < UInt64(leaves.count) ? leaves[Int(position)] : nil
  }

  func root() -> Digest { history.root() }

  func checkpoint(_ row: CheckpointRow) -> Checkpoint {
    Checkpoint(origin: history.origin, size: row.size, root: row.root)
  }

  func open(_ row: EntryRow) throws -> Entry {
    guard row.epoch == 1 else { throw integrity("log entry \(row.position) names a key epoch that there is not") }
    let text: [UInt8]
    do { text = try vaultKey.open(row.sealed, context(row.position)) } catch {
      throw integrity("log entry \(row.position) does not open")
    }
    do { return try Entry(parsing: text) } catch { throw HistoryFault(position: row.position, rule: .grammar(error)) }
  }

  private func context(_ position: UInt64) -> SealContext {
    var row: [UInt8] = []
    for shift in 0..<8 { row.append(UInt8(truncatingIfNeeded: position >> UInt64(8 * shift))) }
    return SealContext(.entry, vault: vault, row: row, version: history.epoch)
  }

  /// One entry that is about to be relied upon: its leaf is in the verified tree, its author's signature holds.
  func attested(_ position: UInt64) throws -> Entry {
    guard let row = try store.entry(position) else { throw integrity("log entry \(position) is missing") }
    let entry = try open(row)
    try attest(entry, at: position)
    return entry
  }

  func attest(_ entry: Entry, at position: UInt64) throws {
    guard leaf(position) == MerkleTree.leafHash(entry.bytes) else {
      throw integrity("log entry \(position) is not the one in the tree")
    }
    guard let author = history.members[entry.actor], entry.isSigned(by: author.keys.entries) else {
      throw HistoryFault(position: position, rule: .badSignature)
    }
  }

  /// After a transaction that did not commit, what was folded of it must go.
  func discardUncommitted() { isStale = true }

  /// Writes one entry by this author into the open transaction.
  func append(_ draft: EntryDraft, by holder: any KeyHolder) throws -> UInt64 {
    let position = history.size
    let entry = try draft.signed(publicKey: holder.keys.entries, by: holder.signEntry)
    isStale = true
    var nodes: [(place: MerkleTree.Place, hash: Digest)] = []
    try history.append(entry, attestation: .atOnce) { nodes.append(($0, $1)) }
    for node in nodes {
      if node.place.level == 0 { leaves.append(node.hash) }
      try store.insert(NodeRow(level: node.place.level, number: node.place.number, hash: node.hash))
    }
    try store.insert(
      EntryRow(position: position, epoch: history.epoch, sealed: vaultKey.seal(entry.bytes, context(position))))
    isStale = false
    return position
  }

  /// One checkpoint for all that the transaction appended, signed by who commits it.
  func sign(by holder: any KeyHolder, member: Identifier) throws {
    let checkpoint = Checkpoint(origin: history.origin, size: history.size, root: history.root())
    try store.insert(
      CheckpointRow(
        size: checkpoint.size, signer: member, root: checkpoint.root,
        signature: holder.signCheckpoint(checkpoint.text)))
  }

  func integrity(_ reason: String) -> VaultError { VaultError(.integrity, reason) }
}
