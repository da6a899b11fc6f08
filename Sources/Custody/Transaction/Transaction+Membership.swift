internal import CustodyEvidence
internal import CustodyCrypto
public import CustodyLog
public import CustodyValues
internal import CustodyStore

/// What the removal of a member, or another role for them, left to do.
public struct Departure: Sendable {
  /// Items that have a new data key: what they had opens no later value.
  public let rekeyed: [Identifier]
  /// Items whose data key they may still have, until a holder rekeys.
  public let unkeyed: [Identifier]
}

extension Transaction {
  /// Ends a membership: a new vault key and audit key for those who stay, and a new data key for each item that the leaver
  /// could open and whose data key the author holds. The reason is there for every member to read.
  ///
  /// Refused where the leaver alone could open something, unless it may be `orphaning`.
  public func remove(_ member: String, reason: String? = nil, orphaning: Bool = false) throws(VaultError) -> Departure {
    try translating {
      let leaver = try subject(member, .memberRemove)
      if !orphaning { try checkOrphans(leaver) }
      let held = try core.held(by: leaver.id)
      try beginEpoch(.memberRemove, leaver, role: nil, reason)
      try core.store.deleteMember(leaver.id)
      return try rekey(held, without: leaver)
    }
  }

  /// Gives a member another role, with new keys for everyone as when someone leaves.
  public func setRole(
    of member: String, to role: Role, reason: String? = nil, orphaning: Bool = false
  ) throws(VaultError) -> Departure {
    try translating {
      let subject = try subject(member, .memberRole)
      guard subject.role != role else {
        throw VaultError(
          .conflict, "\"\(member)\" is \(role.indefinite) already", subject: member, hint: "nothing to do")
      }
      if role == .auditor, !orphaning { try checkOrphans(subject) }
      let held = try core.held(by: subject.id)
      try beginEpoch(.memberRole, subject, role: role, reason)
      if role == .auditor { return try rekey(held, without: subject) }
      // An admin read names by the audit key, which they lose: what they hold they go on reading.
      if role == .developer, subject.id != core.me {
        for item in held.compactMap({ core.history.items[$0] }) where !item.isRetired && core.opensMetadata(of: item) {
          _ = try writer(for: item)
        }
      }
      return Departure(rekeyed: [], unkeyed: [])
    }
  }

  private func subject(_ name: String, _ action: Action) throws -> Member {
    try requireRole(for: action)
    guard let member = core.history.member(named: name), member.isActive else {
      throw VaultError(
        .notFound, "there is no member \"\(name)\"", subject: name, hint: "list them: \(step: .listMembers)")
    }
    let others = core.history.activeMembers.filter { $0.role == .admin && $0.id != member.id }
    guard member.role != .admin || !others.isEmpty else {
      throw VaultError(
        .notPermitted, "\"\(name)\" is the last admin: nobody could approve, share or take back any more",
        subject: name,
        hint: "make someone else an admin first: \(step: .changeRole(of: nil, to: .admin))")
    }
    return member
  }

  private func checkOrphans(_ leaver: Member) throws {
    var (count, names) = (0, [String]())
    for item in core.history.items where !item.isRetired {
      let grants = core.history.grants(of: item)
      guard grants.count == 1, grants[leaver.id] != nil else { continue }
      count += 1
      // By its ID where it doesn't open.
      if names.count < 5 { names.append((try? core.opened(item).name.text) ?? item.id.hex) }
    }
    guard count > 0 else { return }
    throw VaultError(
      .conflict,
      "only \"\(leaver.name)\" can open \(count) of the items (\(names.sorted().joined(separator: ", "))): nobody could any more",
      subject: leaver.name,
      hint: "have them shared with someone else or retired first; or give them up: \(step: .use(.orphan))")
  }

  // MARK: The next epoch

  private func beginEpoch(_ action: Action, _ subject: Member, role: Role?, _ reason: String?) throws {
    let (keys, epoch) = (core.ledger.keys, core.history.epoch + 1)
    let vaultKey = try VaultKey.random(in: core.arena)
    let audit = try BoxKey.random(in: core.arena)
    let links = try keys.links(in: epoch, under: vaultKey, audit.publicKey, core.history.epochs)
    var wraps: [KeyWrapRow] = []
    for member in core.history.activeMembers where role != nil || member.id != subject.id {
      let box = try core.boxKey(of: member)
      wraps.append(KeyWrapRow(.vault, of: epoch, in: epoch, to: member.id, box.wrap(vaultKey)))
      let stays = member.id == subject.id ? role : member.role
      guard stays != .developer else { continue }
      wraps.append(KeyWrapRow(.audit, of: epoch, in: epoch, to: member.id, box.wrap(audit)))
    }
    let publicKey = audit.publicKey.bytes
    _ = try append(action) { entry in
      entry.set(.member, subject.id)
      entry.set(.auditKey, publicKey)
      entry.set(.wrapsSHA256, SealedHashes.wraps(wraps))
      entry.set(.previousSHA256, SealedHashes.wraps(links))
      if let role { entry.set(.role, role.rawValue) }
      if let reason { entry.set(.reason, reason) }
    }
    switch role {
    case nil: try core.store.takeBackKeyWraps(of: subject.id)
    case .developer?: try core.store.takeBackKeyWraps(of: subject.id, .audit)
    default: break
    }
    for row in links + wraps { try core.store.put(row) }
    try core.store.updateAuditKey(publicKey)
    keys.adopt(vaultKey, audit, epoch: epoch)
  }

  /// Where the author lacks the data key, the envelope goes at once and the item stands exposed until a holder rekeys. So
  /// does everything of who leaves by their own hand: they sign nothing any more.
  private func rekey(_ held: [Identifier], without leaver: Member) throws -> Departure {
    var (rekeyed, unkeyed): ([Identifier], [Identifier]) = ([], [])
    for item in held.compactMap({ core.history.items[$0] }) {
      try core.store.takeBackEnvelopes(of: item.id, recipient: leaver.id)
      if item.isRetired { continue }
      // By its ID: what it is called is nothing to a removal. Nor does an item that doesn't open stop one.
      let action = Action(.rekey, item.kind)
      guard leaver.id != core.me, core.isHolder(of: item), let opened = try? core.open(item, item.id.hex, for: action),
        let secret = try? opened.secret(in: core.arena)
      else {
        unkeyed.append(item.id)
        continue
      }
      try replaceKey(of: opened.item, secret, revision: opened.item.revision, leavingOut: [], action)
      rekeyed.append(item.id)
    }
    return Departure(rekeyed: rekeyed, unkeyed: unkeyed)
  }
}

extension Core {
  /// Items that a member may open by the log, or has an envelope of: who can write the file can take the row away.
  fileprivate func held(by member: Identifier) throws -> [Identifier] {
    let rows = try store.items(openTo: member)
    return Set(rows).union(history.items.filter { history.grant(of: member, in: $0) != nil }.map(\.id)).sorted()
  }
}
