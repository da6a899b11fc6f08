public import CustodySystem
public import CustodyEvidence
internal import CustodyCrypto
public import CustodyLog
public import CustodyValues
internal import CustodyStore

/// How much of the log is read from its bytes. What was verified before is still held against the tree.
public enum VerificationDepth: Sendable {
  /// Signatures since this machine last verified them; every row all the same.
  case sinceLast
  case everything
}

/// What was verified, and found to hold.
public struct Verification: Sendable {
  public let verdicts: Verdicts
  public let entries: UInt64
  /// The first position whose signature was checked, now and not before.
  public let begun: UInt64
  public let checkpoints: UInt64
  public let rows: UInt64
  /// The leaf hash of the first entry: it tells this vault from any other.
  public let genesis: Digest
  public let root: Digest
  /// Positions of entries whose author dated them well before the entry before: no fault, but worth a question.
  public let backdated: [UInt64]
  /// Entries that are signed and break a rule: they count for nothing.
  public let voids: [VoidTally]
  /// Items whose secret this member could open, and did; nil where only the log and the rows were verified.
  public internal(set) var opened: UInt64?
  /// Why the log has no entry of this verification. Nil where it has one.
  public internal(set) var unrecorded: VaultError?
}

extension Session {
  /// Every entry from its bytes, the tree, every checkpoint, and every row against what the log says of it: nothing
  /// may be missing, changed, or there besides. Needs no secret. Leaves an entry where the vault can be written; where it
  /// can't, `unrecorded` says why.
  ///
  /// The first entry that does not hold is thrown, as an error with a `fault` that names it. Where the log holds, rows that are
  /// not what it says are thrown together, as the `damage` of one error. A log that contradicts the pin, or in which something is
  /// damaged that a member signed, does not throw: see the verdicts. `progress` is told of how much is done, of how much.
  public func verifyLog(
    _ depth: VerificationDepth = .everything, progress: @escaping ProgressReport = { _, _ in }
  ) throws(VaultError) -> Verification {
    try translating {
      try core.recorded(core.reading { try Verifier(core, depth, progress).run() })
    }
  }

  /// As `verifyLog` with everything, and opens every item that this member can.
  package func verifyEverything(
    progress: @escaping ProgressReport = { _, _ in }
  ) throws(VaultError) -> Verification {
    try translating {
      let verified = try core.reading {
        try Verifier(core, .everything, progress).run(opening: true)
      }
      return try core.recorded(verified)
    }
  }
}

extension Core {
  /// A vault that can't be written is verified all the same; only the record of it is missing.
  fileprivate func recorded(_ verified: Verification) throws -> Verification {
    var verified = verified
    try memory?.noteVerified(ledger)
    do { try commit { _ = try $0.append(.logVerify) { $0.set(.size, verified.entries) } } } catch {
      verified.unrecorded = error as? VaultError ?? VaultError(translating: error)
    }
    return verified
  }

  /// Names and notes, as far as this member can open them. What does not open is noted.
  func openNames(_ texts: NotedTexts) throws {
    func openOneByOne(_ item: Item) throws {
      for place in texts.of(item.id) {
        guard let row = try store.note(place.entry, place.kind) else { continue }
        try unlessDamaged(item) { _ = try text(row, of: item, sha256: place.sha256) }
      }
    }
    try eachOpened(ItemKind.allCases, with: texts, damaged: openOneByOne) { _ in }
    guard !opensNames else { return }
    // Retired ones, whose names nobody lists.
    for id in texts.items {
      guard let item = history.items[id], reads(item), !opensName(of: item) else { continue }
      try openOneByOne(item)
    }
  }

  /// How many secrets of this member's open.
  func openSecrets() throws -> UInt64 {
    var opened: UInt64 = 0
    for item in history.items where isHolder(of: item) && reads(item) && !item.isRetired {
      let isOpen: Void? = try unlessDamaged(item) {
        _ = try open(item, item.id.hex, for: .tokenReveal).secret(in: arena)
      }
      if isOpen != nil { opened += 1 }
    }
    return opened
  }
}
