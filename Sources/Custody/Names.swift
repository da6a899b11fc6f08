internal import CustodyCrypto
internal import CustodyLog
internal import CustodyMemory
internal import CustodyStore

/// What IDs in the log are called, as far as one member can open names. Retired items keep theirs.
struct Names {
  private(set) var tokens: [Identifier: TokenDetails] = [:]
  private(set) var connectors: [Identifier: ConnectorDetails] = [:]
  /// That they stand in, salt and all.
  private(set) var metadata: [Identifier: [UInt8]] = [:]

  init() {}

  /// Each item that the log has counts once, also where this member can't open its name.
  init(_ core: Core, _ tally: Tally? = nil) throws {
    for kind in ItemKind.allCases {
      let listings = try core.listings(kind, tally) { $0 }
      for listing in listings { try add(listing.id, kind, listing.details) }
    }
    tally?.add(UInt64(core.history.items.count - metadata.count))
  }

  mutating func add(_ item: Identifier, _ kind: ItemKind, _ metadata: [UInt8]) throws {
    switch kind {
    case .token: tokens[item] = try TokenDetails(metadata: metadata)
    case .connector: connectors[item] = try ConnectorDetails(metadata: metadata)
    }
    self.metadata[item] = metadata
  }

  /// Those that items had when the log was so long. Details that have changed since are sealed under rows that are gone.
  func at(_ history: History) -> Names {
    var names = self
    for (id, metadata) in metadata where history.items[id]?.metadataSHA256 != SHA256.hash(metadata) {
      names.tokens[id] = nil
      names.connectors[id] = nil
      names.metadata[id] = nil
    }
    return names
  }

  func item(_ id: Identifier) -> String? { tokens[id]?.name ?? connectors[id]?.name }
}

extension Core {
  /// The reason that an entry's author gave, where this member can open it.
  func reason(of position: UInt64, _ entry: Entry) throws -> String? {
    try noteText(of: position, entry).flatMap(Note.reason)
  }

  /// The note in which that reason stands, salt and all.
  func noteText(of position: UInt64, _ entry: Entry) throws -> [UInt8]? {
    guard let named = entry.digest(.reasonSHA256) else { return nil }
    guard let row = try store.note(position), let item = history.items[row.item], entry.identifier(.item) == row.item,
      entry.digest(.noteSHA256) == SHA256.hash(row.sealed)
    else { throw VaultError(.integrity, "the note of log entry \(position) is not the one that was logged") }
    guard opensNames || isHolder(of: item) else { return nil }
    let key = try metadataKey(of: item, generation: row.generation)
    let context = Note.context(vault: vault, item: item.id, generation: row.generation)
    guard let text = try? key.open(row.sealed, context), SHA256.hash(text) == named else {
      throw VaultError(.integrity, "the note of log entry \(position) does not open")
    }
    return text
  }

  /// Back from the newest generation, each of which seals the metadata key before it.
  private func metadataKey(of item: Item, generation: UInt64) throws -> MetadataKey {
    var key = try metadataKey(of: item)
    let links = try store.generations(of: item.id)
    for number in stride(from: item.generation, to: generation, by: -1) {
      guard let link = links.first(where: { $0.generation == number }) else {
        throw broken(item, "the metadata key before generation \(number) is missing")
      }
      let context = SealContext(.previousMetadataKey, vault: vault, item: item.id, version: number)
      do { key = try key.openKey(link.previous, context, in: arena) } catch is CryptoError {
        throw broken(item, "the metadata key before generation \(number) does not open")
      }
    }
    return key
  }
}
