internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// The one way in which anything changes, and the one behind which secrets are: rows, their signed entries and one
/// checkpoint in one durable transaction. No committed entry, no secret.
extension Core {
  func commit<R: ~Copyable>(_ body: (Transaction) throws -> R) throws -> R {
    do { return try transact(body) } catch let error as VaultError {
      if let attempt = error.attempt { record(attempt) }
      throw error
    }
  }

  func transact<R: ~Copyable>(
    whileInConflict: Bool = false, _ body: (Transaction) throws -> R
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
      // Where another's write was waited for in vain nothing was folded.
      guard hasBegun else { throw error }
      ledger.discardUncommitted()
      metadataKeys = [:]
      try checkFold(after: error)
      throw error
    }
  }

  /// Refuses whatever nothing may be written to: by what was last read of it.
  func checkWritable(whileInConflict: Bool = false) throws {
    if let fault = ledger.stopped { throw VaultError(stoppedBy: fault) }
    if !whileInConflict { try memory?.checkContinuity() }
  }

  /// What was refused is recorded where it can be; that it can't (a read-only file, say) doesn't hide the refusal.
  func record(_ attempt: Attempt) {
    try? transact { transaction in
      _ = try transaction.append(attempt.action, outcome: attempt.outcome) { entry in
        if let item = attempt.item, attempt.action.kind != nil { entry.set(.item, item) }
      }
    }
  }
}

/// One commit in the making: whatever is done through it stands in the vault together, or not at all.
public struct Transaction {
  let core: Core
  let seen: Seen
  /// Of all its entries: what is decided by the clock is decided once.
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

  /// Refuses, on the record, whoever has none of the roles that may do this.
  func requireRole(for action: Action, item: Identifier? = nil) throws { try core.requireRole(for: action, item: item) }
}

extension Core {
  /// Whether this member may do it to a vault that can be written, by what was last read of it.
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

  /// The refusal is to be recorded by whoever catches it.
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
  /// Nothing is written to a log that does not hold to its end.
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
