internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// Runs transactions. Every change, and every release of a secret, is one durable transaction of rows, signed entries
/// and one checkpoint: no committed entry, no secret.
extension Core {
  func commit<R: ~Copyable>(_ body: (borrowing Transaction) throws -> R) throws -> R {
    do { return try transact(body) } catch let error as VaultError {
      if let attempt = error.attempt { record(attempt) }
      throw error
    }
  }

  func transact<R: ~Copyable>(
    whileInConflict: Bool = false, _ body: (borrowing Transaction) throws -> R
  ) throws -> R {
    var (hasBegun, isLonger) = (false, false)
    do {
      let result = try store.write {
        hasBegun = true
        try ledger.refresh()
        try checkWritable(whileInConflict: whileInConflict)
        let seen = ledger.head()
        let result = try body(Transaction(core: self, seen: seen, time: now()))
        isLonger = ledger.history.size > seen.size
        if isLonger { try ledger.sign(by: holder, member: me) }
        try checkFold()
        return result
      }
      if isLonger { memory?.move(to: ledger) }
      return result
    } catch {
      // If another connection's write lock could not be had, nothing was folded.
      guard hasBegun else { throw error }
      ledger.discardUncommitted()
      metadataKeys = [:]
      try checkFold(after: error)
      throw error
    }
  }

  /// Refuses if the vault must not be written to, by what was last read of it.
  func checkWritable(whileInConflict: Bool = false) throws {
    if let fault = ledger.stopped { throw VaultError(stoppedBy: fault) }
    if !whileInConflict { try memory?.checkContinuity() }
  }

  /// Records a refused or failed attempt if possible. A vault that can't be written must not hide the refusal.
  func record(_ attempt: Attempt) {
    try? transact { transaction in
      _ = try transaction.append(attempt.action, outcome: attempt.outcome) { entry in
        if let item = attempt.item, attempt.action.kind != nil { entry.set(.item, item) }
      }
    }
  }
}

/// One commit in the making. All changes made through it are stored together, or none.
///
/// A transaction is only lent, so that none is used after its commit: no checkpoint would cover what it writes.
public struct Transaction: ~Copyable {
  let core: Core
  let seen: Seen
  /// Time of all its entries, so that the clock is read once for each decision.
  let time: Timestamp

  init(core: Core, seen: Seen, time: Timestamp) { (self.core, self.seen, self.time) = (core, seen, time) }

  /// Signs an entry and adds it to the log. Returns its position.
  func append(
    _ action: Action, outcome: Outcome = .ok, _ details: (inout EntryDraft) throws -> Void
  ) throws -> UInt64 {
    let author = try core.author()
    var draft = EntryDraft(
      EntryHeader(
        origin: core.history.origin, time: time, actor: core.me, seq: author.lastSeq + 1, seen: seen,
        action: action, outcome: outcome))
    try details(&draft)
    return try core.ledger.append(draft, by: core.holder)
  }

  /// Refuses, and has the refusal recorded, unless the author's role may do this.
  func requireRole(for action: Action, item: Identifier? = nil) throws { try core.requireRole(for: action, item: item) }
}

extension Core {
  /// Returns true if this member may do it and the vault can be written, by what was last read of it.
  func permits(_ action: Action) -> Bool {
    guard !store.isReadOnly else { return false }
    do {
      try recalling {
        try checkWritable()
        try requireRole(for: action)
      }
      return true
    } catch { return false }
  }

  /// Refuses unless the author's role and, for a machine, its uses permit the action. The caller records the refusal.
  func requireRole(for action: Action, item: Identifier? = nil) throws {
    let author = try author()
    try author.machine?.require(action, item)
    let role = author.role
    guard !action.rule.signers.contains(role) else { return }
    let who = action.rule.signers.map(\.rawValue).joined(separator: " or ")
    throw VaultError(
      .notPermitted, "\(action.rawValue) is not for \(role.indefinite)",
      hint: "ask \(who == "admin" ? "an admin" : "an admin or developer") to do it"
    ).denying(action, item)
  }
}

extension VaultError {
  /// The error for writing to a log that does not hold to its end.
  init(stoppedBy fault: HistoryFault) {
    self.init(
      .integrity, "nothing can be written: \(fault.text); what is before it can be read", subject: "\(fault.position)",
      hint: "an admin can take that out, or back from another copy: \(step: .repair), \(step: .repairFromCopy)")
    self.fault = fault
  }
}

extension MachineUse {
  func require(_ action: Action, _ item: Identifier?) throws(VaultError) {
    guard !permits(action) else { return }
    throw VaultError(
      .notPermitted, "\(action.rawValue) is not for a machine that may only exchange",
      hint: "let it run \(step: .exchange), or ask a person who holds it"
    ).denying(action, item)
  }
}
