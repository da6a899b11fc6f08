internal import CustodyCrypto
public import CustodyLog
public import CustodyValues
internal import CustodyStore

/// A grant to be made: to whom, until when and why.
public struct Share: Sendable {
  /// The recipient's name in this vault.
  public var recipient: String
  /// The end of the grant. Nil for one without an end.
  public var until: Timestamp?
  /// The reason, sealed in the log.
  public var reason: String?

  /// Makes a share.
  ///
  /// - Parameters:
  ///   - recipient: the recipient's name in this vault.
  ///   - until: the end of the grant. Nil for one without an end.
  ///   - reason: the reason, sealed in the log.
  public init(with recipient: String, until: Timestamp? = nil, reason: String? = nil) {
    (self.recipient, self.until, self.reason) = (recipient, until, reason)
  }
}

/// The effect of taking a grant back.
public enum Unshared: Sendable {
  /// A new data key seals the value, and the former recipient never had it.
  case rekeyed
  /// The grant is gone, but the former recipient may still hold the data key until a holder rekeys.
  case needsRekey
}

extension Transaction {
  /// Shares an item with a member: its data key is wrapped to their public key.
  ///
  /// - Parameters:
  ///   - kind: connector or token.
  ///   - name: the item's name.
  ///   - share: the recipient, the end and the reason.
  /// - Throws: ``VaultError``: `notFound` for the item or the member, `notShared` if the author doesn't hold the item,
  ///   `notPermitted` if their role may not share it or their own grant ends earlier.
  public func share(_ kind: ItemKind, _ name: String, _ share: Share) throws(VaultError) {
    try translating {
      let action = Action(.share, kind)
      let item = try core.item(kind, name)
      try requireRole(for: action, item: item?.id)
      guard let item else { throw core.notFound(kind, name) }
      let opened = try core.open(item, name, for: action)
      let recipient = try recipient(of: share)
      let writer =
        share.reason == nil
        ? TextWriter(
          vault: core.vault, item: opened.item.id, generation: opened.item.metadataKey.generation,
          key: try core.metadataKey(of: opened.item)) : try writer(for: opened.item)
      try grant(current(opened.item), share, opened.dataKey, writer, to: recipient)
    }
  }

  /// Returns the name of a token's connector if a member has no grant of the connector and so can't exchange the token.
  /// Nil also if the author may not open the connector's name, or it does not open.
  package func connectorMissing(to exchange: String, for member: String) throws(VaultError) -> String? {
    try translating {
      guard let token = try core.item(.token, exchange), let recipient = core.history.member(named: member),
        let connector = token.connector.flatMap({ core.history.items[$0] }), !connector.isRetired,
        core.opensName(of: connector), core.history.grant(of: recipient.id, in: connector) == nil
      else { return nil }
      return try core.unlessDamaged(connector) { try core.opened(connector).name.text }
    }
  }

  func grant(
    _ item: Item, _ share: Share, _ dataKey: borrowing DataKey, _ writer: borrowing TextWriter
  ) throws {
    try grant(item, share, dataKey, writer, to: recipient(of: share))
  }

  private func grant(
    _ item: Item, _ share: Share, _ dataKey: borrowing DataKey, _ writer: borrowing TextWriter, to recipient: Member
  ) throws {
    if let own = core.history.grant(of: core.me, in: item), let end = own.until, !own.covers(share.until) {
      throw VaultError(
        .notPermitted, "cannot share for longer than you hold it yourself: \(end.asEnd)",
        hint: "name that time or an earlier one with \(step: .use(.until))")
    }
    let mayShorten = try core.author().role == .admin || core.history.isRegistrar(core.me, of: item)
    if recipient.id != core.me, !mayShorten, core.history.shortens(recipient.id, share.until, in: item) {
      throw VaultError(
        .notPermitted, "cannot share with \"\(recipient.name)\" until then: they hold it for longer already",
        subject: recipient.name, hint: "ask \(core.name(of: item.storedBy)) or an admin to take it back")
    }
    let box = try core.boxKey(of: recipient)
    let position = next
    var rows = [
      envelope(.dataKey, item.generation, item, recipient, position, box.wrap(dataKey))
    ]
    if !core.history.opensNames(recipient.id) {
      rows.append(envelope(.metadataKey, writer.generation, item, recipient, position, box.wrap(writer.key)))
    }
    let note = try writer.reason(share.reason, at: position)
    _ = try append(Action(.share, item.kind)) { entry in
      entry.set(.item, item.id)
      entry.set(.revision, item.revision)
      entry.set(.generation, item.generation)
      entry.set(.metadataGeneration, writer.generation)
      entry.set(.to, recipient.id)
      for row in rows { entry.set(row.kind == .dataKey ? .envelopeSHA256 : .metadataEnvelopeSHA256, row.sha256) }
      if let until = share.until { entry.set(.until, until) }
      note?.name(in: &entry)
    }
    try core.store.replaceEnvelopes(of: item.id, recipient: recipient.id, generation: item.generation)
    for row in rows { try core.store.put(row) }
    if let note { try core.store.put(note.row) }
  }

  private func envelope(
    _ kind: EnvelopeRow.Kind, _ generation: UInt64, _ item: Item, _ recipient: Member, _ entry: UInt64,
    _ sealed: [UInt8]
  ) -> EnvelopeRow {
    EnvelopeRow(
      item: item.id, kind: kind, generation: generation, recipient: recipient.id, entry: entry, sealed: sealed,
      sha256: SHA256.hash(sealed))
  }

  private func recipient(of share: Share) throws -> Member {
    guard let recipient = core.history.member(named: share.recipient) else {
      throw VaultError(
        .notFound, "there is no member \"\(share.recipient)\"", subject: share.recipient,
        hint: "list them: \(step: .listMembers)")
    }
    guard recipient.isActive else {
      throw VaultError(
        .notPermitted, "cannot share with \"\(recipient.name)\": they are not a member any more",
        subject: recipient.name,
        hint: "list the members: \(step: .listMembers)")
    }
    guard recipient.role != .auditor else {
      throw VaultError(
        .notPermitted, "cannot share with \"\(recipient.name)\": an auditor opens no secret", subject: recipient.name,
        hint: "share with a developer or an admin")
    }
    if let until = share.until, until <= core.now() {
      throw VaultError(.badInput, "cannot share \(until.asEnd): that has passed", hint: "name a time to come")
    }
    return recipient
  }

  /// Takes a grant back.
  ///
  /// - Parameters:
  ///   - kind: connector or token.
  ///   - name: the item's name.
  ///   - member: the name of the member whose grant ends.
  ///   - reason: the reason, sealed in the log.
  /// - Returns: the effect on the data key.
  /// - Throws: ``VaultError``: `notFound`, `notPermitted`.
  public func unshare(
    _ kind: ItemKind, _ name: String, from member: String, reason: String? = nil
  ) throws(VaultError) -> Unshared {
    try translating {
      let action = Action(.unshare, kind)
      guard let item = try core.item(kind, name) else { throw core.notFound(kind, name) }
      try requireRole(for: action, item: item.id)
      guard let leaver = core.history.member(named: member), core.history.grant(of: leaver.id, in: item) != nil else {
        throw VaultError(
          .notFound, "\"\(name)\" is not shared with \"\(member)\"", subject: name,
          hint: "see who has it: \(step: .show(kind, name))")
      }
      if leaver.id != core.me { try requireRegistrar(of: item, name, action) }
      guard core.history.grants(of: item).count > 1 else {
        throw VaultError(
          .notPermitted, "cannot take \"\(name)\" from \"\(member)\": nobody else could open it", subject: name,
          hint: "share it with someone else first, or retire it")
      }
      try takeBack(item, leaver, reason, action)
      // An author whose own envelope doesn't open can still take the grant back.
      guard core.isHolder(of: current(item)), leaver.id != core.me,
        let opened = try? core.open(current(item), name, for: action), let secret = try? opened.secret(in: core.arena)
      else { return .needsRekey }
      let rekey = Action(.rekey, kind)
      try replaceKey(of: opened.item, secret, revision: opened.item.revision, leavingOut: [], rekey)
      return .rekeyed
    }
  }

  func takeBack(_ item: Item, _ leaver: Member, _ reason: String?, _ action: Action) throws {
    // The reason is not for the former recipient: if they have the metadata key, it is renewed first.
    let couldRead =
      core.history.grant(of: leaver.id, in: item)?.metadataEnvelope != nil
      || core.history.isMetadataKeyStale(of: item, for: core.me, at: time)
    guard reason != nil, leaver.id != core.me, !core.history.opensNames(leaver.id), couldRead else {
      return try takeBack(item, leaver, reasonNote(reason, on: item), action) { _ in }
    }
    let others = core.history.metadataRecipients(of: item, for: core.me, at: time).filter { $0 != leaver.id }
    let renewal = try renewal(of: item, for: others)
    let position = next
    try takeBack(item, leaver, renewal.writer.reason(reason, at: position), action) { renewal.name(in: &$0) }
    try store(renewal, of: item, position)
  }

  private func takeBack(
    _ item: Item, _ leaver: Member, _ note: SealedText?, _ action: Action, _ details: (inout EntryDraft) -> Void
  ) throws {
    _ = try append(action) { entry in
      entry.set(.item, item.id)
      entry.set(.to, leaver.id)
      note?.name(in: &entry)
      details(&entry)
    }
    try core.store.takeBackEnvelopes(of: item.id, recipient: leaver.id)
    if let note { try core.store.put(note.row) }
  }

  /// Seals an item's value under a new data key for everyone with a grant.
  ///
  /// - Parameters:
  ///   - kind: connector or token.
  ///   - name: the item's name.
  ///   - leavingOut: names of members whose grants end by it: see ``NewValue/leavingOut``.
  /// - Throws: ``VaultError``: `notFound`, `notShared`, `notPermitted`.
  public func rekey(_ kind: ItemKind, _ name: String, leavingOut: [String]? = nil) throws(VaultError) {
    try translating {
      let action = Action(.rekey, kind)
      try requireRole(for: action, item: core.item(kind, name)?.id)
      let opened = try core.open(kind, name, for: action)
      try rekey(opened, leavingOut: members(leftOut: leavingOut, of: opened.item, name))
    }
  }

  /// Retires an item: it is no longer used and kept for the record. Its name is free again; its values and their keys
  /// are gone.
  ///
  /// - Parameters:
  ///   - kind: connector or token.
  ///   - name: the item's name.
  ///   - reason: the reason, sealed in the log.
  ///   - revoked: the time when the provider confirmed that the token is worthless.
  ///   - withTokens: true for an admin who retires a connector with all its tokens.
  /// - Throws: ``VaultError``: `notFound`, `notPermitted`, `conflict` for a connector whose tokens are in use.
  public func retire(
    _ kind: ItemKind, _ name: String, reason: String? = nil, revoked: Timestamp? = nil, withTokens: Bool = false
  ) throws(VaultError) {
    try translating {
      let action = Action(.retire, kind)
      guard let item = try core.item(kind, name) else { throw core.notFound(kind, name) }
      try requireRole(for: action, item: item.id)
      try requireRegistrar(of: item, name, action)
      if item.tokensInUse > 0 {
        guard withTokens else { throw tokensInUse(of: item, name) }
        try requireRole(for: .tokenRetire, item: item.id)
        for token in core.history.items where token.connector == item.id && !token.isRetired {
          try retire(token, reason, .tokenRetire, revoked: nil)
        }
      }
      try retire(item, reason, action, revoked: kind == .token ? revoked : nil)
    }
  }

  private func tokensInUse(of item: Item, _ name: String) -> VaultError {
    VaultError(
      .conflict, "cannot retire \"\(name)\": \(item.tokensInUse) of its tokens are in use", subject: name,
      hint: "an admin retires it together with them; \(step: .list(.token)) names them")
  }

  private func retire(_ item: Item, _ reason: String?, _ action: Action, revoked: Timestamp?) throws {
    try putRow(of: item)
    let note = try reasonNote(reason, on: item)
    _ = try append(action) { entry in
      entry.set(.item, item.id)
      if let revoked { entry.set(.revoked, revoked) }
      note?.name(in: &entry)
    }
    try core.store.freeTag(of: item.id)
    try core.store.destroySecrets(of: item.id)
    try core.store.destroyDataKeys(of: item.id)
    try core.store.deleteExchange(of: item.id)
    if let note { try core.store.put(note.row) }
  }
}
