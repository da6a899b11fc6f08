internal import CustodyEvidence
internal import CustodyCrypto
public import CustodyLog
public import CustodyValues
internal import CustodyStore

/// The items that the removal or new role of a member affects.
public struct Departure: Sendable {
  /// Items with a new data key. The keys that the former member had open no later value.
  public let rekeyed: [Identifier]
  /// Items whose data key the former member may still have, until a holder rekeys.
  public let unkeyed: [Identifier]
}

extension Transaction {
  /// Removes a member. Those who stay get a new vault key and audit key. Each item that the leaver could open, and
  /// whose data key the author holds, gets a new data key.
  ///
  /// - Parameters:
  ///   - member: the member's name.
  ///   - reason: the reason, which every member can read.
  ///   - orphaning: true to remove them even if nobody else can open some items.
  /// - Returns: the items with a new data key, and those still waiting for one.
  /// - Throws: ``VaultError``: `notFound`, `notPermitted`, also for the last admin; `conflict` if only the leaver can
  ///   open an item.
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

  /// Gives a member another role, with a new vault key and audit key for everyone, as when someone leaves.
  ///
  /// - Parameters:
  ///   - member: the member's name.
  ///   - role: the new role.
  ///   - reason: the reason, which every member can read.
  ///   - orphaning: true to make them an auditor even if nobody else can open some items.
  /// - Returns: the items with a new data key, and those still waiting for one; none unless the new role is auditor.
  /// - Throws: ``VaultError``: `notFound`, `notPermitted`, also for the last admin; `conflict` if they have the role,
  ///   or only they can open an item.
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
      // An admin reads names by the audit key, which they lose now. An envelope lets them read on about the items they
      // hold.
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
      // An item that doesn't open is named by its ID.
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

  /// Gives each item that the leaver held a new data key. If the author lacks the old one, only the leaver's envelope
  /// is deleted, and the item stays exposed until a holder rekeys. The same holds for all items of a member who removes
  /// themselves, because they can sign nothing after that.
  private func rekey(_ held: [Identifier], without leaver: Member) throws -> Departure {
    var (rekeyed, unkeyed): ([Identifier], [Identifier]) = ([], [])
    for item in held.compactMap({ core.history.items[$0] }) {
      try core.store.takeBackEnvelopes(of: item.id, recipient: leaver.id)
      if item.isRetired { continue }
      // Errors name the item by its ID, because a removal needs no name. An item that doesn't open does not stop the
      // removal.
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
  /// Returns the items that a member may open by the log or has an envelope of. Both count, because whoever can write
  /// the file can remove the row.
  fileprivate func held(by member: Identifier) throws -> [Identifier] {
    let rows = try store.items(openTo: member)
    return Set(rows).union(history.items.filter { history.grant(of: member, in: $0) != nil }.map(\.id)).sorted()
  }
}
