internal import CustodyCrypto
internal import CustodyLog
internal import CustodyMemory
internal import CustodyStore

/// What IDs in the log are called, as far as one member can open names. Retired items keep theirs.
struct Names {
  var tokens: [Identifier: TokenDetails] = [:]
  var connectors: [Identifier: ConnectorDetails] = [:]

  init(_ core: Core) throws {
    for listing in try core.listings(.token, { try TokenDetails(metadata: $0) }) {
      tokens[listing.id] = listing.details
    }
    for listing in try core.listings(.connector, { try ConnectorDetails(metadata: $0) }) {
      connectors[listing.id] = listing.details
    }
  }

  func item(_ id: Identifier) -> String? { tokens[id]?.name ?? connectors[id]?.name }
}

extension Core {
  /// The reason that an entry's author gave, where this member can open it.
  func reason(of position: UInt64, _ entry: Entry) throws -> String? {
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
    return Note.reason(in: text)
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
