public import CustodySystem
public import CustodyEvidence
internal import CustodyCrypto
public import CustodyLog
public import CustodyValues
internal import CustodyStore

/// An item as a member may see it: its details, its grants and its times.
public struct Listing<Details: Sendable>: Sendable {
  /// The item's ID.
  public let id: Identifier
  /// The item's opened details.
  public let details: Details
  package let item: Item
  /// Grants by the ID of the member who has them.
  public let grants: [Identifier: Grant]
  package let leavers: [Identifier]
  /// The end of the newest value at the provider, if whoever brought it was told.
  public let expires: Timestamp?
  /// True if an item of the same name was made earlier, in an earlier epoch. The name then means that one.
  package let isNameTaken: Bool
  /// The time when the item was stored.
  public var storedAt: Timestamp { item.stored.time }
  /// The time when its newest value or details were made.
  public var changedAt: Timestamp { max(item.life.made.time, item.details.moment.time) }
}

/// An item whose name doesn't open, with what the log says of it. People refer to it by its ID.
package struct DamagedItem: Sendable {
  package let item: Item
  package let grants: [Identifier: Grant]
}

extension Session {
  /// Passes every connector whose name this member can open to `body`, by ID. Few are read at a time, so `body` must
  /// not use the session.
  ///
  /// - Parameters:
  ///   - progress: is told how much is done, of how much.
  ///   - damaged: takes the connectors that don't open. `damages` then says what is wrong with them.
  ///   - body: takes each connector.
  package func eachConnector(
    progress: @escaping ProgressReport = { _, _ in }, damaged: (DamagedItem) throws -> Void = { _ in },
    _ body: (Listing<ConnectorDetails>) throws -> Void
  ) throws(VaultError) {
    try translating {
      try core.reading {
        try core.eachOpened([.connector], progress, damaged: { try damaged(core.damagedItem($0)) }) { opened in
          if let details = opened.name.connector { try body(core.listing(opened, details)) }
        }
      }
    }
  }

  /// Passes every token whose name this member can open to `body`, as `eachConnector` does.
  package func eachToken(
    progress: @escaping ProgressReport = { _, _ in }, damaged: (DamagedItem) throws -> Void = { _ in },
    _ body: (Listing<TokenDetails>) throws -> Void
  ) throws(VaultError) {
    try translating {
      try core.reading {
        try core.eachOpened([.token], progress, damaged: { try damaged(core.damagedItem($0)) }) { opened in
          if let details = opened.name.token { try body(core.listing(opened, details)) }
        }
      }
    }
  }

  /// Lists every connector whose name this member can open, by ID.
  public func connectors(
    progress: @escaping ProgressReport = { _, _ in }
  ) throws(VaultError) -> [Listing<ConnectorDetails>] {
    var listings: [Listing<ConnectorDetails>] = []
    try eachConnector(progress: progress) { listings.append($0) }
    return listings
  }

  /// Lists every token whose name this member can open, by ID.
  public func tokens(
    progress: @escaping ProgressReport = { _, _ in }
  ) throws(VaultError) -> [Listing<TokenDetails>] {
    var listings: [Listing<TokenDetails>] = []
    try eachToken(progress: progress) { listings.append($0) }
    return listings
  }

  /// Looks a connector up by its name, or by its ID in hexadecimal.
  ///
  /// - Throws: ``VaultError`` with the code `notFound`.
  public func connector(_ name: String) throws(VaultError) -> Listing<ConnectorDetails> {
    try translating {
      try core.reading {
        let opened = try core.opened(.connector, name)
        guard let details = opened.name.connector else { throw core.notFound(.connector, name) }
        return core.listing(opened, details)
      }
    }
  }

  /// Looks a token up by its name, or by its ID in hexadecimal.
  ///
  /// - Throws: ``VaultError`` with the code `notFound`.
  public func token(_ name: String) throws(VaultError) -> Listing<TokenDetails> {
    try translating {
      try core.reading {
        let opened = try core.opened(.token, name)
        guard let details = opened.name.token else { throw core.notFound(.token, name) }
        return core.listing(opened, details)
      }
    }
  }

  /// Returns true if an item of exactly this name is in use, whoever holds it.
  package func contains(_ kind: ItemKind, _ name: String) -> Bool { ((try? core.item(kind, name)) ?? nil) != nil }
}

extension Core {
  fileprivate func damagedItem(_ item: Item) -> DamagedItem {
    DamagedItem(item: item, grants: history.grants(of: item))
  }

  fileprivate func listing<Details: Sendable>(_ opened: OpenedItem, _ details: Details) -> Listing<Details> {
    let item = opened.item
    return Listing(
      id: item.id, details: details, item: item, grants: history.grants(of: item), leavers: history.leavers(of: item),
      expires: opened.expires, isNameTaken: isNameTaken(opened))
  }

  /// Returns true if an older item has the same name, since a name means the oldest item.
  private func isNameTaken(_ opened: OpenedItem) -> Bool {
    let item = opened.item
    guard !item.isRetired else { return false }
    return opened.tags.contains { tag in
      guard tag != item.tag, let other = history.tags[ItemTag(item.kind, tag)].flatMap({ history.items[$0] }) else {
        return false
      }
      return other.stored.position < item.stored.position
    }
  }
}
