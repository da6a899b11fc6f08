package import CustodyValues

/// The verification of a part of a log from the bytes of its entries.
///
/// Each entry is proved to be in the tree of one checkpoint, and signed by a member whose own enrolment is among the
/// entries. The entries in between are unknown, and so is what somebody held or had seen.
package struct PartialAudit: Sendable {
  package let checkpoint: Checkpoint
  private var history = History()
  private var next: UInt64 = 0
  private var newest: [Identifier: Entry] = [:]
  /// The size of the log just after a member was removed.
  private var left: [Identifier: UInt64] = [:]

  /// Recorded cosignatures in the order of their entries.
  package private(set) var cosignatures: [RecordedCosignature] = []

  package var members: FoldTable<Identifier, Member> { history.members }

  package init(in checkpoint: Checkpoint) {
    self.checkpoint = checkpoint
    history.origin = checkpoint.origin
    history.isPart = true
  }

  /// Verifies the next entry. Its index must be above the one before.
  ///
  /// - Throws: `HistoryFault` at `index`, for the first rule that it breaks.
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

  /// True if the member may have signed the checkpoint: they were a member, or were removed by the transaction that it
  /// ends.
  package func maySign(_ member: Member) -> Bool { left[member.id] ?? checkpoint.size == checkpoint.size }

  /// Checks that an author's counter and the size that they had seen go up from entry to entry.
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
    guard entry.isSigned(by: author.keys.entries.bytes) else { throw history.fault(.badSignature) }
    if entry.outcome == .ok, entry.action.isAboutMembers { try history.apply(entry) }
  }
}

extension SignedNote {
  /// The member whose checkpoint key verifies one of the lines. Nil if none does.
  package func signer(among members: FoldTable<Identifier, Member>, origin: String) -> Member? {
    members.first { $0.checkpointKey(origin: origin).verify(self) }
  }

  /// The members who cosigned, with the time. Nil if a line names a member's key and does not verify.
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
