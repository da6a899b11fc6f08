package import CustodyValues

/// A part of a log, from the bytes of its entries: each in the tree of one checkpoint, by a member whose own enrolment is
/// among them, and who signed it. What was between the entries is not known, and so not what somebody held or had seen.
package struct PartialAudit: Sendable {
  package let checkpoint: Checkpoint
  private var history = History()
  private var next: UInt64 = 0
  private var newest: [Identifier: Entry] = [:]
  /// The size of the log when somebody had just left it.
  private var left: [Identifier: UInt64] = [:]

  /// In the order of their entries.
  package private(set) var cosignatures: [RecordedCosignature] = []

  package var members: FoldTable<Identifier, Member> { history.members }

  package init(in checkpoint: Checkpoint) {
    self.checkpoint = checkpoint
    history.origin = checkpoint.origin
    history.isPart = true
  }

  /// The next entry, at a higher index than the one before.
  package mutating func append(
    _ bytes: [UInt8], at index: UInt64, path: [Digest]
  ) throws(HistoryFault) -> Entry {
    func fault(_ rule: HistoryFault.Rule) -> HistoryFault { HistoryFault(position: index, rule: rule) }
    guard index >= next else { throw fault(.outOfOrder) }
    let entry: Entry
    do { entry = try Entry(parsing: bytes) } catch { throw fault(.grammar(error)) }
    let proof = InclusionProof(index: index, size: checkpoint.size, path: path)
    guard proof.verifies(leaf: MerkleTree.leafHash(bytes), root: checkpoint.root) else { throw fault(.notIncluded) }
    guard entry.origin.hasSameBytes(as: checkpoint.origin) else { throw fault(.wrongOrigin) }
    try check(entry, at: index)
    do { try fold(entry, isFirst: index == 0) } catch { throw fault(error.rule) }
    newest[entry.actor] = entry
    next = index + 1
    if let cosignature = RecordedCosignature(entry, at: index) { cosignatures.append(cosignature) }
    if entry.action == .memberRemove, entry.outcome == .ok, let member = entry.identifier(.member) {
      left[member] = next
    }
    return entry
  }

  /// Whether they may have signed the checkpoint: a member, or one who left with that transaction of theirs.
  package func maySign(_ member: Member) -> Bool { left[member.id] ?? checkpoint.size == checkpoint.size }

  /// What two entries of one author say of each other.
  private func check(_ entry: Entry, at index: UInt64) throws(HistoryFault) {
    guard entry.seen.size <= index else { throw HistoryFault(position: index, rule: .seenUnknown) }
    guard let before = newest[entry.actor] else { return }
    guard entry.seq > before.seq else {
      throw HistoryFault(position: index, rule: .sequence(expected: before.seq.successor))
    }
    guard entry.seen.size >= before.seen.size else { throw HistoryFault(position: index, rule: .seenUnknown) }
  }

  private mutating func fold(_ entry: Entry, isFirst: Bool) throws(HistoryFault) {
    guard !isFirst else {
      _ = try history.found(entry.bytes, History.attestAtOnce)
      return
    }
    guard let author = history.members[entry.actor] else { throw history.fault(.unknownActor) }
    guard author.isActive else { throw history.fault(.removedActor) }
    try history.checkRight(entry, of: author)
    guard entry.isSigned(by: author.keys.entries) else { throw history.fault(.badSignature) }
    if entry.outcome == .ok, entry.action.isAboutMembers { try history.apply(entry) }
  }
}

extension SignedNote {
  /// The member whose checkpoint key made one of the lines. Nil where none did.
  package func signer(among members: FoldTable<Identifier, Member>, origin: String) -> Member? {
    members.first { $0.checkpointKey(origin: origin).verify(self) }
  }

  /// Members who cosigned, and when; nil where a line bears a member's key and does not hold.
  package func cosigners(
    among members: FoldTable<Identifier, Member>, origin: String
  ) -> [(member: Member, time: Timestamp)]? {
    var found: [(member: Member, time: Timestamp)] = []
    for line in signatures {
      for member in members {
        let key = member.cosignatureKey(origin: origin)
        guard line.isBy(key) else { continue }
        guard key.verify(line, text: text), let (seconds, _) = Cosignature.parse(line.signature) else { return nil }
        found.append((member, Cosignature.time(seconds)))
      }
    }
    return found
  }
}
