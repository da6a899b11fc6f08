public import CustodySystem
public import CustodyEvidence
internal import CustodyCrypto
public import CustodyLog
public import CustodyValues
internal import CustodyStore

/// The part of the log that is read from its bytes. Entries verified earlier are still compared with the tree.
public enum VerificationDepth: Sendable {
  /// Checks signatures of the entries since this machine's last verification, and every row.
  case sinceLast
  /// Checks the signature of every entry, and every row.
  case everything
}

/// The result of a verification that held.
public struct Verification: Sendable {
  /// The findings by question: completeness, attribution, damage.
  public let verdicts: Verdicts
  /// The number of entries in the log.
  public let entries: UInt64
  /// The first position whose signature was checked now and not in an earlier verification.
  public let begun: UInt64
  /// The number of checkpoints checked.
  public let checkpoints: UInt64
  /// The number of rows held against the log.
  public let rows: UInt64
  /// The leaf hash of the first entry. It tells this vault from any other.
  public let genesis: Digest
  /// The root of the log's Merkle tree (RFC 6962) over all its entries.
  public let root: Digest
  /// Positions of entries whose author dated them well before the entry before. It is no fault, but worth a question.
  public let backdated: [UInt64]
  /// Entries that are signed and break a rule, counted by author and rule. They have no effect.
  public let voids: [VoidTally]
  /// The number of items whose secret this member could open, and did. Nil if only the log and the rows were verified.
  public internal(set) var opened: UInt64?
  /// The reason why the log has no entry of this verification. Nil if it has one.
  public internal(set) var unrecorded: VaultError?
}

extension Session {
  /// Verifies every entry from its bytes, the tree, every checkpoint, and every row against the log: no row may be
  /// missing, changed or added. It needs no secret, and leaves an entry if the vault can be written; otherwise
  /// `unrecorded` says why.
  ///
  /// A log that contradicts the pin, or an item that a member signed and that is damaged, does not throw: see
  /// `verdicts`.
  ///
  /// - Parameters:
  ///   - depth: how much of the log is read from its bytes.
  ///   - progress: is told how much is done, of how much.
  /// - Returns: the counts, the root and the verdicts of a log that holds.
  /// - Throws: ``VaultError`` with the code `integrity` for the first entry that does not hold, or for all rows that
  ///   are not what the log says.
  public func verifyLog(
    _ depth: VerificationDepth = .everything, progress: @escaping ProgressReport = { _, _ in }
  ) throws(VaultError) -> Verification {
    try translating {
      try core.recorded(core.reading { try Verifier(core, depth, progress).run() })
    }
  }

  /// Does what `verifyLog(.everything)` does, and opens every item that this member can open.
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
  /// Records the verification in the log. If the vault can't be written, the verification still counts and `unrecorded`
  /// says why it has no entry.
  fileprivate func recorded(_ verified: Verification) throws -> Verification {
    var verified = verified
    try memory?.noteVerified(ledger)
    do { try commit { _ = try $0.append(.logVerify) { $0.set(.size, verified.entries) } } } catch {
      verified.unrecorded = error as? VaultError ?? VaultError(translating: error)
    }
    return verified
  }

  /// Opens the names and notes that this member can open, and records those that do not open as damage.
  func openNames(_ texts: NotedTexts) throws {
    func openOneByOne(_ item: Item) throws {
      for place in texts.of(item.id) {
        guard let row = try store.note(place.entry, place.kind) else { continue }
        try unlessDamaged(item) { _ = try text(row, of: item, sha256: place.sha256) }
      }
    }
    try eachOpened(ItemKind.allCases, with: texts, damaged: openOneByOne) { _ in }
    guard !opensNames else { return }
    // Retired items, whose names `eachOpened` leaves out.
    for id in texts.items {
      guard let item = history.items[id], reads(item), !opensName(of: item) else { continue }
      try openOneByOne(item)
    }
  }

  /// Opens every secret that this member holds, and returns how many open.
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
