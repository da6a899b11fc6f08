internal import CustodyCrypto
public import CustodyLog
public import CustodyMemory
internal import CustodyStore

/// An item as a member may see it: its names, and what the log says of it.
public struct Listing<Details: Sendable>: Sendable {
  public let id: Identifier
  public let details: Details
  public let item: Item
  public let storedAt: Timestamp
  public let changedAt: Timestamp
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
  public func contains(_ kind: ItemKind, _ name: String) -> Bool { core.item(kind, name) != nil }
}

/// An item's rows as they were read, not yet checked.
private struct Sealed: Sendable {
  let item: Item
  let metadata: [UInt8]
  let envelope: [UInt8]
  let value: (row: EntryRow, leaf: Digest)
  let stored: (row: EntryRow, leaf: Digest)
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
      guard row.item.revision == item.revision, row.item.generation == item.generation,
        row.generation == item.generation, row.entry == item.valueEntry
      else { throw broken(item, "the row is not the newest revision that the log has") }
      guard let envelope = row.envelope?.sealed else { throw broken(item, "there is no envelope of its metadata") }
      rows.append(try sealed(item, row.metadata, envelope))
    }
    try checkAll(kind, recipient, are: rows)
    let core = Unchanging(value: self)
    return try Parallel.map(rows) { part in
      let arena = try SecureArena()
      return try part.map { row in
        defer { tally?.add() }
        return try core.value.listing(row, arena, read)
      }
    }
  }

  /// As many as this member can list.
  fileprivate func tally(of kind: ItemKind, _ progress: @escaping ProgressReport) -> Tally {
    Tally(of: UInt64(history.items.values.count { $0.kind == kind && (opensNames || isListed($0)) }), progress)
  }

  private func isListed(_ item: Item) -> Bool { isHolder(of: item) && !item.isRetired }

  /// Each row was of an item that the log has. An item without a row would go unlisted, and unseen.
  private func checkAll(_ kind: ItemKind, _ recipient: Identifier, are rows: [Sealed]) throws {
    let expected = history.items.values.filter {
      $0.kind == kind && (recipient == .none || isListed($0))
    }
    guard expected.count != rows.count else { return }
    let found = Set(rows.map(\.item.id))
    if let missing = expected.first(where: { !found.contains($0.id) }) { throw broken(missing, "its row is missing") }
  }

  func listing<Details: Sendable>(
    _ kind: ItemKind, _ name: String, _ read: ([UInt8]) throws -> Details
  ) throws -> Listing<Details> {
    guard let item = item(kind, name) else { throw notFound(kind, name) }
    guard opensNames || isHolder(of: item) else { throw try notShared(item, name) }
    let rows = try store.revisions(of: item.id)
    guard let row = rows.last, row.revision == item.revision, row.generation == item.generation,
      row.entry == item.valueEntry
    else {
      throw broken(item, "the row is not the newest revision that the log has")
    }
    return try listing(sealed(item, row.metadata, metadataEnvelope(of: item)), arena, read)
  }

  private func sealed(_ item: Item, _ metadata: [UInt8], _ envelope: [UInt8]) throws -> Sealed {
    guard let value = try store.entry(item.valueEntry), let stored = try store.entry(item.stored) else {
      throw broken(item, "its log entry is missing")
    }
    for row in [value, stored] { try ledger.keys.hold(row.epoch) }
    return Sealed(
      item: item, metadata: metadata, envelope: envelope, value: (value, try ledger.leaf(item.valueEntry)),
      stored: (stored, try ledger.leaf(item.stored)), audit: try opensNames ? auditKey(of: item) : nil)
  }

  private func listing<Details: Sendable>(
    _ sealed: Sealed, _ arena: SecureArena, _ read: ([UInt8]) throws -> Details
  ) throws -> Listing<Details> {
    let item = sealed.item
    let value = try ledger.open(sealed.value.row)
    try ledger.attest(value, at: item.valueEntry, leaf: sealed.value.leaf)
    let stored = item.stored == item.valueEntry ? value : try ledger.open(sealed.stored.row)
    if item.stored != item.valueEntry { try ledger.attest(stored, at: item.stored, leaf: sealed.stored.leaf) }
    guard value.digest(.sealedMetadataSHA256) == SHA256.hash(sealed.metadata) else {
      throw broken(item, "the metadata is not what was logged")
    }
    let key = try metadataKey(sealed.envelope, item, sealed.audit, in: arena)
    let metadata = try openMetadata(sealed.metadata, item, key, value)
    // A retired one goes by no name any more: an admin can retire what someone registered under a false one.
    let tag = indexKey.tag(kind: item.kind.rawValue, name: try Metadata.name(metadata, of: item.kind))
    guard item.isRetired || tag == item.tag else { throw broken(item, "its metadata has another name") }
    return Listing(
      id: item.id, details: try read(metadata), item: item,
      storedAt: stored.time, changedAt: value.time)
  }
}
