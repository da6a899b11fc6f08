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

  /// Those that items had when the log was so long.
  func at(_ history: History) -> Names {
    var names = self
    for (id, metadata) in metadata where history.items[id]?.details.sha256 != SHA256.hash(metadata) {
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
    guard let sha256 = entry.digest(.reasonSHA256), let sealed = entry.digest(.sealedReasonSHA256) else { return nil }
    guard let item = entry.identifier(.item).flatMap({ history.items[$0] }) else {
      throw VaultError(.integrity, "the note of log entry \(position) is about an item that the log does not have")
    }
    guard reads(item) else { return nil }
    return try text(.reason, position, of: item, sealed: sealed, sha256: sha256)
  }
}
