internal import CustodyEvidence
internal import CustodyCrypto
internal import CustodyLog
internal import CustodySecrets
internal import CustodyValues
internal import CustodyStore

/// An admin's repair of a damaged vault: takes out rows that the log does not name, and restores those that it names.
package struct Repair: ~Copyable {
  struct Author {
    let vault: Identifier
    let member: Identifier
    let holder: any KeyHolder
    let arena: SecureArena
  }

  private let damaged: DamagedVault
  let author: Author
  private let genesis: Digest?
  private let pins: PinFolder?
  private var sources: RepairSources { damaged.sources }

  init(_ damaged: DamagedVault, _ author: Author, _ genesis: Digest?, _ pins: PinFolder?) {
    (self.damaged, self.author, self.genesis, self.pins) = (damaged, author, genesis, pins)
  }

  /// Returns what the repair would do. Changes nothing.
  ///
  /// - Throws: `notPermitted` unless the author is an admin, `integrity` if the log's first entries do not hold.
  package borrowing func plan() throws(VaultError) -> RepairPlan {
    try translating { try sources.read { try examine().plan } }
  }

  /// Moves a killed repair's leftover write-ahead log into the file, if there is nothing to repair.
  package borrowing func settle() throws(VaultError) {
    guard damaged.doubtfulLog != nil else { return }
    try translating {
      sources.vault.trustLog()
      try sources.vault.emptyLog()
    }
  }

  /// Does as planned, in one transaction with an entry that records it.
  ///
  /// - Parameters:
  ///   - plan: the plan that was confirmed.
  ///   - cut: a reason, for every member to read, to continue without entries that members' checkpoints cover.
  /// - Throws: `conflict` if the vault has changed since it was planned, `integrity` if something would be cut
  ///   without a reason.
  package borrowing func carryOut(_ plan: RepairPlan, cut: String? = nil) throws(VaultError) -> RepairResult {
    try translating {
      try settled {
        var quarantine: Quarantine?
        do {
          let done = try sources.write {
            let found = try examine()
            guard found.plan.fingerprint == plan.fingerprint else {
              throw VaultError(
                .conflict, "the vault is another than when the repair was planned", hint: "run the command again")
            }
            try check(found.plan, cut: cut)
            quarantine = try self.quarantine(found.changes.out)
            return try apply(found, quarantine, cut)
          }
          try settle(done.core, quarantine)
          return done.result
        } catch {
          // Once a new file has taken the vault's place, the quarantine is the only copy of the old one.
          if damaged.rebuilt?.hasTakenOver != true { quarantine?.remove() }
          throw error
        }
      }
    }
  }

  /// Runs `body` with the damaged file locked too, if it is to be replaced.
  private borrowing func settled<R: ~Copyable>(_ body: () throws -> R) throws -> R {
    try damaged.rebuilt.map { try $0.whileLocked(body) } ?? body()
  }

  private borrowing func quarantine(_ out: [StoredRow]) throws -> Quarantine? {
    if let rebuilt = damaged.rebuilt { return try rebuilt.keep(at: damaged.now()) }
    return out.isEmpty ? nil : try Quarantine.write(out, beside: damaged.path, at: damaged.now())
  }

  /// Refuses to cut entries that members' checkpoints cover, unless a reason is given.
  package borrowing func check(_ plan: RepairPlan, cut: String?) throws(VaultError) {
    guard let cover = plan.covers.first else { return }
    if let cut {
      guard !cut.isEmpty, cut.utf8.count <= Reason.limit else {
        throw VaultError(
          .badInput, "a reason has 1 to \(Reason.limit) bytes",
          hint: "say in a few words what happened: \(step: .give(.reason))")
      }
      return
    }
    if let lost = plan.lostKey { throw lost.error }
    throw VaultError(
      .integrity, "cannot repair: \(cover.text)", subject: "\(plan.size)",
      hint: "take the rows back from a copy that has them, \(step: .repairFromCopy); if there is none,"
        + " \(step: .repairCutting) goes on without them")
  }

  // MARK: What is there

  private struct Examined {
    let log: AssembledLog
    let changes: RowChanges
    let plan: RepairPlan

    /// Number of rows that the repaired vault no longer has.
    var takenOut: Int { changes.out.count + (plan.rebuild?.refused ?? 0) }
  }

  private borrowing func examine() throws -> Examined {
    try Vault.checkLibrary()
    let pin = try pins?.pin(of: author.vault)
    let keys = try RepairKeys(sources, of: author.vault, author.member, author.holder, in: author.arena)
    var assembly = LogAssembly(sources, keys, pin)
    let log = try assembly.run()
    let me = try check(log)
    let planning = RepairPlanning(sources, keys, log, pin)
    let covers = try planning.covers()
    let changes = try changes(log, keys, isCut: !covers.isEmpty)
    let plan = try planning.plan(changes, covers: covers, of: me, damaged.rebuilt)
    // Only a repair leaves a write-ahead log that does not continue the file. Nobody can write to it before that is
    // settled.
    if let doubtful = damaged.doubtfulLog, !plan.isNothing || !log.facts.endsWithRepair {
      throw VaultError(StoreError.foreignLog(doubtful), path: damaged.path)
    }
    return Examined(log: log, changes: changes, plan: plan)
  }

  /// Checks that this is the vault that the member knows, and that they are an admin of it.
  private borrowing func check(_ log: AssembledLog) throws -> Member {
    guard genesis == nil || log.facts.leaf(0) == genesis else {
      throw VaultError(
        .integrity, "this is not the vault that you joined: its log begins with another entry",
        hint: "check \(step: .use(.vault)); if the path is right, someone has put another vault in its place")
    }
    guard log.history.origin.utf8.suffix(33).elementsEqual("/\(author.vault.hex)".utf8) else {
      throw VaultError(.integrity, "the log is of another vault")
    }
    guard let me = log.history.members[author.member], me.isActive, me.keys == author.holder.keys else {
      throw VaultError(
        .integrity, "the log, as far as it holds, knows no member \(author.member.hex) with your keys",
        hint: "take the rest of it from a copy that has it: \(step: .repairFromCopy)")
    }
    guard me.role == .admin else {
      throw VaultError(
        .notPermitted, "\(Action.vaultRepair.rawValue) is not for \(me.role.indefinite)",
        hint: "ask an admin to do it")
    }
    return me
  }

  // MARK: What is done

  private borrowing func apply(
    _ found: Examined, _ quarantine: Quarantine?, _ cut: String?
  ) throws -> (result: RepairResult, core: Core) {
    let store = sources.vault
    try put(found.changes, store)
    try checkOrder(found)
    let core = try core()
    try checkPin(core.memory, found, cut)
    let transaction = Transaction(core: core, seen: core.ledger.head(), time: damaged.now())
    if let cut, !found.plan.covers.isEmpty { try recordCut(transaction, found, cut) }
    let position = try transaction.append(.vaultRepair) { entry in
      entry.set(.count, UInt64(found.takenOut))
      entry.set(.restored, UInt64(found.changes.put.count))
      if let quarantine { entry.set(.quarantineSHA256, quarantine.sha256) }
      if let gone = found.changes.olderKeysGone { entry.set(.wrapsSHA256, gone.sha256) }
    }
    for id in found.changes.doubted {
      if let item = core.history.items[id] { try transaction.doubtExchange(of: item) }
    }
    try core.ledger.sign(by: author.holder, member: author.member)
    let result = RepairResult(
      position: position, takenOut: found.takenOut, restored: found.changes.put.count,
      quarantine: quarantine?.path, quarantineSHA256: quarantine?.sha256)
    return (result, core)
  }

  /// Finishes after the commit: the next reader can trust the file, and this machine's pin moves to it.
  private borrowing func settle(_ core: Core, _ quarantine: Quarantine?) throws {
    let (store, memory) = (sources.vault, core.memory)
    store.trustLog()
    if let rebuilt = damaged.rebuilt, let quarantine {
      try rebuilt.finish(quarantine)
    } else {
      // Otherwise the next to open the vault would find a write-ahead log that does not continue the file.
      try? store.emptyLog()
    }
    if memory?.conflict == nil {
      memory?.move(to: core.ledger)
    } else {
      try? memory?.recover(to: core.ledger)
      // The kept fold is of the log that was abandoned.
      memory?.throwFoldAway()
    }
  }

  private borrowing func put(_ changes: RowChanges, _ store: Store) throws {
    for row in changes.out { try store.delete(row) }
    for table in StoredTable.allCases {
      for row in changes.put where row.place == table { try store.insert(row) }
    }
  }

  /// Examines the vault again, and fails unless nothing is left to do: the rows written are the rows intended.
  private borrowing func checkOrder(_ found: Examined) throws {
    let keys = try RepairKeys(sources, of: author.vault, author.member, author.holder, in: author.arena)
    let again = try changes(found.log, keys, isCut: !found.plan.covers.isEmpty)
    guard again.out.isEmpty, again.put.isEmpty, again.olderKeysGone?.sha256 == found.changes.olderKeysGone?.sha256,
      try sources.vault.isSound()
    else {
      throw VaultError(
        .integrity, "cannot repair: the file does not have what was written to it", subject: damaged.path,
        hint: "check the disk: copy the vault to another one, and repair it there")
    }
  }

  private borrowing func changes(_ log: AssembledLog, _ keys: RepairKeys, isCut: Bool) throws -> RowChanges {
    var changes = RowChanges()
    try LogRepair(sources, keys, author.vault, log).run(&changes)
    try MemberRepair(sources, log).run(&changes)
    try ItemRepair(sources, log, isCut: isCut).run(&changes)
    return changes
  }

  /// Reads the repaired vault as any reader does: from its first entry, with every check.
  private borrowing func core() throws -> Core {
    let memory = try pins.map { try VaultMemory($0, of: author.vault, now: damaged.now) }
    let keys = EpochKeys(sources.vault, of: author.vault, author.member, author.holder, in: author.arena)
    let ledger = Ledger(
      store: sources.vault, vault: author.vault, keys: keys, watch: memory?.pin?.checkpoint.size)
    try ledger.refresh()
    memory?.compare(ledger)
    return Core(
      Core.Unlocked(
        store: sources.vault, ledger: ledger, member: author.member, holder: author.holder, arena: author.arena,
        now: damaged.now, memory: memory))
  }

  /// Refuses to contradict this machine's pin, unless a reason is given and the pin knows the author as an admin.
  private borrowing func checkPin(_ memory: VaultMemory?, _ found: Examined, _ cut: String?) throws {
    guard let conflict = memory?.conflict else { return }
    guard cut != nil, conflict.recovery == nil, let me = found.log.history.members[author.member],
      conflict.pin.knows(admin: me)
    else { throw conflict.error }
  }

  private borrowing func recordCut(_ transaction: borrowing Transaction, _ found: Examined, _ reason: String) throws {
    guard let lost = found.plan.covers.first?.head else { return }
    var earlier: [Seen] = []
    for head in found.plan.covers.map(\.head) where head.size < (earlier.last?.size ?? lost.size) {
      earlier.append(head)
    }
    _ = try transaction.append(.logRecover) { entry in
      entry.set(.lostSize, lost.size)
      entry.set(.lostRoot, lost.root)
      if !earlier.isEmpty { entry.set(.lostEarlier, LostHeads.text(earlier.prefix(LogTrail.limit).reversed())) }
      entry.set(.reason, reason)
    }
  }
}
