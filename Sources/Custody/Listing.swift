internal import CustodyCrypto
public import CustodyLog
public import CustodyMemory
internal import CustodyStore

/// An item as a member may see it: its names, and what the log says of it.
public struct Listing<Details: Sendable>: Sendable {
  public let id: Identifier
  public let details: Details
  public let item: Item
  /// Members who may open it, and members without a grant who may still have its data key.
  public let grants: [Identifier: Grant]
  public let leavers: [Identifier]
  /// When the newest value ends, where whoever brought it was told.
  public let expires: Timestamp?
  /// An item of the same name was made before, in an earlier epoch: the name means that one.
  public let isNameTaken: Bool
  public var storedAt: Timestamp { item.stored.time }
  /// When its newest value or details were made.
  public var changedAt: Timestamp { max(item.life.made.time, item.details.moment.time) }
}

extension Session {
  /// Every connector whose names this member can open.
  public func connectors(
    progress: @escaping ProgressReport = { _, _ in }
  ) throws(VaultError) -> [Listing<ConnectorDetails>] {
    try translating {
      try core.reading {
        try core.listings(.connector, core.tally(of: .connector, progress)) { try ConnectorDetails(metadata: $0) }
      }
    }
  }

  /// Every token whose names this member can open.
  public func tokens(
    progress: @escaping ProgressReport = { _, _ in }
  ) throws(VaultError) -> [Listing<TokenDetails>] {
    try translating {
      try core.reading {
        try core.listings(.token, core.tally(of: .token, progress)) { try TokenDetails(metadata: $0) }
      }
    }
  }

  public func connector(_ name: String) throws(VaultError) -> Listing<ConnectorDetails> {
    try translating { try core.reading { try core.listing(.connector, name) { try ConnectorDetails(metadata: $0) } } }
  }

  public func token(_ name: String) throws(VaultError) -> Listing<TokenDetails> {
    try translating { try core.reading { try core.listing(.token, name) { try TokenDetails(metadata: $0) } } }
  }

  /// Whether an item of exactly this name is in use, whoever holds it.
  public func contains(_ kind: ItemKind, _ name: String) -> Bool { ((try? core.item(kind, name)) ?? nil) != nil }
}

/// An item's rows as they were read, not yet opened.
private struct Sealed: Sendable {
  let item: Item
  let details: NoteRow
  let envelope: EnvelopeRow
  let expiry: NoteRow?
  let links: [MetadataKeyRow]
  let audit: EpochKeys.AuditKey?
}

extension Core {
  func listings<Details: Sendable>(
    _ kind: ItemKind, _ tally: Tally?, _ read: @Sendable ([UInt8]) throws -> Details
  ) throws -> [Listing<Details>] {
    var rows: [Sealed] = []
    let recipient = opensNames ? Identifier.none : me
    try store.eachListed(kind == .connector ? .connector : .token, recipient: recipient) { row in
      guard let item = history.items[row.item.id] else {
        throw VaultError(.integrity, "item \(row.item.id.hex) is not in the log")
      }
      if recipient == me, !isListed(item) { return }
      rows.append(try sealed(item, row))
    }
    try checkAll(kind, recipient, are: rows)
    let core = Unchanging(value: self)
    let opened = try Parallel.map(rows) { part in
      let arena = try SecureArena()
      return try part.map { row in
        defer { tally?.add() }
        return (item: row.item, texts: try core.value.texts(row, arena))
      }
    }
    return try opened.map { try listing($0.item, $0.texts, read) }
  }

  /// As many as this member can list.
  fileprivate func tally(of kind: ItemKind, _ progress: @escaping ProgressReport) -> Tally {
    Tally(of: UInt64(history.items.count { $0.kind == kind && (opensNames || isListed($0)) }), progress)
  }

  /// For a developer: one whose grant had ended when there was a new metadata key has no envelope of it.
  private func isListed(_ item: Item) -> Bool {
    isHolder(of: item) && !item.isRetired && history.grant(of: me, in: item)?.metadataEnvelope != nil
  }

  /// Each row was of an item that the log has. An item without a row would go unlisted, and unseen.
  private func checkAll(_ kind: ItemKind, _ recipient: Identifier, are rows: [Sealed]) throws {
    let expected = history.items.filter { $0.kind == kind && (recipient == .none || isListed($0)) }
    guard expected.count != rows.count else { return }
    let found = Set(rows.map(\.item.id))
    if let missing = expected.first(where: { !found.contains($0.id) }) { throw broken(missing, "its row is missing") }
  }

  func listing<Details: Sendable>(
    _ kind: ItemKind, _ name: String, _ read: ([UInt8]) throws -> Details
  ) throws -> Listing<Details> {
    guard let item = try item(kind, name) else { throw notFound(kind, name) }
    guard opensNames || isHolder(of: item) else { throw try notShared(item, name) }
    guard let row = try store.listing(of: item.id, recipient: opensNames ? .none : me) else {
      throw broken(item, "its row is missing")
    }
    return try listing(item, texts(sealed(item, row), arena), read)
  }

  private func sealed(_ item: Item, _ row: CustodyStore.Listing) throws -> Sealed {
    try check(row.item, item)
    guard let details = row.details, details.item == item.id else { throw broken(item, "its details are missing") }
    guard let envelope = row.envelope else { throw withoutEnvelope(item) }
    let expiry = try item.expiry.flatMap { try store.note($0.entry, .expiry) }
    let isOlder = [details.generation, expiry?.generation].contains {
      $0.map { $0 != item.metadataKey.generation } ?? false
    }
    return Sealed(
      item: item, details: details, envelope: envelope, expiry: expiry,
      links: isOlder ? try store.metadataKeys(of: item.id) : [],
      audit: try opensNames ? auditKey(of: item) : nil)
  }

  private func texts(_ sealed: Sealed, _ arena: SecureArena) throws -> (details: [UInt8], expiry: [UInt8]?) {
    let item = sealed.item
    let newest = try metadataKey(sealed.envelope, item, sealed.audit, in: arena)
    func text(_ row: NoteRow, _ named: NamedNote) throws -> [UInt8] {
      guard SHA256.hash(row.sealed) == named.sealedSHA256 else {
        throw broken(item, "the metadata is not what was logged")
      }
      let key = try metadataKey(newest.copy(in: arena), of: item, before: row.generation, sealed.links, in: arena)
      return try self.text(row, of: item, under: key, sha256: named.sha256)
    }
    guard let named = item.expiry else { return (try text(sealed.details, item.details), nil) }
    guard let expiry = sealed.expiry, expiry.item == item.id else { throw broken(item, "its expiry is missing") }
    return (try text(sealed.details, item.details), try text(expiry, named))
  }

  private func listing<Details: Sendable>(
    _ item: Item, _ texts: (details: [UInt8], expiry: [UInt8]?), _ read: ([UInt8]) throws -> Details
  ) throws -> Listing<Details> {
    let metadata = texts.details
    try checkName(in: metadata, of: item)
    var isTaken = false
    if !item.isRetired, let named = try self.item(item.kind, Metadata.name(metadata, of: item.kind)) {
      isTaken = named.id != item.id
    }
    return Listing(
      id: item.id, details: try read(metadata), item: item, grants: history.grants(of: item),
      leavers: history.leavers(of: item), expires: texts.expiry.flatMap(Note.expiry),
      isNameTaken: isTaken)
  }
}
