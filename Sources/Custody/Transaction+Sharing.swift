internal import CustodyCrypto
public import CustodyLog
public import CustodyMemory
internal import CustodyStore

/// With whom, until when and why an item is shared.
public struct Share: Sendable {
  public var recipient: String
  public var until: Timestamp?
  public var reason: String?

  public init(with recipient: String, until: Timestamp? = nil, reason: String? = nil) {
    (self.recipient, self.until, self.reason) = (recipient, until, reason)
  }
}

/// What taking back achieved.
public enum Unshared: Sendable {
  /// A new data key seals the value, and who was left out never had it.
  case rekeyed
  /// The envelope is gone, but the data key is the one they may still hold, until a holder rekeys.
  case needsRekey
}

extension Transaction {
  public func share(_ kind: ItemKind, _ name: String, _ share: Share) throws(VaultError) {
    try translating {
      let action: Action = kind == .connector ? .connectorShare : .tokenShare
      try requireRole(for: action, item: core.item(kind, name)?.id)
      let opened = try core.open(kind, name, for: action)
      try grant(opened.item, share, opened.dataKey, opened.metadataKey)
    }
  }

  func grant(
    _ item: Item, _ share: Share, _ dataKey: borrowing DataKey, _ metadataKey: borrowing MetadataKey
  ) throws {
    let recipient = try recipient(of: share)
    if let own = core.history.items[item.id]?.grants[core.me], let end = own.until, !own.covers(share.until) {
      throw VaultError(
        .notPermitted, "cannot share for longer than you hold it yourself: until \(end.text)",
        hint: "name that time or an earlier one with --until")
    }
    let sealed = try core.boxKey(of: recipient).wrap(dataKey)
    let sha256 = SHA256.hash(sealed)
    let position = next
    let note = try share.reason.map { try self.note($0, on: item.id, item.generation, at: position, metadataKey) }
    _ = try append(item.kind == .connector ? .connectorShare : .tokenShare) { entry in
      entry.set(.item, item.id)
      entry.set(.revision, item.revision)
      entry.set(.generation, item.generation)
      entry.set(.to, recipient.id)
      entry.set(.envelopeSHA256, sha256)
      if let until = share.until { entry.set(.until, until) }
      note?.name(in: &entry)
    }
    try core.store.takeBackEnvelopes(of: item.id, generation: item.generation, recipient: recipient.id)
    try core.store.insert(
      EnvelopeRow(
        item: item.id, generation: item.generation, recipient: recipient.id, entry: position, sealed: sealed,
        sha256: sha256))
    if let note { try core.store.insert(note.row) }
  }

  private func recipient(of share: Share) throws -> Member {
    guard let recipient = core.history.member(named: share.recipient) else {
      throw VaultError(
        .notFound, "there is no member \"\(share.recipient)\"", subject: share.recipient,
        hint: "list them: \"custody member list\"")
    }
    guard recipient.isActive else {
      throw VaultError(
        .notPermitted, "cannot share with \"\(recipient.name)\": they are not a member any more",
        subject: recipient.name,
        hint: "list the members: \"custody member list\"")
    }
    guard recipient.role != .auditor else {
      throw VaultError(
        .notPermitted, "cannot share with \"\(recipient.name)\": an auditor opens no secret", subject: recipient.name,
        hint: "share with a developer or an admin")
    }
    if let until = share.until, until <= core.now() {
      throw VaultError(.badInput, "cannot share until \(until.text): that has passed", hint: "name a time to come")
    }
    return recipient
  }

  /// Takes a grant back. Who holds the item makes a new data key in the same transaction.
  public func unshare(
    _ kind: ItemKind, _ name: String, from member: String, reason: String? = nil
  ) throws(VaultError) -> Unshared {
    try translating {
      let action: Action = kind == .connector ? .connectorUnshare : .tokenUnshare
      guard let item = core.item(kind, name) else { throw core.notFound(kind, name) }
      try requireRole(for: action, item: item.id)
      guard let leaver = core.history.member(named: member), item.grants[leaver.id] != nil else {
        throw VaultError(
          .notFound, "\"\(name)\" is not shared with \"\(member)\"", subject: name,
          hint: "see who has it: \"custody \(kind.rawValue) show \(name)\"")
      }
      guard item.grants.count > 1 else {
        throw VaultError(
          .notPermitted, "cannot take \"\(name)\" from \"\(member)\": nobody else could open it", subject: name,
          hint: "share it with someone else first, or retire it")
      }
      try core.attest(item.grants.filter { $0.key != leaver.id }, of: item)
      let holds = core.isHolder(of: item)
      if !holds, try core.author().role != .admin { _ = try core.open(kind, name, for: action) }
      try takeBack(item, leaver, reason, action, name)
      guard holds, leaver.id != core.me else { return .needsRekey }
      try rekey(core.open(kind, name, for: action))
      return .rekeyed
    }
  }

  private func takeBack(
    _ item: Item, _ leaver: Member, _ reason: String?, _ action: Action, _ name: String
  ) throws {
    let note = try self.note(reason, on: item, name, action)
    _ = try append(action) { entry in
      entry.set(.item, item.id)
      entry.set(.to, leaver.id)
      note?.name(in: &entry)
    }
    try core.store.takeBackEnvelopes(of: item.id, generation: item.generation, recipient: leaver.id)
    if let note { try core.store.insert(note.row) }
  }

  /// A new data key for who still has a grant.
  public func rekey(_ kind: ItemKind, _ name: String) throws(VaultError) {
    try translating {
      let action: Action = kind == .connector ? .connectorRekey : .tokenRekey
      try requireRole(for: action, item: core.item(kind, name)?.id)
      try rekey(core.open(kind, name, for: action))
    }
  }

  /// No longer used, kept for the record: its name is free again.
  /// `revoked` is when its provider confirmed that the token is worthless.
  public func retire(
    _ kind: ItemKind, _ name: String, reason: String? = nil, revoked: Timestamp? = nil
  ) throws(VaultError) {
    try translating {
      let action: Action = kind == .connector ? .connectorRetire : .tokenRetire
      guard let item = core.item(kind, name) else { throw core.notFound(kind, name) }
      try requireRole(for: action, item: item.id)
      if !core.isHolder(of: item), try core.author().role != .admin { _ = try core.open(kind, name, for: action) }
      if kind == .connector,
        let token = core.history.items.values.first(where: { $0.connector == item.id && !$0.isRetired })
      {
        throw VaultError(
          .conflict, "cannot retire \"\(name)\": tokens of it are in use (\(token.id.hex) is one)", subject: name,
          hint: "retire its tokens first: \"custody token list\" names them")
      }
      let note = try self.note(reason, on: item, name, action)
      _ = try append(action) { entry in
        entry.set(.item, item.id)
        if let revoked, kind == .token { entry.set(.revoked, revoked) }
        note?.name(in: &entry)
      }
      try core.store.freeTag(of: item.id)
      try core.store.deleteExchange(of: item.id)
      if let note { try core.store.insert(note.row) }
    }
  }
}
