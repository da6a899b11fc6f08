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
  public func verifyEverything(
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
  fileprivate func openNames(_ texts: NotedTexts) throws {
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
  fileprivate func openSecrets() throws -> UInt64 {
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

/// Holds every row against the log.
struct Verifier {
  let core: Core
  private let depth: VerificationDepth
  private let progress: ProgressReport
  var store: Store { core.store }
  var history: History { core.history }

  init(_ core: Core, _ depth: VerificationDepth, _ progress: @escaping ProgressReport) {
    (self.core, self.depth, self.progress) = (core, depth, progress)
  }

  /// `opening`: every secret too that this member can open.
  func run(opening: Bool = false) throws -> Verification {
    if let fault = core.ledger.stopped { throw fault }
    let begun = depth == .sinceLast ? core.memory?.verifiedSize ?? 0 : 0
    let counts = try store.counts()
    let looked = ["revision", "envelope", "note"].reduce(UInt64(0)) { $0 + (counts[$1] ?? 0) }
    let tally = Tally(of: LogPass.weight * (history.size - min(begun, history.size)) + looked, progress)
    let pass = try LogPass(core, from: begun, counts, tally)
    try MemberVerifier(core).run()
    try ItemVerifier(core, counts, tally).run()
    try compareIndices(counts)
    let cosigned = try CosignatureVerifier(core).run()
    try core.openNames(pass.texts)
    let opened = try opening ? core.openSecrets() : nil
    if let first = core.damages.ofTheFile { throw damaged(first) }
    let rows = counts.values.reduce(0, +)
    return Verification(
      verdicts: Verdicts(
        (core.memory?.vouchers ?? []) + cosigned, contradiction: core.memory?.conflict?.text, damage: core.damages.all),
      entries: history.size, begun: begun, checkpoints: history.transactions, rows: rows,
      genesis: try core.ledger.leaf(0), root: core.ledger.root(),
      backdated: pass.backdated, voids: VoidTally.of(history.voids, among: history.members), opened: opened)
  }

  private func damaged(_ first: Damage) -> VaultError {
    let others = core.damages.count - 1
    var error = VaultError(
      .integrity, "\(first.text)\(others > 0 ? "; and \(others) more" : "")", subject: first.item?.hex,
      hint: "change nothing, and compare with another copy of the vault; what is not named is as the log says")
    error.damage = core.damages.all
    return error
  }

  /// What is listed twice, or beside the one row, would be met by one query and not by another.
  private func compareIndices(_ counts: [String: UInt64]) throws {
    if try store.vaultCount() != 1 { core.note("there is a row of table \"vault\" beside the one") }
    // The rows of items themselves are counted as they are walked; SQLite counts them by an index.
    let expected = ["item": UInt64(history.items.count), "revision": counts["revision"] ?? 0]
    for (table, entries) in try store.indexCounts() where entries != expected[table] {
      core.note("an index of table \"\(table)\" has \(entries) entries, and there are \(expected[table] ?? 0) rows")
    }
  }
}
