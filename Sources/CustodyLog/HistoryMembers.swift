internal import CustodyCrypto
internal import CustodyMemory

extension History {
  /// The first entry: its author is the first admin, by the keys that it names itself.
  mutating func found(_ entry: Entry) throws(HistoryFault) {
    guard entry.action == .vaultCreate, entry.outcome == .ok, entry.seq == 1 else { throw fault(.notTheFirst) }
    let keys = try keys(in: entry)
    guard entry.isSigned(by: keys.entries) else { throw fault(.badSignature) }
    guard let audit = entry.digest(.auditKey), BoxPublicKey(audit) != nil else { throw fault(.invalidKey) }
    guard entry.actor != .none else { throw fault(.memberTwice) }
    guard Set(keys.all + [audit]).count == keys.all.count + 1 else { throw fault(.keyTwice) }
    guard entry.role(.role) == .admin else { throw fault(.notTheFirst) }
    epochs = [Epoch(begun: 0, auditKey: audit)]
    takenKeys = [audit]
    add(entry, id: entry.actor, keys)
  }

  mutating func enroll(_ entry: Entry) throws(HistoryFault) {
    guard let id = entry.identifier(.member), id != .none, members[id] == nil else { throw fault(.memberTwice) }
    guard let name = entry.text(.name), member(named: name) == nil else { throw fault(.nameTwice) }
    let keys = try keys(in: entry)
    guard entry.machine == nil || entry.role(.role) != .admin else { throw fault(.machineAsAdmin) }
    guard takenKeys.isDisjoint(with: keys.all), Set(keys.all).count == keys.all.count else { throw fault(.keyTwice) }
    add(entry, id: id, keys)
  }

  /// Who leaves, or changes their role, begins an epoch: what they had opens nothing that is sealed from here on.
  mutating func remove(_ entry: Entry) throws(HistoryFault) {
    let member = try subject(of: entry)
    try keepAnAdmin(without: member)
    try beginEpoch(entry)
    let position = size
    members[member.id]?.removed = position
    takeGrants(of: member.id)
  }

  mutating func changeRole(_ entry: Entry) throws(HistoryFault) {
    let member = try subject(of: entry)
    guard let role = entry.role(.role), role != member.role else { throw fault(.roleUnchanged) }
    guard member.machine == nil || role != .admin else { throw fault(.machineAsAdmin) }
    if member.role == .admin { try keepAnAdmin(without: member) }
    try beginEpoch(entry)
    members[member.id]?.role = role
    if role == .auditor { takeGrants(of: member.id) }
  }

  /// One sealed their seed anew: under another passphrase, or with another key file. Their keys stay.
  mutating func rekey(_ entry: Entry) {
    let position = size
    members[entry.actor]?.seedEntry = position
  }

  private func subject(of entry: Entry) throws(HistoryFault) -> Member {
    guard let member = entry.identifier(.member).flatMap({ members[$0] }), member.isActive else {
      throw fault(.unknownMember)
    }
    return member
  }

  private func keepAnAdmin(without leaver: Member) throws(HistoryFault) {
    guard isPart || activeMembers.contains(where: { $0.role == .admin && $0.id != leaver.id }) else {
      throw fault(.lastAdmin)
    }
  }

  private mutating func beginEpoch(_ entry: Entry) throws(HistoryFault) {
    guard let audit = entry.digest(.auditKey), BoxPublicKey(audit) != nil else { throw fault(.invalidKey) }
    guard !takenKeys.contains(audit) else { throw fault(.keyTwice) }
    epochs.append(Epoch(begun: size, auditKey: audit))
    takenKeys.insert(audit)
  }

  /// They may keep the data keys that they had: each item waits for a holder to rekey it.
  private mutating func takeGrants(of member: Identifier) {
    for id in items.keys where items[id]?.grants[member] != nil {
      items[id]?.grants[member] = nil
      items[id]?.takenBack.append(member)
    }
  }

  private mutating func add(_ entry: Entry, id: Identifier, _ keys: MemberKeys) {
    guard let name = entry.text(.name), let role = entry.role(.role) else { return }
    members[id] = Member(
      id: id, name: name, role: role, keys: keys, machine: entry.machine, enrolled: size, enrolledBy: entry.actor,
      seedEntry: size)
    names[name] = id
    takenKeys.formUnion(keys.all)
  }

  private func keys(in entry: Entry) throws(HistoryFault) -> MemberKeys {
    guard let box = entry.digest(.boxKey), let entries = entry.digest(.signKey),
      let checkpoints = entry.digest(.checkpointKey), let cosignatures = entry.digest(.cosignKey)
    else { throw fault(.invalidKey) }
    let keys = MemberKeys(box: box, entries: entries, checkpoints: checkpoints, cosignatures: cosignatures)
    guard keys.areUsable else { throw fault(.invalidKey) }
    return keys
  }
}

extension MemberKeys {
  /// No low-order, mixed-order or non-canonical key becomes a member's.
  public var areUsable: Bool {
    BoxPublicKey(box) != nil && [entries, checkpoints, cosignatures].allSatisfy(Signature.isValidKey)
  }
}
