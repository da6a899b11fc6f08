internal import CustodyCrypto
public import CustodyMemory

/// A log verified in full, from the bytes of its entries and nothing else: grammar, leaf hashes, every rule of the fold,
/// every signature, on all cores. No storage, no vault, no secret.
///
/// Entries are handed over in order, then `finish` says whether every signature held. Each error is the first fault.
public struct LogAudit {
  public private(set) var history = History()
  /// Entries that are dated well before the one before them: a wrong clock, or a false one. Order is the log's, not time's.
  public private(set) var backdated: [UInt64] = []
  private var newest: Timestamp?
  private let checks = SignatureChecks()
  private var jobs: [SignatureChecks.Job] = []
  private var keys: [Identifier: VerifierKey] = [:]

  public init() {}

  /// For a log that was folded before, under every rule: what is left are signatures.
  public init(of history: History) { self.history = history }

  /// Two clocks that are both about right may differ by as much, in milliseconds.
  static let tolerance: Int64 = 5 * 60 * 1000

  /// The signature of an entry that was folded.
  public mutating func attest(_ entry: Entry, at position: UInt64) throws(HistoryFault) {
    if let newest, newest.milliseconds - entry.time.milliseconds > Self.tolerance { backdated.append(position) }
    newest = max(newest ?? entry.time, entry.time)
    let fault = HistoryFault(position: position, rule: .badSignature)
    guard let author = history.members[entry.actor] else { throw earliest(fault) }
    let key = keys[author.id] ?? author.entryKey(origin: history.origin)
    keys[author.id] = key
    guard entry.signatures.count == 1, let line = entry.signatures.first, line.isBy(key) else { throw earliest(fault) }
    add(SignatureChecks.Job(signature: line.signature, text: entry.text, key: key, fault: fault))
  }

  /// The signature of a checkpoint whose root was compared.
  public mutating func attest(
    _ checkpoint: Checkpoint, signedBy signer: Identifier, _ signature: [UInt8]
  ) throws(HistoryFault) {
    let fault = HistoryFault(position: checkpoint.size, rule: .checkpointSignature)
    let key: VerifierKey
    do { key = try history.checkpointKey(of: signer) } catch { throw earliest(error) }
    add(SignatureChecks.Job(signature: signature, text: checkpoint.text, key: key, fault: fault))
  }

  /// The next entry, by the grammar alone.
  public mutating func parse(_ bytes: [UInt8]) throws(HistoryFault) -> Entry {
    do { return try Entry(parsing: bytes) } catch {
      throw earliest(HistoryFault(position: history.size, rule: .grammar(error)))
    }
  }

  public mutating func append(
    _ entry: Entry, node: (MerkleTree.Place, Digest) -> Void = { _, _ in }
  ) throws(HistoryFault) {
    let position = history.size
    do { try history.append(entry, leaf: MerkleTree.leafHash(entry.bytes), .deferred, node: node) } catch {
      throw earliest(error)
    }
    try attest(entry, at: position)
  }

  /// A checkpoint of all entries so far.
  public mutating func accept(
    _ checkpoint: Checkpoint, signedBy signer: Identifier, _ signature: [UInt8]
  ) throws(HistoryFault) {
    do { try history.check(checkpoint, signedBy: signer) } catch { throw earliest(error) }
    try attest(checkpoint, signedBy: signer, signature)
  }

  /// Once every signature has been checked.
  public mutating func finish() throws(HistoryFault) {
    if let fault = pending() { throw fault }
  }

  private mutating func add(_ job: SignatureChecks.Job) {
    jobs.append(job)
    guard jobs.count == SignatureChecks.batch else { return }
    checks.check(jobs)
    jobs.removeAll(keepingCapacity: true)
  }

  private mutating func pending() -> HistoryFault? {
    if !jobs.isEmpty { checks.check(jobs) }
    jobs = []
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
  public func entryKey(origin: String) -> VerifierKey {
    VerifierKey(name: Entry.keyName(origin: origin, member: id), ed25519: keys.entries)
  }
}

extension NoteSignature {
  func isBy(_ key: VerifierKey) -> Bool { keyID == key.keyID && name.utf8.elementsEqual(key.name.utf8) }
}
