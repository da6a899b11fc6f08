internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// Plans recoveries: decides who may continue, from which history, and on whose word.
extension Core {
  /// Plans the recovery from a conflict with this machine's own pin.
  func recoveryPlan() throws -> RecoveryPlan {
    guard let memory, let conflict = memory.conflict else {
      guard let done = memory?.finished else {
        throw nothingToRecover("the vault agrees with what this machine remembers of it")
      }
      let lost = Checkpoint(origin: history.origin, size: done.lost.size, root: done.lost.root)
      return try plan(
        .finished(done), LostHistory(checkpoint: lost, signer: nil, cosigners: [], pinned: nil), shared: 0)
    }
    let pin = conflict.pin
    return try reading {
      let signer = pin.note.signer(among: history.members, origin: history.origin)?.name
      let lost = LostHistory(checkpoint: pin.checkpoint, signer: signer, cosigners: [], pinned: pin.pinned)
      let shared = try pin.earlier.last { try isOnLine($0) }?.size ?? 0
      return try plan(way(on: pin), lost, shared: shared)
    }
  }

  /// Plans the recovery from a conflict with another machine's pin, by the note of its checkpoint.
  func recoveryPlan(covering note: SignedNote) throws -> RecoveryPlan {
    guard memory?.conflict == nil else {
      throw VaultError(
        .usage, "this machine itself verified another record than this one",
        hint: "go on from that first: \(step: .recover)")
    }
    try commit { try $0.requireRole(for: .logRecover) }
    return try reading {
      let lost = try lostHistory(note)
      let head = Seen(size: lost.checkpoint.size, root: lost.checkpoint.root)
      guard try !isOnLine(head) else {
        throw nothingToRecover("the checkpoint of \("entry".counted(head.size)) is a beginning of this log")
      }
      if let own = try trail().recoveries.last(where: { $0.author == me && $0.covers(head) }) {
        throw nothingToRecover("you have covered this checkpoint, with log entry \(own.position)")
      }
      return try plan(.record, lost, shared: 0)
    }
  }

  private func plan(_ way: RecoveryPlan.Way, _ lost: LostHistory, shared: UInt64) throws -> RecoveryPlan {
    let admins = history.activeMembers.filter { $0.role == .admin }.map(\.name).sorted()
    let found = Checkpoint(origin: history.origin, size: history.size, root: ledger.root())
    return RecoveryPlan(way: way, lost: lost, found: found, shared: shared, admins: admins)
  }

  private func way(on pin: Pin) throws -> RecoveryPlan.Way {
    let known = try trail().recoveries.filter { pin.knows(author: $0) }
    if let recovery = known.last(where: { $0.covers(pin.head) }) { return .follow(recovery) }
    let member = try author()
    if member.role == .admin, pin.knows(admin: member) { return .record }
    let admins = history.activeMembers.filter { $0.role == .admin && pin.knows(admin: $0) }
    guard !admins.isEmpty else { return .alone }
    throw unrecorded(for: pin, admins.map(\.name).sorted(), known)
  }

  private func unrecorded(for pin: Pin, _ admins: [String], _ known: [RecordedRecovery]) -> VaultError {
    let partly = known.last { recovery in pin.earlier.contains { recovery.covers($0) } }
    let others = partly.map { recovery in
      let size = pin.earlier.last { recovery.covers($0) }?.size ?? 0
      return "; \(recovery.name) did, with log entry \(recovery.position), for \(size) of them"
    }
    return VaultError(
      .notPermitted,
      "only an admin decides to go on with another record, and none has written so for the"
        + " \("entry".counted(pin.checkpoint.size)) that this machine verified\(others ?? "")",
      hint: "write them down, \(step: .recordLastSeen), and ask \(admins[0]) to run"
        + " \(step: .recoverCovering)")
  }

  private func lostHistory(_ note: SignedNote) throws -> LostHistory {
    guard let checkpoint = Checkpoint(parsing: note.text), checkpoint.size > 0 else {
      throw VaultError(
        .badInput, "the file holds no checkpoint",
        hint: "have it made on the other machine: \(step: .recordLastSeen)")
    }
    guard checkpoint.origin.hasSameBytes(as: history.origin) else {
      throw VaultError(
        .badInput, "the checkpoint is of another log", hint: "name the vault that it is of: \(step: .give(.vault))")
    }
    let signer = note.signer(among: history.members, origin: history.origin)
    let cosigners = note.cosigners(among: history.members, origin: history.origin)
    guard let cosigners, signer != nil || !cosigners.isEmpty else {
      throw VaultError(
        .integrity, "no member of this log has signed the checkpoint",
        hint: "have it made on the other machine: \(step: .recordLastSeen)")
    }
    return LostHistory(
      checkpoint: checkpoint, signer: signer?.name, cosigners: cosigners.map(\.member.name), pinned: nil)
  }

  /// Returns true if this log is, or continues, the log with this head.
  func isOnLine(_ head: Seen) throws -> Bool {
    guard head.size <= history.size else { return false }
    return try ConsistencyProof(from: head.size, to: history.size, node: node)?
      .verifies(oldRoot: head.root, newRoot: ledger.root()) ?? false
  }

  /// Returns the trail of the whole log, folded anew if the kept fold has left some of it out.
  private func trail() throws -> LogTrail {
    guard ledger.begun > 0 else { return ledger.trail }
    let whole = Ledger(store: store, vault: vault, keys: ledger.keys)
    try whole.refresh()
    return whole.trail
  }

  func nothingToRecover(_ why: String) -> VaultError {
    VaultError(.usage, "there is nothing to recover from: \(why)", hint: "see \(step: .seeStatus)")
  }
}
