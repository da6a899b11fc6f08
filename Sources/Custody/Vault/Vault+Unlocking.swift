public import CustodySystem
internal import CustodyEvidence
package import CustodyCrypto
internal import CustodyLog
package import CustodySecrets
public import CustodyValues
internal import CustodyStore

extension Vault {
  /// Unlocks a member: opens their seed, folds the log, and checks that both agree.
  ///
  /// - Parameters:
  ///   - member: the member's ID.
  ///   - credential: the factors that they unlock with.
  ///   - remembered: the hash of the first entry, from the day when they founded the vault or asked to join. Another
  ///     vault in its place is refused.
  ///   - pins: the folder of this machine's pins.
  ///   - progress: is told how many entries are read, of how many: all if the vault is opened here for the first
  ///     time, else the new ones.
  /// - Throws: ``VaultError``: `notFound`, `notApproved`, `wrongPassphrase`, `weakParameters`, `pinUnreadable`,
  ///   `integrity`.
  public consuming func unlock(
    as member: Identifier, by credential: borrowing Credential, genesis remembered: Digest? = nil,
    pins: PinFolder?, progress: @escaping ProgressReport = { _, _ in }
  ) throws(VaultError) -> Session {
    let vault = self
    return try vault.namingLog {
      try vault.check(genesis: remembered)
      guard let row = try vault.store.member(member) else { throw try vault.noMember(member) }
      let arena = try SecureArena()
      let holder = try SeedHolder(vault.seed(of: row, credential, in: arena), in: arena)
      return try Session(vault.session(holder, member, pins, in: arena, progress))
    }
  }

  /// Unlocks with an identity that is already open.
  package consuming func unlock(
    as member: Identifier, with holder: any KeyHolder, genesis: Digest? = nil, pins: PinFolder?,
    progress: @escaping ProgressReport = { _, _ in }
  ) throws(VaultError) -> Session {
    let vault = self
    return try vault.namingLog {
      try vault.check(genesis: genesis)
      return try Session(vault.session(holder, member, pins, in: SecureArena(), progress))
    }
  }

  /// Runs `body`. If something does not hold and a foreign write-ahead log lies beside the vault, the error's hint
  /// names that log, which may be the cause.
  private borrowing func namingLog<R: ~Copyable>(_ body: () throws -> R) throws(VaultError) -> R {
    do { return try translating(body) } catch {
      guard error.code == .integrity, error.hint == error.code.hint, let log = store.untrustedLog else { throw error }
      throw error.hinting(
        "if \"\(PrintableText.escape(log))\" is of another copy, move it away and keep it; nothing was written")
    }
  }

  /// Opens a member's seed, to be handed to an agent.
  package borrowing func seed(
    of member: Identifier, by credential: borrowing Credential, in arena: SecureArena
  ) throws(VaultError) -> Seed {
    try translating {
      guard let row = try store.member(member) else { throw try noMember(member) }
      return try seed(of: row, credential, in: arena)
    }
  }

  /// Returns a member's envelopes of the newest vault key, and of the audit key if they have it. Every use of their
  /// keys begins with opening these.
  package borrowing func keyEnvelopes(of member: Identifier) throws(VaultError) -> [[UInt8]] {
    try translating {
      let all = try store.keyWraps(of: member)
      let newest = all.map(\.epoch).max()
      return all.filter { $0.epoch == newest }.compactMap(\.sealed)
    }
  }

  func check(genesis remembered: Digest?) throws(VaultError) {
    guard remembered == nil || remembered == genesis else {
      throw VaultError(
        .integrity, "this is not the vault that you joined: its log begins with another entry",
        hint: "check \(step: .use(.vault)); if the path is right, someone has put another vault in its place")
    }
  }

  /// Opens a member's identity alone, for a process that keeps it unlocked.
  package borrowing func identity(
    of member: Identifier, by credential: borrowing Credential
  ) throws(VaultError) -> any KeyHolder {
    try translating {
      let arena = try SecureArena()
      return try SeedHolder(seed(of: member, by: credential, in: arena), in: arena)
    }
  }

  func noMember(_ member: Identifier) throws -> VaultError {
    if try store.request(member) != nil {
      return VaultError(.notApproved, "cannot unlock: no admin has approved you yet", subject: member.hex)
    }
    return VaultError(
      .notFound, "this vault has no member \(member.hex)", subject: member.hex,
      hint: "ask to join: \(step: .join)")
  }

  private func seed(of row: MemberRow, _ credential: borrowing Credential, in arena: SecureArena) throws -> Seed {
    let lock = try row.seed.lock()
    guard lock.factors == SeedFactors(credential.factors) else { throw lock.factors.mismatch(credential.factors) }
    let key = try lock.key(from: credential, in: arena)
    do {
      return try Seed.open(row.seed.seed, under: key, lock, of: (id, row.id), in: arena)
    } catch is CryptoError {
      throw VaultError(.wrongPassphrase, "cannot unlock: \(lock.factors.wrong), or your sealed seed was changed")
    }
  }

  func session(
    _ holder: any KeyHolder, _ member: Identifier, _ pins: PinFolder?, in arena: SecureArena,
    _ progress: @escaping ProgressReport = { _, _ in }
  ) throws -> Core {
    for attempt in 0..<4 {
      do { return try start(holder, member, pins, inMemory: false, in: arena, progress) } catch FoldTrouble.notMade {
        break
      } catch FoldTrouble.overtaken where attempt == 2 {
        // No other process is that fast, so the vault is not the one of the kept fold.
        pins?.removeFold(of: id)
      } catch is FoldTrouble {}
    }
    return try start(holder, member, pins, inMemory: true, in: arena, progress)
  }

  /// A reason to unlock again from the beginning.
  private enum FoldTrouble: Error {
    /// Another process has moved the pin and kept its fold since this one read the pin.
    case overtaken
    /// The kept fold could not be read, and was removed.
    case damaged
    /// A first fold could not be kept while it was made, as on a full disk.
    case notMade
  }

  private func start(
    _ holder: any KeyHolder, _ member: Identifier, _ pins: PinFolder?, inMemory: Bool, in arena: SecureArena,
    _ progress: @escaping ProgressReport
  ) throws -> Core {
    let memory = try pins.map { try VaultMemory($0, of: id, now: now) }
    return try store.read { try begin(holder, member, memory, inMemory: inMemory, in: arena, progress) }
  }

  private func begin(
    _ holder: any KeyHolder, _ member: Identifier, _ memory: VaultMemory?, inMemory: Bool, in arena: SecureArena,
    _ progress: @escaping ProgressReport
  ) throws -> Core {
    let keys = EpochKeys(store, of: id, member, holder, in: arena)
    guard try keys.newestEpoch() != nil else {
      // Nothing is left of a member who was removed. One row that is missing is damage.
      guard try store.member(member) != nil else { throw try noMember(member) }
      throw VaultError(
        .integrity, "your envelope of the vault key is missing, or does not open",
        hint: "an admin can take it from an older copy of the vault: \(step: .repairFromCopy)")
    }
    let ledger = try folded(keys, inMemory ? nil : memory, watch: memory?.pin?.checkpoint.size, progress)
    func core() throws -> Core {
      try check(ledger, holder, member)
      if memory != nil, memory?.pin == nil { try checkApproval(ledger, member) }
      try memory?.compare(ledger, as: member)
      if !inMemory { memory?.keepFold(ledger) }
      let core = Core(
        Core.Unlocked(
          store: store, ledger: ledger, member: member, holder: holder, arena: arena, now: now, memory: memory))
      core.noteVaultRow()
      core.noteOwnWraps()
      return core
    }
    let made = Result { try core() }
    guard !ledger.history.isDamaged else {
      memory?.throwFoldAway()
      throw ledger.begun == 0 ? FoldTrouble.notMade : .damaged
    }
    let core = try made.get()
    if ledger.stopped == nil, memory?.conflict == nil { store.trustLog() }
    return core
  }

  /// Folds from the kept fold, if the vault continues it; else from the first entry.
  private func folded(
    _ keys: EpochKeys, _ memory: VaultMemory?, watch: UInt64?, _ progress: @escaping ProgressReport
  ) throws -> Ledger {
    if let base = memory?.fold(under: keys) {
      let ledger = Ledger(store: store, vault: id, keys: keys, from: base, watch: watch, memory: memory)
      if (try? ledger.refresh(progress)) != nil, !ledger.history.isDamaged { return ledger }
    }
    if let memory, memory.isOvertaken { throw FoldTrouble.overtaken }
    try Self.checkLibrary()
    let ledger = Ledger(store: store, vault: id, keys: keys, watch: watch, memory: memory)
    do {
      do { try ledger.refresh(progress) } catch let fault as HistoryFault { try ledger.stop(at: fault) }
    } catch is FoldDamage { throw FoldTrouble.notMade }
    return ledger
  }

  /// Checks the checkpoint of a first unlock: the admin who approved the member must have signed the first one after
  /// their enrolment.
  private func checkApproval(_ ledger: Ledger, _ member: Identifier) throws {
    guard let me = ledger.history.members[member] else { return }
    var first: CheckpointRow?
    try store.eachCheckpoint(from: me.enrolled + 1) { row in if first == nil { first = row } }
    guard let first, first.signer == me.enrolledBy, let signed = ledger.signed(first), signed.key.verify(signed.note)
    else {
      throw VaultError(
        .integrity, "the checkpoint with which you were approved is not signed by the admin who approved you")
    }
  }

  /// Checks the log against the vault's row and the member's keys, since anyone can write rows.
  private func check(_ ledger: Ledger, _ holder: any KeyHolder, _ member: Identifier) throws {
    guard try ledger.leaf(0) == genesis else {
      throw VaultError(.integrity, "the log does not begin with its first entry")
    }
    guard ledger.history.origin.utf8.suffix(33).elementsEqual("/\(id.hex)".utf8) else {
      throw VaultError(.integrity, "the log is of another vault")
    }
    guard let me = ledger.history.members[member], me.isActive else {
      let reason = "the log knows no member \(member.hex), or none any more"
      // If the log can't be read to its end, a member who joined after that is only unknown for now.
      guard ledger.stopped != nil, store.untrustedLog == nil else { throw VaultError(.integrity, reason) }
      throw VaultError(
        .integrity, reason,
        hint: "it does not hold to its end; an admin can take the rest from another copy: \(step: .repairFromCopy)")
    }
    guard me.keys == holder.keys else {
      throw VaultError(.integrity, "the log has other keys for you than your seed makes", subject: me.name)
    }
  }
}
