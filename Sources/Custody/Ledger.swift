internal import CustodyCrypto
internal import CustodyLog
internal import CustodyMemory
internal import CustodyStore

/// The log of one vault under its vault keys: folds it, reads single entries with every check, appends to it.
final class Ledger {
  let store: Store
  let vault: Identifier
  let keys: EpochKeys
  /// Where the fold begins, and begins anew after a transaction that did not commit.
  private let base: History
  var begun: UInt64 { base.size }
  private(set) var history: History
  /// Nodes of the tree under a root that was verified.
  private var nodes = VerifiedNodes()
  private(set) var newest: CheckpointRow?
  /// A size at which the root is wanted once the fold has come by: the pin's.
  private let watch: UInt64?
  private(set) var watched: Digest?
  /// Of what was folded in this session.
  private(set) var trail = LogTrail()
  private var isStale = true
  /// What this session knows to be the log's beginning, also where it folds anew.
  private var known: Seen?

  init(
    store: Store, vault: Identifier, keys: EpochKeys, from base: History = History(), watch: UInt64? = nil
  ) {
    (self.store, self.vault, self.keys, self.base, self.watch) = (store, vault, keys, base, watch)
    history = base
  }

  /// Folds what was added since, and checks that the newest checkpoint covers all of it. In a transaction.
  func refresh(_ progress: @escaping ProgressReport = { _, _ in }) throws {
    if !isStale { known = history.head() }
    if isStale {
      (history, nodes, trail) = (base, VerifiedNodes(), LogTrail())
      nodes.add(base.tree)
    }
    guard let newest = try store.newestCheckpoint() else { throw integrity("the log has no checkpoint") }
    guard isStale || newest.size != history.size else {
      guard history.root() == newest.root else { throw integrity("the log's newest checkpoint has changed") }
      return
    }
    isStale = true
    try fold(to: newest, Tally(of: newest.size - min(history.size, newest.size), progress))
    self.newest = newest
    isStale = false
  }

  private func fold(to newest: CheckpointRow, _ tally: Tally) throws {
    let begun = history.size
    var root: Digest?
    func pass() {
      if watch == history.size { watched = history.root() }
      if known?.size == history.size { root = history.root() }
    }
    pass()
    try store.eachEntry(from: begun) { row in
      guard row.position == history.size else { throw integrity("log entry \(history.size) is missing") }
      let entry = try open(row)
      try history.append(entry, leaf: MerkleTree.leafHash(entry.bytes), .atOnce) { nodes.add($0, $1) }
      trail.note(entry, at: row.position, in: history)
      pass()
      tally.add()
      guard entry.seen.size == row.position, row.position > 0 else { return }
      // Every transaction ends with a checkpoint.
      guard let ended = try store.checkpoint(size: row.position), ended.root == entry.seen.root else {
        throw HistoryFault(position: row.position, rule: .checkpointRoot)
      }
    }
    guard newest.size == history.size else {
      throw integrity("the log has \(history.size) entries, its newest checkpoint says \(newest.size)")
    }
    try history.accept(checkpoint(newest), signedBy: newest.signer, newest.signature)
    guard root == known?.root else {
      throw integrity("the vault was put back, or its history rewritten, since it was unlocked")
    }
  }

  /// The hash of a leaf that is in the verified tree.
  func leaf(_ position: UInt64) throws -> Digest {
    func find() throws -> Digest? {
      try nodes.leaf(position) { try store.node(level: $0.level, number: $0.number) }
    }
    guard position < history.size else { throw integrity("log entry \(position) is missing") }
    if let found = try find() { return found }
    // Of many nodes the lowest are forgotten, peaks among them.
    nodes.add(history.tree)
    guard let found = try find() else { throw integrity("log entry \(position) is not in the log's tree") }
    return found
  }

  func head() -> Seen { history.head() }

  func root() -> Digest { history.root() }

  func checkpoint(_ row: CheckpointRow) -> Checkpoint {
    Checkpoint(origin: history.origin, size: row.size, root: row.root)
  }

  func open(_ row: EntryRow) throws -> Entry {
    do { return try Entry(parsing: text(row)) } catch let error as EntryError {
      throw HistoryFault(position: row.position, rule: .grammar(error))
    }
  }

  /// What its author signed, with the signature.
  func text(_ row: EntryRow) throws -> [UInt8] {
    let epoch = history.epoch(at: row.position)
    guard row.epoch == epoch else { throw integrity("log entry \(row.position) names an epoch that is not its own") }
    do { return try keys.open(row.sealed, context(row.position, epoch), epoch: epoch) } catch is CryptoError {
      throw integrity("log entry \(row.position) does not open")
    }
  }

  func sealed(_ text: [UInt8], at position: UInt64) throws -> [UInt8] {
    let epoch = history.epoch(at: position)
    return try keys.seal(text, context(position, epoch), epoch: epoch)
  }

  private func context(_ position: UInt64, _ epoch: UInt64) -> SealContext {
    var row: [UInt8] = []
    for shift in 0..<8 { row.append(UInt8(truncatingIfNeeded: position >> UInt64(8 * shift))) }
    return SealContext(.entry, vault: vault, row: row, version: epoch)
  }

  /// One entry that is about to be relied upon: its leaf is in the verified tree, its author's signature holds.
  func attested(_ position: UInt64) throws -> Entry {
    guard let row = try store.entry(position) else { throw integrity("log entry \(position) is missing") }
    let entry = try open(row)
    try attest(entry, at: position)
    return entry
  }

  /// An entry that is in the verified tree; its signature was checked before, or will be.
  func proved(_ row: EntryRow) throws -> Entry {
    let entry = try open(row)
    guard try leaf(row.position) == MerkleTree.leafHash(entry.bytes) else {
      throw integrity("log entry \(row.position) is not the one in the tree")
    }
    return entry
  }

  func proved(_ position: UInt64) throws -> Entry {
    guard let row = try store.entry(position) else { throw integrity("log entry \(position) is missing") }
    return try proved(row)
  }

  func attest(_ entry: Entry, at position: UInt64) throws {
    try attest(entry, at: position, leaf: leaf(position))
  }

  /// As above with a leaf of the verified tree, on any thread.
  func attest(_ entry: Entry, at position: UInt64, leaf: Digest) throws {
    guard leaf == MerkleTree.leafHash(entry.bytes) else {
      throw integrity("log entry \(position) is not the one in the tree")
    }
    guard let author = history.members[entry.actor], entry.isSigned(by: author.keys.entries) else {
      throw HistoryFault(position: position, rule: .badSignature)
    }
  }

  /// After a transaction that did not commit, what was folded of it must go.
  func discardUncommitted() {
    isStale = true
    keys.forget()
  }

  /// Writes one entry by this author into the open transaction.
  func append(_ draft: EntryDraft, by holder: any KeyHolder) throws -> UInt64 {
    let position = history.size
    let entry = try draft.signed(publicKey: holder.keys.entries, by: holder.signEntry)
    isStale = true
    var made: [(place: MerkleTree.Place, hash: Digest)] = []
    try history.append(entry, leaf: MerkleTree.leafHash(entry.bytes), .atOnce) { made.append(($0, $1)) }
    trail.note(entry, at: position, in: history)
    for node in made {
      nodes.add(node.place, node.hash)
      try store.insert(NodeRow(level: node.place.level, number: node.place.number, hash: node.hash))
    }
    try store.insert(
      EntryRow(position: position, epoch: history.epoch(at: position), sealed: try sealed(entry.bytes, at: position)))
    isStale = false
    return position
  }

  /// One checkpoint for all that the transaction appended, signed by who commits it.
  func sign(by holder: any KeyHolder, member: Identifier) throws {
    let checkpoint = Checkpoint(origin: history.origin, size: history.size, root: history.root())
    let row = CheckpointRow(
      size: checkpoint.size, signer: member, root: checkpoint.root,
      signature: try holder.signCheckpoint(checkpoint.text))
    try store.insert(row)
    newest = row
  }

  /// A checkpoint as its signer made it, with the key that they sign with.
  func signed(_ row: CheckpointRow) -> SignedHead? {
    guard let signer = history.members[row.signer] else { return nil }
    let key = signer.checkpointKey(origin: history.origin)
    return SignedHead(
      checkpoint: checkpoint(row), note: checkpoint(row).note(signatures: [key.line(signature: row.signature)]),
      key: key, signer: signer)
  }

  func integrity(_ reason: String) -> VaultError { VaultError(.integrity, reason) }
}

/// A checkpoint with who signed it.
struct SignedHead {
  let checkpoint: Checkpoint
  let note: SignedNote
  let key: VerifierKey
  let signer: Member

  /// With cosignatures behind its signer's line, as many as a note holds.
  func adding(_ lines: [NoteSignature]) -> SignedHead {
    let all = note.signatures + lines.prefix(NoteSignature.limit - note.signatures.count)
    return SignedHead(checkpoint: checkpoint, note: checkpoint.note(signatures: all), key: key, signer: signer)
  }
}
