internal import CustodyCrypto
package import CustodyValues

/// A full verification of a log from the bytes of its entries alone: grammar, leaf hashes, every rule of the fold, and
/// every signature, on all cores. It needs no storage, no vault and no secret.
///
/// Pass the entries in order, then call `finish()`, which reports whether every signature holds. Each error is the
/// first fault.
package struct LogAudit {
  package private(set) var history: History
  /// Positions of entries dated over five minutes before an earlier one: a clock was wrong, or a date false. The log's
  /// order counts, not its dates.
  package private(set) var backdated: [UInt64] = []
  private var newest: Timestamp?
  private let checks = SignatureChecks()
  private var jobs: [SignatureCheck] = []
  private var isShared = false

  /// Begins at the first entry, or where the fold `history` ended.
  package init(from history: History = History()) { self.history = history }

  /// Greatest difference in milliseconds between two clocks that are both about right.
  static let tolerance: Int64 = 5 * 60 * 1000

  /// Checks the signature of a checkpoint whose root was compared already.
  package mutating func attest(
    _ checkpoint: Checkpoint, signedBy signer: Identifier, _ signature: [UInt8]
  ) throws(HistoryFault) {
    let fault = HistoryFault(position: checkpoint.size, rule: .checkpointSignature)
    let key: VerifierKey
    do { key = try history.checkpointKey(of: signer) } catch { throw earliest(error) }
    add(SignatureCheck(signature: signature, text: checkpoint.text, key: key, fault: fault))
  }

  /// Folds the next entry, and adds its signature to those in work.
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

  /// Compares a checkpoint with the entries folded so far, and checks its signature.
  package mutating func accept(
    _ checkpoint: Checkpoint, signedBy signer: Identifier, _ signature: [UInt8]
  ) throws(HistoryFault) {
    do { try history.check(checkpoint, signedBy: signer) } catch { throw earliest(error) }
    try attest(checkpoint, signedBy: signer, signature)
  }

  /// Lets `body` hand the fold's rows to a store between entries.
  package mutating func giveUpRows(_ body: (inout History) -> Void) { body(&history) }

  /// Waits for the remaining signatures, and throws the first fault.
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
    // Checking a few takes less time than waking other threads.
    guard isShared || jobs.count > SignatureChecks.few else { return jobs.first { !$0.holds }?.fault }
    if !jobs.isEmpty { checks.check(jobs) }
    return checks.finish()
  }

  /// The first of two faults: this one, or a signature before it that is still in work and does not hold.
  private mutating func earliest(_ fault: HistoryFault) -> HistoryFault {
    guard let other = pending(), other.position < fault.position else { return fault }
    return other
  }
}

extension Member {
  /// The key with which the member signs entries.
  package func entryKey(origin: String) -> VerifierKey {
    VerifierKey(name: Entry.keyName(origin: origin, member: id), ed25519: keys.entries.bytes)
  }
}

extension NoteSignature {
  func isBy(_ key: VerifierKey) -> Bool { keyID == key.keyID && name.hasSameBytes(as: key.name) }
}
