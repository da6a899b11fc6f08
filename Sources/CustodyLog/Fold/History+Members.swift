internal import CustodyCrypto
internal import CustodyValues

extension History {
  /// Folds the first entry. Its author is the first admin, under the keys that it names. It is never void, since no log
  /// could follow.
  mutating func found(
    _ bytes: [UInt8], _ attest: (SignatureCheck) throws(HistoryFault) -> Void
  ) throws(HistoryFault) -> FoldedEntry {
    let entry: Entry
    do throws(EntryError) { entry = try Entry(parsing: bytes) } catch { throw fault(.grammar(error)) }
    guard entry.action == .vaultCreate, entry.outcome == .ok, entry.seq == 1 else { throw fault(.notTheFirst) }
    guard entry.seen == head() else { throw fault(.seenUnknown) }
    let keys = try keys(in: entry)
    let key = VerifierKey(name: Entry.keyName(origin: entry.origin, member: entry.actor), ed25519: keys.entries.bytes)
    guard entry.signatures.count == 1, let line = entry.signatures.first, line.isBy(key) else {
      throw fault(.badSignature)
    }
    try attest(
      SignatureCheck(signature: line.signature, text: entry.text, key: key, fault: fault(.badSignature)))
    guard let audit = entry.digest(.auditKey), BoxPublicKey(audit) != nil else { throw fault(.invalidKey) }
    guard entry.actor != .none else { throw fault(.memberTwice) }
    guard Set(keys.all + [audit]).count == keys.all.count + 1 else { throw fault(.keyTwice) }
    guard entry.role(.role) == .admin else { throw fault(.notTheFirst) }
    origin = entry.origin
    epochs = [Epoch(begun: 0, auditKey: audit)]
    add(entry, id: entry.actor, keys)
    members[entry.actor]?.lastSeq = 1
    (committer, transactions, adminTime) = (entry.actor, 1, entry.time)
    return FoldedEntry(position: 0, author: entry.actor, bytes: bytes, entry: entry, void: nil)
  }

  mutating func enroll(_ entry: Entry) throws(HistoryFault) {
    guard let id = entry.identifier(.member), id != .none, members[id] == nil else { throw fault(.memberTwice) }
    guard let name = entry.text(.name), member(named: name) == nil else { throw fault(.nameTwice) }
    let keys = try keys(in: entry)
    guard entry.machine == nil || entry.role(.role) != .admin else { throw fault(.machineAsAdmin) }
    guard !keys.all.contains(where: isTaken), Set(keys.all).count == keys.all.count else { throw fault(.keyTwice) }
    add(entry, id: id, keys)
  }

  /// Removes a member, and begins an epoch: the keys that the member had open nothing sealed from here on.
  mutating func remove(_ entry: Entry) throws(HistoryFault) {
    let member = try subject(of: entry)
    try keepAnAdmin(without: member)
    let position = size
    try beginEpoch(entry, losingAuditKey: member.role != .developer)
    members[member.id]?.removed = position
    members[member.id]?.lostGrants = position
  }

  mutating func changeRole(_ entry: Entry) throws(HistoryFault) {
    let member = try subject(of: entry)
    guard let role = entry.role(.role), role != member.role else { throw fault(.roleUnchanged) }
    guard member.machine == nil || role != .admin else { throw fault(.machineAsAdmin) }
    if member.role == .admin { try keepAnAdmin(without: member) }
    let position = size
    try beginEpoch(entry, losingAuditKey: member.role != .developer && role == .developer)
    members[member.id]?.role = role
    if role == .auditor { members[member.id]?.lostGrants = position }
  }

  /// Records that a member sealed their seed under another passphrase or key file. Their keys stay.
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

  private mutating func beginEpoch(_ entry: Entry, losingAuditKey: Bool) throws(HistoryFault) {
    guard let audit = entry.digest(.auditKey), BoxPublicKey(audit) != nil else { throw fault(.invalidKey) }
    guard !isTaken(audit) else { throw fault(.keyTwice) }
    if losingAuditKey { auditKeyLost = epoch }
    epochs.append(Epoch(begun: size, auditKey: audit))
  }

  private mutating func add(_ entry: Entry, id: Identifier, _ keys: MemberKeys) {
    guard let name = entry.text(.name), let role = entry.role(.role) else { return }
    members[id] = Member(
      id: id, name: name, role: role, keys: keys, machine: entry.machine, enrolled: size, enrolledBy: entry.actor,
      seedEntry: size)
    memberNames[name] = id
    for key in keys.all { memberKeys[key] = id }
  }

  /// True if the key is in use already: no key serves two purposes or two members.
  private func isTaken(_ key: Digest) -> Bool {
    memberKeys[key] != nil || epochs.contains { $0.auditKey == key }
  }

  private func keys(in entry: Entry) throws(HistoryFault) -> MemberKeys {
    guard let box = entry.digest(.boxKey), let entries = entry.digest(.signKey),
      let checkpoints = entry.digest(.checkpointKey), let cosignatures = entry.digest(.cosignKey)
    else { throw fault(.invalidKey) }
    let keys = MemberKeys(
      box: MemberKey(box), entries: MemberKey(entries), checkpoints: MemberKey(checkpoints),
      cosignatures: MemberKey(cosignatures))
    guard keys.areUsable else { throw fault(.invalidKey) }
    return keys
  }
}

extension MemberKeys {
  /// True if none of the keys is of low order, of mixed order or not canonical.
  package var areUsable: Bool {
    BoxPublicKey(box.bytes) != nil
      && [entries.bytes, checkpoints.bytes, cosignatures.bytes].allSatisfy(Signature.isValidKey)
  }
}
