internal import CustodySystem
internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues

/// A verification of evidence: first of the entries, from their bytes alone; then of everything beside them, which must
/// be exactly what the entries and disclosures generate.
struct EvidenceVerifier {
  private let source: any EvidenceSource
  private let expectation: Expectation
  private let progress: ProgressReport
  private let checkpoint: Checkpoint

  init(
    _ source: any EvidenceSource, _ expectation: Expectation, _ progress: @escaping ProgressReport
  ) throws {
    guard let checkpoint = Checkpoint(parsing: source.note.text) else {
      throw EvidenceError.broken("its checkpoint cannot be read")
    }
    (self.source, self.expectation, self.progress, self.checkpoint) = (source, expectation, progress, checkpoint)
  }

  /// The result of reading all entries.
  private struct Outcome {
    let members: FoldTable<Identifier, Member>
    let signer: Member
    let entries: UInt64
    /// The root at the expected checkpoint's size.
    let watched: Digest?
    /// Only for a whole log.
    var voids: [VoidEntry] = []
    var backdated: [UInt64] = []
    let damage: [Damage]
    var genesis: Digest?
    /// Only for a part.
    var scope: ExportScope?
  }

  func run() throws -> EvidenceReport {
    var names = DisclosedNames(source.disclosures)
    let outcome = source.isWhole ? try readWhole(&names) : try readPart(&names)
    try names.checkAllFound()
    guard let cosigners = source.note.cosigners(among: outcome.members, origin: checkpoint.origin) else {
      throw EvidenceError.broken("a member's cosignature of the checkpoint does not hold")
    }
    let head = SignedHead(
      checkpoint: checkpoint, note: source.note, key: outcome.signer.checkpointKey(origin: checkpoint.origin),
      signer: outcome.signer)
    var beside = BesideCheck(source, head, outcome.scope, (outcome.members, outcome.voids), names)
    try beside.run()
    let finding = compare(outcome.watched)
    let vouchers = cosigners.filter { $0.member.id != outcome.signer.id }.map {
      Voucher(.cosignature(by: $0.member.name), size: checkpoint.size, time: $0.time)
    }
    return EvidenceReport(
      verdicts: Verdicts(
        finding.voucher + vouchers, contradiction: finding.contradiction, undecided: finding.undecided,
        damage: outcome.damage),
      checkpoint: checkpoint,
      signer: outcome.signer.name, cosigners: cosigners.map { ($0.member.name, $0.time) }, entries: outcome.entries,
      backdated: outcome.backdated, voids: VoidTally.of(outcome.voids, among: outcome.members), isWhole: source.isWhole,
      provesNames: !source.disclosures.isEmpty, genesis: outcome.genesis, isGenesisKnown: expectation.genesis != nil,
      scope: outcome.scope.flatMap { ScopeReport($0, among: outcome.members) })
  }

  private func readWhole(_ names: inout DisclosedNames) throws -> Outcome {
    var audit = LogAudit()
    do { return try readWhole(&audit, &names) } catch let fault as HistoryFault {
      // An entry that was removed or inserted makes later ones void. The lines beside the entries tell where that
      // happened.
      throw VoidsDisowned(source, audit.history).first(before: fault.position) ?? fault
    }
  }

  private func readWhole(_ audit: inout LogAudit, _ names: inout DisclosedNames) throws -> Outcome {
    var tiles = TileWriter { [source] in try source.compare($0, $1) }
    let wanted = expectation.checkpoint?.size
    var watched = wanted == 0 ? MerkleTree.emptyRoot : nil
    let tally = Tally(of: checkpoint.size, progress)
    var genesis: Digest?
    try source.eachEntry { shown in
      guard shown.index == audit.history.size else { throw HistoryFault(position: shown.index, rule: .outOfOrder) }
      let folded = try audit.fold(shown.bytes)
      if shown.index == 0 { genesis = try checkedGenesis(shown.bytes) }
      if audit.history.size == wanted { watched = audit.history.tree.root }
      if let entry = folded.valid { try names.check(entry, at: shown.index) }
      try tiles.append(shown.bytes)
      tally.add()
    }
    guard audit.history.size >= checkpoint.size else {
      throw HistoryFault(position: audit.history.size, rule: .truncated)
    }
    let history = audit.history
    guard let line = source.note.signatures.first(where: { $0.name.hasSameBytes(as: checkpoint.origin) }),
      let signer = history.members.first(where: {
        $0.checkpointKey(origin: checkpoint.origin).keyID == line.keyID
      })
    else { throw HistoryFault(position: checkpoint.size, rule: .checkpointSigner) }
    try audit.accept(checkpoint, signedBy: signer.id, line.signature)
    try audit.finish()
    try tiles.finish()
    try names.checkNewest(history)
    return Outcome(
      members: history.members, signer: signer, entries: history.size, watched: watched, voids: history.voids,
      backdated: audit.backdated, damage: try damage(in: history), genesis: genesis)
  }

  /// Reports cosignatures that do not verify. If there are any cosignatures, the entries are read once more to compute
  /// the roots at their sizes.
  private func damage(in history: History) throws -> [Damage] {
    let cosignatures = history.recordedCosignatures
    guard !cosignatures.isEmpty else { return [] }
    let sizes = Set(cosignatures.map(\.checkpoint.size))
    var (tree, roots) = (MerkleTree(), [UInt64: Digest]())
    try source.eachEntry {
      tree.append(MerkleTree.leafHash($0.bytes))
      if sizes.contains(tree.size) { roots[tree.size] = tree.root }
    }
    return cosignatures.compactMap { cosignature in
      history.members[cosignature.author].flatMap {
        cosignature.damage(by: $0, origin: checkpoint.origin) { roots[$0] }
      }
    }
  }

  private func readPart(_ names: inout DisclosedNames) throws -> Outcome {
    var audit = PartialAudit(in: checkpoint)
    var count: UInt64 = 0
    var genesis: Digest?
    try source.eachEntry { shown in
      let entry = try audit.append(shown.bytes, at: shown.index, path: shown.path)
      if shown.index == 0 { genesis = try checkedGenesis(shown.bytes) }
      try names.check(entry, at: shown.index)
      count += 1
    }
    guard count > 0 else { throw EvidenceError.broken("there is no entry in it") }
    guard let signer = source.note.signer(among: audit.members, origin: checkpoint.origin) else {
      throw HistoryFault(position: checkpoint.size, rule: .checkpointSignature)
    }
    guard audit.maySign(signer) else { throw HistoryFault(position: checkpoint.size, rule: .checkpointSigner) }
    return Outcome(
      members: audit.members, signer: signer, entries: count,
      watched: watchedRoot,
      damage: audit.cosignatures.compactMap { cosignature in
        audit.members[cosignature.author].flatMap { cosignature.damage(by: $0, origin: checkpoint.origin) }
      }, genesis: genesis, scope: try scope(signedAmong: audit))
  }

  private func scope(signedAmong audit: PartialAudit) throws -> ExportScope {
    guard let signed = source.scope else { throw EvidenceError.broken("its scope cannot be read") }
    let scope = signed.scope
    guard scope.head == checkpoint else { throw EvidenceError.broken("its scope is of another checkpoint") }
    guard let exporter = audit.members[scope.exporter], audit.maySign(exporter),
      signed.isSigned(by: exporter)
    else { throw EvidenceError.broken("the signature of its scope is no member's") }
    if let actor = scope.filter.actor, audit.members[actor.id].map({ $0.name.hasSameBytes(as: actor.name) }) != true {
      throw EvidenceError.broken("its scope calls a member by another name than the log")
    }
    return scope
  }

  private func checkedGenesis(_ entry: [UInt8]) throws -> Digest {
    let found = MerkleTree.leafHash(entry)
    guard expectation.genesis ?? found == found else { throw HistoryFault(position: 0, rule: .otherGenesis) }
    return found
  }

  /// The root at the expected checkpoint's size, which a part knows only for its own checkpoint and for size 0.
  private var watchedRoot: Digest? {
    switch expectation.checkpoint?.size {
    case checkpoint.size: checkpoint.root
    case 0: MerkleTree.emptyRoot
    default: nil
    }
  }

  /// The finding on the expected checkpoint: at most one of the three is set.
  private struct Finding {
    var voucher: [Voucher] = []
    var contradiction: String?
    var undecided: String?
  }

  private func compare(_ watched: Digest?) -> Finding {
    guard let given = expectation.checkpoint else { return Finding() }
    func contradicted(_ words: String) -> Finding { Finding(contradiction: "the checkpoint that was given \(words)") }
    func undecided(_ words: String) -> Finding {
      Finding(undecided: "whether it leads on from the checkpoint that was given, of \(given.size) entries: \(words)")
    }
    guard given.origin.hasSameBytes(as: checkpoint.origin) else { return contradicted("is of another log") }
    guard given.size <= checkpoint.size else {
      return undecided("what is shown ends at \(checkpoint.size), as an older copy does, or one whose end was cut off")
    }
    guard let watched else { return undecided("a part of a log does not have the entries between") }
    guard watched == given.root else {
      return contradicted("has another root: the history was rewritten, or went on apart")
    }
    return Finding(voucher: [Voucher(.given, size: given.size, time: nil)])
  }
}
