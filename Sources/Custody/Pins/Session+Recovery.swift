internal import CustodyEvidence
internal import CustodyCrypto
package import CustodyLog
package import CustodyValues
internal import CustodyStore

extension Session {
  /// Plans how to continue if the vault contradicts this machine's pin, or, with a note, another machine's pin. Changes
  /// nothing.
  ///
  /// - Parameter note: the result of `pinnedCheckpoint` on the other machine, whose member can then follow.
  /// - Throws: `usage` if there is nothing to recover from, `notPermitted` if only an admin can continue.
  package func recoveryPlan(covering note: SignedNote? = nil) throws(VaultError) -> RecoveryPlan {
    try translating {
      if let note { return try core.recoveryPlan(covering: note) }
      return try core.recoveryPlan()
    }
  }

  /// Continues as planned.
  ///
  /// - Parameters:
  ///   - plan: the plan that was confirmed.
  ///   - reason: what happened, for every member to read. Needed if an entry is added.
  ///   - genesis: the hash of the log's first entry, as the member typed it. Needed if they continue alone.
  package func recover(
    by plan: RecoveryPlan, reason: String? = nil, genesis: Digest? = nil
  ) throws(VaultError) -> Recovery {
    try translating {
      switch plan.way {
      case .finished(let recovery): return .finished(recovery)
      case .record: return .recorded(position: try core.recordRecovery(plan, reason ?? ""))
      case .follow(let recovery):
        try core.goOn(from: plan)
        return .followed(recovery)
      case .alone:
        try core.check(genesis: genesis)
        try core.goOn(from: plan)
        return .alone
      }
    }
  }

  /// Plans a recovery from a conflict with this machine's pin, and does it.
  ///
  /// - Parameter reason: what happened, for every member to read. 1 to 1,024 bytes.
  /// - Returns: the way in which it was done.
  /// - Throws: ``VaultError``: `usage` if there is nothing to recover from or the genesis would have to be typed,
  ///   `notPermitted` if only an admin can continue, `badInput` for the reason.
  public func recover(reason: String) throws(VaultError) -> Recovery {
    try recover(by: recoveryPlan(), reason: reason)
  }

  /// The recovery that this member had recorded, if unlocking has now moved the pin to it.
  package var finishedRecovery: RecordedRecovery? { core.memory?.finished }

  /// Returns the checkpoint that this machine pinned, with this member's cosignature, for an admin whose log
  /// contradicts it.
  package func pinnedCheckpoint() throws(VaultError) -> SignedNote {
    try translating {
      guard let pin = core.memory?.pin else {
        throw VaultError(.notFound, "this machine remembers no checkpoint of this vault")
      }
      let text = pin.checkpoint.text
      let seconds = UInt64(max(0, core.now().milliseconds / 1000))
      let signature = try core.holder.signCosignature(Cosignature.message(seconds, text))
      let key = try core.author().cosignatureKey(origin: pin.checkpoint.origin)
      let line = key.line(signature: Cosignature.payload(seconds, signature))
      return pin.checkpoint.note(signatures: pin.note.signatures.prefix(NoteSignature.limit - 1) + [line])
    }
  }
}

extension Core {
  fileprivate func recordRecovery(_ plan: RecoveryPlan, _ reason: String) throws -> UInt64 {
    guard !reason.isEmpty, reason.utf8.count <= Reason.limit else {
      throw VaultError(
        .badInput, "a reason has 1 to \(Reason.limit) bytes",
        hint: "say in a few words what happened: \(step: .give(.reason))")
    }
    let own = plan.lost.pinned == nil ? nil : try conflict(of: plan)
    let earlier = try own.map { own in try reading { try own.pin.earlier.filter { try !isOnLine($0) } } } ?? []
    let position = try transact(whileInConflict: own != nil) { transaction in
      try transaction.append(.logRecover) { entry in
        entry.set(.lostSize, plan.lost.checkpoint.size)
        entry.set(.lostRoot, plan.lost.checkpoint.root)
        if !earlier.isEmpty { entry.set(.lostEarlier, LostHeads.text(earlier)) }
        entry.set(.reason, reason)
      }
    }
    guard own != nil else { return position }
    do { try memory?.recover(to: ledger) } catch let error as VaultError {
      throw VaultError(
        error.code, "log entry \(position) records that you went on, but \(error.reason)", subject: error.subject,
        hint: "then unlock the vault again: the entry stands, and no second one is made"
      ).caused(by: error)
    }
    return position
  }

  fileprivate func goOn(from plan: RecoveryPlan) throws {
    _ = try conflict(of: plan)
    try reading { try memory?.recover(to: ledger) }
  }

  /// Returns the conflict, unless another call or process has settled it.
  private func conflict(of plan: RecoveryPlan) throws -> PinConflict {
    guard let conflict = memory?.conflict, conflict.pin.checkpoint == plan.lost.checkpoint else {
      throw nothingToRecover("the vault agrees with what this machine remembers of it")
    }
    return conflict
  }

  fileprivate func check(genesis typed: Digest?) throws {
    guard let typed else {
      throw VaultError(
        .usage, "nobody has typed the genesis of the vault",
        hint: "type what you noted when you joined, or have from another member: \(step: .give(.genesis))")
    }
    guard try reading({ try ledger.leaf(0) }) == typed else {
      throw VaultError(
        .integrity, "the genesis of this vault is another than the one that was typed",
        hint: "change nothing; ask another member which vault is the right one")
    }
  }
}
