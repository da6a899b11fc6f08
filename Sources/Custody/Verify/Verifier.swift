internal import CustodySystem
internal import CustodyEvidence
internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// Verifies the whole vault: the log, then every row against it.
struct Verifier {
  let core: Core
  private let depth: VerificationDepth
  private let progress: ProgressReport
  var store: Store { core.store }
  var history: History { core.history }

  init(_ core: Core, _ depth: VerificationDepth, _ progress: @escaping ProgressReport) {
    (self.core, self.depth, self.progress) = (core, depth, progress)
  }

  /// - Parameter opening: true to also open every secret that this member can open.
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

  /// Compares the number of index entries with the number of rows. A row that an index lists twice, or a second vault
  /// row, would be found by one query and not by another.
  private func compareIndices(_ counts: [String: UInt64]) throws {
    if try store.vaultCount() != 1 { core.note("there is a row of table \"vault\" beside the one") }
    // Rows of `item` are counted while they are read, because SQLite counts them by an index.
    let expected = ["item": UInt64(history.items.count), "revision": counts["revision"] ?? 0]
    for (table, entries) in try store.indexCounts() where entries != expected[table] {
      core.note("an index of table \"\(table)\" has \(entries) entries, and there are \(expected[table] ?? 0) rows")
    }
  }
}
