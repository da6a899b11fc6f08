public import CustodyEvidence
internal import CustodyCrypto
public import CustodyLog
public import CustodySecrets
public import CustodyValues
internal import CustodyStore

/// A new value for an item, with what is recorded beside it.
public struct NewValue: Sendable {
  /// The reason, sealed in the log. At most 1,024 bytes.
  public var reason: String?
  /// The end of the value at the provider, as whoever brings it was told.
  public var expires: Timestamp?
  /// The origin of a token's value that came from the provider straight into this vault. Nil if a person brought it.
  public var source: Source?
  /// Names of members whose grants end by it. Nil ends the grants that have run out by this machine's clock, as far as
  /// the author may end them.
  public var leavingOut: [String]?
  /// True for an admin who doesn't hold the item, or whose own copy doesn't open. They can't tell whether the value is
  /// another one, so the exposure of the one before does not end by it.
  public var takesOver = false

  /// Makes a new value with a reason and nothing else beside it.
  public init(reason: String? = nil) { self.reason = reason }
}

extension Transaction {
  /// Gives an item another value, sealed under a new data key for everyone who keeps their grant.
  ///
  /// - Parameters:
  ///   - kind: connector or token.
  ///   - name: the item's name.
  ///   - secret: the new value. The one that the item has is refused.
  ///   - new: what is recorded beside it.
  /// - Throws: ``VaultError``: `notFound`, `notShared`, `notPermitted`, `badInput` for the same value.
  public func rotate(
    _ kind: ItemKind, _ name: String, secret: borrowing SecureBytes, _ new: NewValue = NewValue()
  ) throws(VaultError) {
    try translating {
      let action = Action(.rotate, kind)
      guard let item = try core.item(kind, name) else { throw core.notFound(kind, name) }
      try requireRole(for: action, item: item.id)
      if new.takesOver { try putRow(of: item) }
      if try !new.takesOver || core.author().role != .admin || core.opensValue(of: item) {
        try checkNew(secret, core.open(item, name, for: action), name)
      } else if core.isHolder(of: item) {
        // A holder's rotation claims that they compared the values. One who can't open their copy gives it back first.
        try takeBack(item, core.author(), nil, Action(.unshare, kind))
      }
      try rotate(current(item), secret, new, name, action)
    }
  }

  private func rotate(
    _ found: Item, _ secret: borrowing SecureBytes, _ new: NewValue, _ name: String, _ action: Action
  ) throws {
    let leavingOut = try members(leftOut: new.leavingOut, of: found, name)
    let isNoted = new.reason != nil || new.expires != nil
    var notes: [SealedText] = []
    var item = found
    if isNoted {
      let writer = try writer(for: found)
      item = current(found)
      notes += [try writer.reason(new.reason, at: next), writer.expiry(new.expires, at: next)].compactMap { $0 }
    }
    try replaceKey(of: item, secret, revision: item.revision + 1, leavingOut: leavingOut, action) { entry in
      for note in notes { note.name(in: &entry) }
      if let source = new.source { entry.set(.source, source.rawValue) }
    }
    for note in notes { try core.store.put(note.row) }
  }

  /// Refuses the value that the item has. A rotation ends the exposure of everyone who could open the previous value,
  /// so that value must no longer be in use.
  private func checkNew(_ secret: borrowing SecureBytes, _ opened: borrowing Opened, _ name: String) throws {
    let old = try opened.secret(in: core.arena)
    guard old.equals(secret) else { return }
    throw VaultError(
      .badInput, "cannot rotate \"\(name)\": that is the value which it has", subject: name,
      hint: "have the provider issue a new one, and store that")
  }

  /// Changes a connector's details, for its registrar or an admin. Tokens whose destination this changes are not sent
  /// anywhere until an admin confirms it.
  ///
  /// - Parameters:
  ///   - name: the connector's name, which `changes` may not change.
  ///   - reason: the reason, sealed in the log.
  ///   - changes: edits the details.
  /// - Throws: ``VaultError``: `notFound`, `notPermitted`, `badInput` if nothing changes.
  public func changeConnector(
    _ name: String, reason: String? = nil, _ changes: (inout ConnectorDetails) -> Void
  ) throws(VaultError) {
    try change(.connector, name, reason) { metadata in
      var details = try ConnectorDetails(metadata: metadata)
      let before = details
      changes(&details)
      guard details.name == name else { throw VaultError(.badInput, "a connector keeps its name") }
      return details == before ? nil : details.metadata
    }
  }

  /// Changes a token's details, for an admin.
  ///
  /// - Parameters:
  ///   - name: the token's name. `changes` may not change its tenant or connector.
  ///   - reason: the reason, sealed in the log.
  ///   - changes: edits the details.
  /// - Throws: ``VaultError``: `notFound`, `notPermitted`, `badInput` if nothing changes.
  public func changeToken(
    _ name: String, reason: String? = nil, _ changes: (inout TokenDetails) -> Void
  ) throws(VaultError) {
    try change(.token, name, reason) { metadata in
      var details = try TokenDetails(metadata: metadata)
      let before = details
      changes(&details)
      guard details.name == name else { throw VaultError(.badInput, "a token keeps its tenant and connector") }
      return details == before ? nil : details.metadata
    }
  }

  private func change(
    _ kind: ItemKind, _ name: String, _ reason: String?, _ changed: ([UInt8]) throws -> [UInt8]?
  ) throws(VaultError) {
    try translating {
      let action = Action(.change, kind)
      guard let item = try core.item(kind, name) else { throw core.notFound(kind, name) }
      try requireRole(for: action, item: item.id)
      try requireRegistrar(of: item, name, action)
      guard let metadata = try changed(core.details(of: item)) else {
        throw VaultError(
          .badInput, "cannot change \"\(name)\": its details are these already", subject: name,
          hint: "see them: \(step: .show(kind, name))")
      }
      let writer = try writer(for: item)
      let notes = [try writer.details(metadata, at: next), try writer.reason(reason, at: next)].compactMap { $0 }
      let entry = try append(action) { entry in
        entry.set(.item, item.id)
        for note in notes { note.name(in: &entry) }
      }
      for note in notes { try core.store.put(note.row) }
      try core.store.updateItem(item.id, details: entry)
    }
  }

  /// Refuses, and has the refusal recorded, unless the author is an admin or the connector's registrar.
  func requireRegistrar(of item: Item, _ name: String, _ action: Action) throws {
    guard try core.author().role != .admin else { return }
    guard !core.history.isRegistrar(core.me, of: item) || !core.isHolder(of: item) else { return }
    let isConnector = item.kind == .connector
    throw VaultError(
      .notPermitted,
      isConnector
        ? "cannot do that to \"\(name)\": only \(core.name(of: item.storedBy)), who registered it, or an admin may"
        : "cannot do that to \"\(name)\": only an admin may", subject: name,
      hint: isConnector ? "ask \(core.name(of: item.storedBy)), or an admin" : "ask an admin"
    ).denying(action, item.id)
  }

  /// Declares, by an admin who could open it, that a value which somebody else replaced unseen is worthless at the
  /// provider.
  ///
  /// - Parameters:
  ///   - kind: connector or token.
  ///   - name: the item's name.
  ///   - revision: the revision of the value that was replaced.
  ///   - reason: the reason, sealed in the log. Nil for a retired item.
  /// - Throws: ``VaultError``: `notFound` for the item or the revision, `notPermitted` if the author could not open
  ///   it.
  public func settle(
    _ kind: ItemKind, _ name: String, revision: UInt64, reason: String? = nil
  ) throws(VaultError) {
    try translating {
      let action = Action(.settle, kind)
      guard let item = try core.unsettled(kind, name, revision) else { throw core.notFound(kind, name) }
      try requireRole(for: action, item: item.id)
      guard reason == nil || !item.isRetired else {
        throw VaultError(
          .badInput, "cannot note a reason on \"\(name)\": it is retired", subject: name,
          hint: "leave out \(step: .leaveOut(.reason))")
      }
      guard let value = item.unseen.first(where: { $0.revision == revision }) else {
        throw VaultError(
          .notFound, "no value of revision \(revision) of \"\(name)\" was replaced unseen", subject: name,
          hint: "list them: \(step: .listExposures)")
      }
      guard value.exposures[core.me] != nil else {
        throw VaultError(
          .notPermitted, "cannot say that about \"\(name)\": you could not open revision \(revision)", subject: name,
          hint: "an admin who could has to say it"
        ).denying(action, item.id)
      }
      let note = try reasonNote(reason, on: item)
      _ = try append(action) { entry in
        entry.set(.item, item.id)
        entry.set(.revision, revision)
        note?.name(in: &entry)
      }
      if let note { try core.store.put(note.row) }
    }
  }

  /// Seals a reason for the next entry, under a metadata key that only those have who may read it.
  func reasonNote(_ reason: String?, on item: Item) throws -> SealedText? {
    guard reason != nil else { return nil }
    return try writer(for: item).reason(reason, at: next)
  }

  /// Returns the IDs of the members that a new data key leaves out: those named, or, if `names` is nil, those whose
  /// grants have ended.
  func members(leftOut names: [String]?, of item: Item, _ name: String) throws -> [Identifier] {
    // An entry has room for about this many IDs. A second rekey leaves out the rest.
    let most = 100
    guard let names else { return core.ended(of: item, at: time).prefix(most).map(\.id) }
    guard names.count <= most else {
      throw VaultError(
        .badInput, "cannot leave out more than \(most) members at once", subject: name,
        hint: "rekey once more for the rest")
    }
    return try names.map { wanted in
      guard let member = core.history.member(named: wanted), core.history.grant(of: member.id, in: item) != nil else {
        throw VaultError(
          .notFound, "\"\(name)\" is not shared with \"\(wanted)\"", subject: name,
          hint: "see who has it: \(step: .show(item.kind, name))")
      }
      guard core.history.mayLeaveOut(member.id, of: item, by: core.me) else {
        throw VaultError(
          .notPermitted, "cannot leave \"\(wanted)\" out of \"\(name)\": their grant has not ended", subject: name,
          hint: "ask \(core.name(of: item.storedBy)) or an admin to take it back")
      }
      return member.id
    }
  }
}

extension Core {
  /// Returns the item of this name, or a retired one of whose values this revision was replaced unseen.
  fileprivate func unsettled(_ kind: ItemKind, _ name: String, _ revision: UInt64) throws -> Item? {
    if let item = try item(kind, name) { return item }
    return try history.items.first { item in
      guard item.kind == kind, item.isRetired, item.unseen.contains(where: { $0.revision == revision }) else {
        return false
      }
      return try ItemName(kind, details(of: item)).text == name
    }
  }

  /// Returns true if this member holds an item and its value opens for them. An envelope may be junk, whoever sealed
  /// it.
  func opensValue(of item: Item) throws -> Bool {
    guard isHolder(of: item) else { return false }
    do {
      _ = try open(item, item.id.hex, for: Action(.reveal, item.kind)).secret(in: arena)
      return true
    } catch let error as VaultError where error.code == .integrity { return false }
  }

  /// Returns the members whose grants have ended by this machine's clock, if this member may leave them out of a new
  /// data key.
  func ended(of item: Item, at time: Timestamp) -> [Member] {
    history.grants(of: item).filter { $0.value.isExpired(at: time) && history.mayLeaveOut($0.key, of: item, by: me) }
      .keys.sorted().compactMap { history.members[$0] }
  }
}

extension Session {
  /// Returns the members whose grants have ended by this machine's clock, if this member may leave them out of a new
  /// data key.
  package func endedGrants(of kind: ItemKind, _ name: String) throws(VaultError) -> [Member] {
    try translating {
      try core.reading {
        guard let item = try core.item(kind, name) else { throw core.notFound(kind, name) }
        return core.ended(of: item, at: core.now())
      }
    }
  }

  /// Returns the members who could open a new value, but could not open the last value that this member could open.
  package func unknownHolders(_ kind: ItemKind, _ name: String) throws(VaultError) -> [Member] {
    try translating {
      try core.reading {
        guard let item = try core.item(kind, name) else { throw core.notFound(kind, name) }
        guard try !core.opensValue(of: item) else { return [] }
        let mine = item.exposures[core.me]
        return core.history.grants(of: item).filter { member, grant in
          guard member != core.me else { return false }
          // A member who got their grant before this member's last value was made could open that too.
          return mine.map { grant.right > $0.since.position && item.exposures[member]?.revision != $0.revision } ?? true
        }.keys.sorted().compactMap { core.history.members[$0] }
      }
    }
  }

  /// Returns true if this member holds an item and its newest value opens for them. The value is not returned, and
  /// nothing is recorded.
  package func opensValue(of kind: ItemKind, _ name: String) throws(VaultError) -> Bool {
    try translating {
      try core.reading {
        guard let item = try core.item(kind, name) else { throw core.notFound(kind, name) }
        return try core.opensValue(of: item)
      }
    }
  }

  /// Returns this member's grant of an item, if it has not ended by this machine's clock.
  package func grant(of kind: ItemKind, _ name: String) throws(VaultError) -> Grant? {
    let item = try item(kind, name)
    return core.history.grant(of: core.me, in: item).flatMap { $0.isExpired(at: core.now()) ? nil : $0 }
  }

  /// Returns the item as the log describes it, even if its details do not open.
  package func item(_ kind: ItemKind, _ name: String) throws(VaultError) -> Item {
    try translating {
      try core.reading {
        guard let item = try core.item(kind, name) else { throw core.notFound(kind, name) }
        return item
      }
    }
  }

  /// Returns the IDs of a connector's tokens in use, sorted.
  package func tokensInUse(of connector: Identifier) -> [Identifier] {
    core.history.items.filter { $0.connector == connector && !$0.isRetired }.map(\.id).sorted()
  }

  /// Returns one line for each difference between a token's destination and the confirmed one, with who changed it and
  /// when. Empty if there is none.
  package func destinationDifferences(of token: String) throws(VaultError) -> [String] {
    try translating {
      try core.reading {
        guard let item = try core.item(.token, token) else { throw core.notFound(.token, token) }
        return try core.destinationDifferences(of: item)
      }
    }
  }
}
