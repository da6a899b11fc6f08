internal import CustodyCrypto
package import CustodyValues

/// A log verified in full, from the bytes of its entries and nothing else: grammar, leaf hashes, every rule of the fold,
/// every signature, on all cores. No storage, no vault, no secret.
///
/// Entries are handed over in order, then `finish` says whether every signature held. Each error is the first fault.
package struct LogAudit {
  package private(set) var history: History
  /// Entries that are dated well before the one before them: a wrong clock, or a false one. Order is the log's, not time's.
  package private(set) var backdated: [UInt64] = []
  private var newest: Timestamp?
  private let checks = SignatureChecks()
  private var jobs: [SignatureCheck] = []
  private var isShared = false

  /// From the first entry, or from where a fold ended.
  package init(from history: History = History()) { self.history = history }

  /// Two clocks that are both about right may differ by as much, in milliseconds.
  static let tolerance: Int64 = 5 * 60 * 1000

  /// The signature of a checkpoint whose root was compared.
  package mutating func attest(
    _ checkpoint: Checkpoint, signedBy signer: Identifier, _ signature: [UInt8]
  ) throws(HistoryFault) {
    let fault = HistoryFault(position: checkpoint.size, rule: .checkpointSignature)
    let key: VerifierKey
    do { key = try history.checkpointKey(of: signer) } catch { throw earliest(error) }
    add(SignatureCheck(signature: signature, text: checkpoint.text, key: key, fault: fault))
  }

  /// The next entry.
  @discardableResult
  package mutating func fold(
    _ bytes: [UInt8], leaf: Digest? = nil, node: (MerkleTree.Place, Digest) -> Void = { _, _ in }
  ) throws(HistoryFault) -> FoldedEntry {
    var check: SignatureCheck?
    let folded: FoldedEntry
    do { folded = try history.fold(bytes, leaf: leaf, node: node, attest: { check = $0 }) } catch {
      throw earliest(error)
    }
    if let check { add(check) }
    if let time = folded.valid?.time {
      if let newest, newest.milliseconds - time.milliseconds > Self.tolerance { backdated.append(folded.position) }
      newest = max(newest ?? time, time)
    }
    return folded
  }

  /// A checkpoint of all entries so far.
  package mutating func accept(
    _ checkpoint: Checkpoint, signedBy signer: Identifier, _ signature: [UInt8]
  ) throws(HistoryFault) {
    do { try history.check(checkpoint, signedBy: signer) } catch { throw earliest(error) }
    try attest(checkpoint, signedBy: signer, signature)
  }

  /// For who keeps rows elsewhere while more are folded.
  package mutating func giveUpRows(_ body: (inout History) -> Void) { body(&history) }

  /// Once every signature has been checked.
  package mutating func finish() throws(HistoryFault) {
    if let fault = pending() { throw fault }
  }

  private mutating func add(_ check: SignatureCheck) {
    jobs.append(check)
    guard jobs.count == SignatureChecks.batch else { return }
    isShared = true
    checks.check(jobs)
    jobs.removeAll(keepingCapacity: true)
  }

  private mutating func pending() -> HistoryFault? {
    defer { jobs = [] }
    // A few are done sooner than other threads wake up.
    guard isShared || jobs.count > SignatureChecks.few else { return jobs.first { !$0.holds }?.fault }
    if !jobs.isEmpty { checks.check(jobs) }
    return checks.finish()
  }

  /// A signature before this fault may not have held, and be still in work.
  private mutating func earliest(_ fault: HistoryFault) -> HistoryFault {
    guard let other = pending(), other.position < fault.position else { return fault }
    return other
  }
}

extension Member {
  /// With which they sign entries.
  package func entryKey(origin: String) -> VerifierKey {
    VerifierKey(name: Entry.keyName(origin: origin, member: id), ed25519: keys.entries)
  }
}

extension NoteSignature {
  func isBy(_ key: VerifierKey) -> Bool { keyID == key.keyID && name.hasSameBytes(as: key.name) }
}
