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
  public func connectors() throws(VaultError) -> [Listing<ConnectorDetails>] {
    try translating {
      try core.reading { try core.listings(.connector) { try ConnectorDetails(metadata: $0) } }
    }
  }

  /// Every token whose names this member can open.
  public func tokens() throws(VaultError) -> [Listing<TokenDetails>] {
    try translating { try core.reading { try core.listings(.token) { try TokenDetails(metadata: $0) } } }
  }
}

extension Core {
  func listings<Details: Sendable>(
    _ kind: ItemKind, _ read: @Sendable ([UInt8]) throws -> Details
  ) throws -> [Listing<Details>] {
    var rows: [(listed: CustodyStore.Listing, value: EntryRow, stored: EntryRow)] = []
    let recipient = auditKey == nil ? me : Identifier.none
    try store.eachListed(kind == .connector ? .connector : .token, recipient: recipient) { row in
      guard let item = history.items[row.item.id] else {
        throw VaultError(.integrity, "item \(row.item.id.hex) is not in the log")
      }
      if recipient == me, !isHolder(of: item) || item.isRetired { return }
      guard let value = try store.entry(item.valueEntry), let stored = try store.entry(item.stored) else {
        throw broken(item, "its log entry is missing")
      }
      rows.append((row, value, stored))
    }
    let core = Unchanging(value: self)
    return try Parallel.map(rows) { part in
      let arena = try SecureArena()
      return try part.map { try core.value.listing($0, arena, read) }
    }
  }

  private func listing<Details: Sendable>(
    _ row: (listed: CustodyStore.Listing, value: EntryRow, stored: EntryRow), _ arena: SecureArena,
    _ read: ([UInt8]) throws -> Details
  ) throws -> Listing<Details> {
    guard let item = history.items[row.listed.item.id] else {
      throw VaultError(.integrity, "an item is not in the log")
    }
    guard row.listed.item.revision == item.revision, row.listed.item.generation == item.generation,
      row.listed.generation == item.generation, row.listed.entry == item.valueEntry
    else { throw broken(item, "the row is not the newest revision that the log has") }
    let value = try ledger.open(row.value)
    try ledger.attest(value, at: item.valueEntry)
    let stored = item.stored == item.valueEntry ? value : try ledger.open(row.stored)
    if item.stored != item.valueEntry { try ledger.attest(stored, at: item.stored) }
    guard value.digest(.sealedMetadataSHA256) == SHA256.hash(row.listed.metadata) else {
      throw broken(item, "the metadata is not what was logged")
    }
    guard let envelope = row.listed.envelope?.sealed else { throw broken(item, "there is no envelope of its metadata") }
    let key = try metadataKey(envelope, item, in: arena)
    let sealed = RevisionRow(
      item: item.id, revision: item.revision, generation: item.generation, entry: item.valueEntry,
      metadata: row.listed.metadata, secret: [])
    return Listing(
      id: item.id, details: try read(openMetadata(sealed, item, key, value)), item: item, storedAt: stored.time,
      changedAt: value.time)
  }
}
