internal import CustodyCrypto
internal import CustodyLog
public import CustodyMemory
internal import CustodyStore

/// How a vault that is not the one that was pinned was gone on with.
public enum Recovery: Sendable {
  /// This admin did, with an entry.
  case recorded(position: UInt64)
  /// An admin had done so before, with an entry that covers what was pinned here.
  case accepted(admin: String, reason: String, at: Timestamp)
}

extension Session {
  /// Goes on from the vault as it is, though this machine pinned another. An admin leaves an entry that names what is
  /// lost; anyone else needs such an entry by an admin.
  public func recover(reason: String) throws(VaultError) -> Recovery {
    try translating {
      guard let memory = core.memory, let conflict = memory.conflict else {
        throw VaultError(
          .usage, "there is nothing to recover from: the vault agrees with what this machine remembers of it",
          hint: "see \"custody status\"")
      }
      guard try core.author().role == .admin else { return try core.acceptRecovery(conflict, memory) }
      return try core.recordRecovery(conflict, memory, reason)
    }
  }
}

extension Entry {
  /// Whether it goes on from a loss that covers what was pinned. One from before the pin is about another loss: the
  /// history that was pinned may well have it.
  fileprivate func recovers(from pin: Pin) -> Bool {
    guard action == .logRecover, outcome == .ok, let size = number(.lostSize), time >= pin.pinned else { return false }
    return size > pin.checkpoint.size || size == pin.checkpoint.size && digest(.lostRoot) == pin.checkpoint.root
  }
}

extension Core {
  fileprivate func recordRecovery(
    _ conflict: PinConflict, _ memory: VaultMemory, _ reason: String
  ) throws -> Recovery {
    guard !reason.isEmpty, reason.utf8.count <= Note.limit else {
      throw VaultError(.badInput, "a reason has 1 to \(Note.limit) bytes", hint: "say in a few words what happened")
    }
    let position = try transact(whileInConflict: true) { transaction in
      try transaction.append(.logRecover) { entry in
        entry.set(.lostSize, conflict.pin.checkpoint.size)
        entry.set(.lostRoot, conflict.pin.checkpoint.root)
        entry.set(.reason, reason)
      }
    }
    try memory.recover(to: ledger)
    return .recorded(position: position)
  }

  fileprivate func acceptRecovery(_ conflict: PinConflict, _ memory: VaultMemory) throws -> Recovery {
    try reading {
      var found: (position: UInt64, entry: Entry)?
      try store.eachEntry(from: 0) { row in
        guard history.voidEntry(at: row.position) == nil, let entry = try? Entry(parsing: ledger.proved(row)),
          entry.recovers(from: conflict.pin)
        else { return }
        found = (row.position, entry)
      }
      guard let found, let reason = found.entry.text(.reason) else {
        throw VaultError(
          .notPermitted, "only an admin decides to go on with another history, and none has recorded it here",
          hint: "show an admin what this machine pinned, and ask them to run \"custody log recover\"")
      }
      try memory.recover(to: ledger)
      return .accepted(
        admin: name(of: found.entry.actor), reason: LogValue.shown(reason),
        at: found.entry.time)
    }
  }
}
