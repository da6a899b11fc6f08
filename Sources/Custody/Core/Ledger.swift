internal import CustodySystem
internal import CustodyEvidence
internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// The log of one vault, opened by its vault keys. It folds the log, reads single entries with every check, and
/// appends.
final class Ledger {
  let store: Store
  let vault: Identifier
  let keys: EpochKeys
  /// The fold to start from, also after a transaction that did not commit.
  private var base: History
  var begun: UInt64 { base.size }
  private(set) var history: History
  /// Memory that takes the rows of a first fold.
  private let memory: VaultMemory?
  private var draft: FoldDrafting?
  /// Nodes of the tree below a verified root.
  private var nodes = VerifiedNodes()
  /// All nodes made anew from the entries, once a stored one was found damaged.
  private var madeNodes: [MerkleTree.Place: Digest]?
  private(set) var newest: CheckpointRow?
  /// The pin's size. The root at this size is kept in `watched` during the fold.
  private let watch: UInt64?
  private(set) var watched: Digest?
  /// Checkpoints and recoveries that this session's fold has passed.
  private(set) var trail = LogTrail()
  private var isStale = true
  /// The fault at which reading ended. Entries after it are not part of the vault.
  private(set) var stopped: HistoryFault?
  /// The log's end as this session last saw it. A fold from the start must pass it again.
  private var known: Seen?

  init(
    store: Store, vault: Identifier, keys: EpochKeys, from base: History = History(), watch: UInt64? = nil,
    memory: VaultMemory? = nil
  ) {
    (self.store, self.vault, self.keys, self.base, self.watch) = (store, vault, keys, base, watch)
    (history, self.memory) = (base, memory)
  }

  /// Folds new entries, and checks that the newest checkpoint covers all of them. Must run in a transaction.
  ///
  /// If the kept fold can't be read, the log is folded again from its first entry.
  func refresh(_ progress: @escaping ProgressReport = { _, _ in }) throws {
    do { try goOn(progress) } catch is FoldDamage where begun > 0 {
      forgetFold()
      memory?.throwFoldAway()
      try goOn(progress)
    }
  }

  private func goOn(_ progress: @escaping ProgressReport) throws {
    guard stopped == nil else { return }
    madeNodes = nil
    if !isStale { known = history.head() }
    if isStale {
      (history, nodes, trail, draft) = (base, VerifiedNodes(), LogTrail(), nil)
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
    var root: Digest?
    func pass(_ history: History) {
      if watch == history.size { watched = history.tree.root }
      if known?.size == history.size { root = history.tree.root }
    }
    pass(history)
    var audit = LogAudit(from: history)
    // Avoids that folding copies the whole history.
    history = History()
    do {
      try fold(into: &audit, to: newest, tally, pass)
      history = audit.history
      try checkEnd(newest, root)
    } catch {
      // A row of the kept fold that could not be read may look like a broken rule.
      guard !audit.history.isDamaged else { throw FoldDamage() }
      throw error
    }
    guard !history.isDamaged else { throw FoldDamage() }
  }

  private func checkEnd(_ newest: CheckpointRow, _ root: Digest?) throws {
    guard newest.size == history.size else { throw HistoryFault(position: history.size, rule: .truncated) }
    try history.accept(checkpoint(newest), signedBy: newest.signer, newest.signature)
    if try store.entry(newest.size) != nil { throw HistoryFault(position: newest.size, rule: .uncovered) }
    guard root == known?.root else {
      throw integrity("the vault was put back, or its record rewritten, since it was unlocked")
    }
  }

  private func fold(
    into audit: inout LogAudit, to newest: CheckpointRow, _ tally: Tally, _ pass: (History) -> Void
  ) throws {
    try eachEntry(into: &audit, below: newest.size) { history, folded in
      if let entry = folded.valid { trail.note(entry, at: folded.position, in: history) }
      pass(history)
      tally.add()
      // Every transaction ends with a checkpoint.
      guard let seen = folded.valid?.seen, seen.size == folded.position, folded.position > 0 else { return }
      guard let ended = try store.checkpoint(size: folded.position), ended.root == seen.root else {
        throw HistoryFault(position: folded.position, rule: .checkpointRoot)
      }
    }
    try audit.finish()
  }

  private func eachEntry(
    into audit: inout LogAudit, below end: UInt64, _ body: (History, FoldedEntry) throws -> Void
  ) throws {
    struct Done: Error {}
    do {
      try store.eachEntry(from: audit.history.size) { row in
        guard row.position < end else { throw Done() }
        guard row.position == audit.history.size else {
          throw HistoryFault(position: audit.history.size, rule: .missing)
        }
        guard let bytes = try text(row, in: audit.history) else {
          throw HistoryFault(position: row.position, rule: .doesNotOpen)
        }
        let folded = try audit.fold(bytes) { nodes.add($0, $1) }
        try body(audit.history, folded)
        if begun == 0 { memory?.giveUpRows(of: &audit, to: &draft, under: keys) }
      }
    } catch is Done {}
  }

  // MARK: Rows of the fold that are kept elsewhere

  var unsavedRows: [FoldChange] { history.unsavedRows }
  var foldHead: FoldHead {
    FoldHead(size: history.size, root: history.tree.root, counts: history.rowCounts, state: history.state)
  }

  /// Stores all of a first fold as the kept fold. Nil if that fails.
  func finishDraft() -> KeptFold? {
    let draft = draft ?? memory?.foldDraft(under: keys)
    draft?.add(history)
    defer { self.draft = nil }
    return draft?.finish(foldHead, keys)
  }

  /// Uses the kept fold as backing, so that its rows need not be in memory.
  func stand(on kept: KeptFold) {
    history.rebase(onto: kept)
    base = history
  }

  func noteFoldSaved() { history.noteSaved() }

  /// Discards the kept fold, whose rows could not be read.
  func forgetFold() { (base, isStale) = (History(), true) }

  // MARK: A log that holds up to some entry

  /// Folds up to the last valid checkpoint before the fault. The vault can be read so far, and not written.
  func stop(at fault: HistoryFault) throws {
    (history, base, nodes, trail, isStale) = (History(), History(), VerifiedNodes(), LogTrail(), true)
    (draft, madeNodes) = (nil, nil)
    for row in try checkpoints(before: fault.position) {
      do { try fold(to: row, Tally(of: row.size) { _, _ in }) } catch let other as HistoryFault {
        if other.rule == .uncovered { return finish(row, fault) }
        (history, nodes, trail, draft) = (History(), VerifiedNodes(), LogTrail(), nil)
        continue
      }
      return finish(row, fault)
    }
    throw fault
  }

  private func finish(_ row: CheckpointRow, _ fault: HistoryFault) {
    (newest, isStale, stopped) = (row, false, fault)
  }

  /// Returns the newest checkpoint beyond the end, if a member whom the log knows signed it.
  func coverBehind() throws -> SignedHead? {
    var rows: [CheckpointRow] = []
    try store.eachCheckpoint(from: history.size + 1) { row in
      rows.append(row)
      if rows.count > 8 { rows.removeFirst() }
    }
    return rows.reversed().lazy.compactMap(signed).first { $0.key.verify($0.note) }
  }

  /// Returns the last checkpoints up to a position, the newest first. Eight are enough: whoever can write more invalid
  /// ones can also destroy the file.
  private func checkpoints(before position: UInt64) throws -> [CheckpointRow] {
    var rows: [CheckpointRow] = []
    try store.eachCheckpoint { row in
      guard row.size <= position else { return }
      rows.append(row)
      if rows.count > 8 { rows.removeFirst() }
    }
    return rows.reversed()
  }

  /// Returns the hash of a leaf in the verified tree.
  func leaf(_ position: UInt64) throws -> Digest {
    func find() throws -> Digest? {
      try nodes.leaf(position) { try store.node(level: $0.level, number: $0.number) }
    }
    guard position < history.size else { throw HistoryFault(position: position, rule: .missing) }
    if let found = try find() { return found }
    // With many nodes, low ones are dropped, and peaks may be among them.
    nodes.add(history.tree)
    if let found = try find() { return found }
    guard let found = try makeNodes()[MerkleTree.Place(level: 0, number: position)] else {
      throw integrity("log entry \(position) is not in the log's tree")
    }
    return found
  }

  /// Returns a node of the tree: the stored one, or, after damage, one made from the entries.
  func node(_ place: MerkleTree.Place) throws -> Digest {
    let stored = try madeNodes == nil ? store.node(level: place.level, number: place.number) : nil
    guard let hash = try stored ?? makeNodes()[place] else {
      throw integrity("node \(place.number) of level \(place.level) of the log's tree is missing")
    }
    return hash
  }

  /// Makes all nodes from the entries, which must lead to the verified root. So a damaged node hides no entry and
  /// spoils no proof.
  @discardableResult
  func makeNodes() throws -> [MerkleTree.Place: Digest] {
    if let madeNodes { return madeNodes }
    var (tree, made): (MerkleTree, [MerkleTree.Place: Digest]) = (MerkleTree(), [:])
    struct Done: Error {}
    do {
      try store.eachEntry(from: 0) { row in
        guard row.position < history.size else { throw Done() }
        guard row.position == tree.size else { throw HistoryFault(position: tree.size, rule: .missing) }
        tree.append(MerkleTree.leafHash(try text(row))) { made[$0] = $1 }
      }
    } catch is Done {}
    guard tree.size == history.size else { throw HistoryFault(position: tree.size, rule: .missing) }
    guard tree.root == history.root() else {
      throw integrity("the log's entries do not make the root that was verified")
    }
    madeNodes = made
    return made
  }

  func head() -> Seen { history.head() }

  func root() -> Digest { history.root() }

  func checkpoint(_ row: CheckpointRow) -> Checkpoint {
    Checkpoint(origin: history.origin, size: row.size, root: row.root)
  }

  /// Returns the signed bytes of an entry, with the signature.
  func text(_ row: EntryRow) throws -> [UInt8] {
    guard let text = try text(row, in: history) else {
      throw HistoryFault(position: row.position, rule: .doesNotOpen)
    }
    return text
  }

  private func text(_ row: EntryRow, in history: History) throws -> [UInt8]? {
    let epoch = history.epoch(at: row.position)
    guard row.epoch == epoch else { return nil }
    do {
      return try keys.open(row.sealed, .entry(row.position, epoch, vault: vault), epoch: epoch)
    } catch is CryptoError {
      return nil
    } catch let error as VaultError where error.code == .integrity {
      // This member's key of the epoch does not open: somebody sealed junk to them.
      return nil
    }
  }

  func sealed(_ text: [UInt8], at position: UInt64) throws -> [UInt8] {
    let epoch = history.epoch(at: position)
    return try keys.seal(text, .entry(position, epoch, vault: vault), epoch: epoch)
  }

  /// Returns the bytes of an entry, after checking that its leaf is in the verified tree.
  func proved(_ row: EntryRow) throws -> [UInt8] {
    let text = try text(row)
    guard try leaf(row.position) == MerkleTree.leafHash(text) else {
      throw HistoryFault(position: row.position, rule: .storedHash)
    }
    return text
  }

  /// Returns a valid entry, after checking that its leaf is in the verified tree.
  func proved(_ position: UInt64) throws -> Entry {
    guard let row = try store.entry(position) else { throw HistoryFault(position: position, rule: .missing) }
    do { return try Entry(parsing: proved(row)) } catch let error as EntryError {
      throw HistoryFault(position: row.position, rule: .grammar(error))
    }
  }

  /// Drops what was folded in a transaction that did not commit.
  func discardUncommitted() {
    isStale = true
    keys.forget()
  }

  /// Signs an entry and adds it in the open transaction. Returns its position.
  func append(_ draft: EntryDraft, by holder: any KeyHolder) throws -> UInt64 {
    let entry = try draft.signed(publicKey: holder.keys.entries.bytes, by: holder.signEntry)
    let position = try append(entry.bytes) { history, node throws(HistoryFault) in
      try history.append(entry, signedElsewhere: holder.signsElsewhere, node: node)
    }
    trail.note(entry, at: position, in: history)
    return position
  }

  /// Adds an entry's rows, once `fold` has accepted it.
  func append(
    _ bytes: [UInt8],
    _ fold: (inout History, (MerkleTree.Place, Digest) -> Void) throws(HistoryFault) -> Void
  ) throws -> UInt64 {
    let position = history.size
    isStale = true
    var made: [(place: MerkleTree.Place, hash: Digest)] = []
    try fold(&history) { made.append(($0, $1)) }
    for node in made {
      nodes.add(node.place, node.hash)
      try store.put(NodeRow(level: node.place.level, number: node.place.number, hash: node.hash))
    }
    try store.insert(
      EntryRow(position: position, epoch: history.epoch(at: position), sealed: try sealed(bytes, at: position)))
    isStale = false
    return position
  }

  /// Signs the checkpoint of the transaction that this member commits.
  func sign(by holder: any KeyHolder, member: Identifier) throws {
    let checkpoint = Checkpoint(origin: history.origin, size: history.size, root: history.root())
    let row = CheckpointRow(
      size: checkpoint.size, signer: member, root: checkpoint.root,
      signature: try holder.signCheckpoint(checkpoint.text))
    try store.insert(row)
    newest = row
  }

  /// Returns a checkpoint as its signer made it, with the key that verifies it.
  func signed(_ row: CheckpointRow) -> SignedHead? {
    guard let signer = history.members[row.signer] else { return nil }
    let key = signer.checkpointKey(origin: history.origin)
    return SignedHead(
      checkpoint: checkpoint(row), note: checkpoint(row).note(signatures: [key.line(signature: row.signature)]),
      key: key, signer: signer)
  }

  func integrity(_ reason: String) -> VaultError { VaultError(.integrity, reason) }
}
