internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// A log folded from rows of the vault, or of the copy where the vault's are damaged, up to the last position at which
/// a checkpoint holds.
struct AssembledLog {
  fileprivate(set) var history: History
  fileprivate(set) var facts: LogFacts
  /// The fault that ended the log; nil if no row of an entry follows.
  let fault: HistoryFault?
  /// End and last signer of signed entries after the log's end that no checkpoint covers.
  let beyond: (head: Seen, signer: Identifier)?
  /// IDs of all present and former members.
  let memberIDs: Set<Identifier>
  let budget = SearchBudget()
}

/// Assembles the longest valid log from all sources. A candidate for a position is right if it opens under the vault
/// key, its author may sign it, and it leads to the root that checkpoints name.
struct LogAssembly {
  private let sources: RepairSources
  private let keys: RepairKeys
  /// This machine's pin. Its checkpoint counts like one in a row, because a member signed it.
  private let pin: Pin?
  /// Rows found to be wrong, by position and source.
  private var refused: Set<Refusal> = []

  private struct Refusal: Hashable {
    let position: UInt64
    let source: Int
  }

  init(_ sources: RepairSources, _ keys: RepairKeys, _ pin: Pin?) {
    (self.sources, self.keys, self.pin) = (sources, keys, pin)
  }

  /// Folds until nothing more can be refused. This ends because each row is refused at most once.
  mutating func run() throws -> AssembledLog {
    while true {
      let pass = try fold(below: nil)
      guard try !refuseMore(after: pass) else { continue }
      return try ended(pass)
    }
  }

  private func ended(_ pass: Pass) throws -> AssembledLog {
    let (held, fault) = (pass.held, pass.fault)
    guard held > 0 else { throw fault ?? HistoryFault(position: 0, rule: .missing) }
    let end = held == pass.audit.history.size ? pass : try fold(below: held)
    var all = pass.audit.history
    return AssembledLog(
      history: end.audit.history, facts: end.facts,
      fault: fault ?? (held < all.size ? HistoryFault(position: held, rule: .uncovered) : nil),
      beyond: held < all.size ? (all.head(), all.committer) : nil,
      memberIDs: Set(end.audit.history.members.map(\.id)))
  }

  // MARK: One pass

  private struct Pass {
    var audit = LogAudit()
    var facts = LogFacts()
    /// Size of the newest checkpoint that holds.
    var held: UInt64 = 0
    var used: [Int] = []
    var fault: HistoryFault?
  }

  private func fold(below end: UInt64?) throws -> Pass {
    var pass = Pass()
    do {
      while end.map({ pass.audit.history.size < $0 }) ?? true, try foldNext(&pass) {}
      try pass.audit.finish()
    } catch let fault as HistoryFault {
      pass.fault = fault
    }
    return pass
  }

  /// Folds the next entry. Returns false if no source has it and the vault has no later entry; later entries that only
  /// a copy has are not the vault's.
  private func foldNext(_ pass: inout Pass) throws -> Bool {
    let position = pass.audit.history.size
    guard let (text, source) = try candidates(position, pass.audit.history.epoch(at: position)).first else {
      guard try sources.vault.hasEntry(from: position) else { return false }
      let hasRow = try sources.vault.stored(.logEntry, key: [.count(position)]) != nil
      throw HistoryFault(position: position, rule: hasRow ? .doesNotOpen : .missing)
    }
    pass.used.append(source)
    var made: [(place: MerkleTree.Place, hash: Digest)] = []
    let folded = try pass.audit.fold(text) { made.append(($0, $1)) }
    for node in made { pass.facts.note(node.place, node.hash) }
    if let entry = folded.valid { pass.facts.note(entry, at: position, in: pass.audit.history) }
    if let seen = folded.valid?.seen, seen.size == position, position > 0, pass.held != position {
      throw HistoryFault(position: position, rule: .checkpointRoot)
    }
    if let held = try checkpoint(behind: &pass.audit) {
      pass.facts.note(held)
      pass.held = held.size
    }
    return true
  }

  /// Returns the first source's text that opens under this epoch's vault key, whatever epoch its row names.
  private func candidates(_ position: UInt64, _ epoch: UInt64) throws -> [(text: [UInt8], source: Int)] {
    var found: [(text: [UInt8], source: Int)] = []
    for source in sources.indices {
      guard found.isEmpty, !refused.contains(Refusal(position: position, source: source)),
        let row = try sources.row(.logEntry, [.count(position)], in: source)?.asEntry,
        let text = try keys.open(row, epoch: epoch)
      else { continue }
      found.append((text, source))
    }
    return found
  }

  /// Returns the checkpoint of all entries folded so far, from any source, if it holds.
  private func checkpoint(behind audit: inout LogAudit) throws -> CheckpointRow? {
    let size = audit.history.size
    var rows = try sources.rows(.checkpoint, [.count(size)]).compactMap(\.asCheckpoint)
    if let pin, pin.checkpoint.size == size { rows += pin.rows(signer: audit.history.committer) }
    guard !rows.isEmpty else { return nil }
    var history = audit.history
    let root = history.root()
    return try rows.first { row in
      guard row.root == root, row.signer == history.committer else { return false }
      let key = try history.checkpointKey(of: row.signer).publicKey
      let checkpoint = Checkpoint(origin: history.origin, size: size, root: root)
      return Signature.verify(row.signature, checkpoint.text, key: key)
    }
  }

  // MARK: What to try next

  private mutating func refuseMore(after pass: Pass) throws -> Bool {
    guard let fault = pass.fault else { return false }
    switch fault.rule {
    case .missing, .doesNotOpen: return false
    case .checkpointRoot: return try refuseDiffering(pass, below: fault.position)
    default:
      guard fault.position < pass.used.count else { return false }
      let refusal = Refusal(position: fault.position, source: pass.used[Int(fault.position)])
      return refused.insert(refusal).inserted
    }
  }

  /// Refuses entries since the last valid checkpoint that differ in the copy: one of them is not the one that was
  /// signed.
  private mutating func refuseDiffering(_ pass: Pass, below end: UInt64) throws -> Bool {
    guard let copy = sources.copy, pass.held < end else { return false }
    var isOther = false
    for position in pass.held..<end where pass.used[Int(position)] == 0 {
      guard let row = try copy.row(.logEntry, [.count(position)])?.asEntry,
        let text = try keys.open(row, epoch: pass.audit.history.epoch(at: position)),
        MerkleTree.leafHash(text) != pass.facts.leaf(position)
      else { continue }
      if refused.insert(Refusal(position: position, source: 0)).inserted { isOther = true }
    }
    return isOther
  }
}

extension Pin {
  /// Returns the pin's checkpoint as rows of this signer.
  fileprivate func rows(signer: Identifier) -> [CheckpointRow] {
    note.signatures.map {
      CheckpointRow(size: checkpoint.size, signer: signer, root: checkpoint.root, signature: $0.signature)
    }
  }
}
