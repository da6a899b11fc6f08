internal import CustodyEvidence
internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// The names of items, as far as one member can open them. Each is opened on first use, and some are cached. Retired
/// items keep their names.
final class OpenedNames {
  private let core: Core
  /// Set to give only names that items had at the end of this history.
  private let history: History?
  private var kept: [Identifier: OpenedItem?] = [:]
  private static let limit = 4096

  init(_ core: Core, asOf history: History? = nil) { (self.core, self.history) = (core, history) }

  func name(of id: Identifier) throws -> ItemName? { try opened(id)?.name }

  /// Opens the names of several items at once, on all cores.
  func prepare(_ ids: Set<Identifier>) throws {
    if kept.count + ids.count > Self.limit { kept = [:] }
    var items: [Item] = []
    for id in ids.sorted() where kept[id] == nil {
      if let item = item(id) { items.append(item) } else { kept[id] = .some(nil) }
    }
    for item in items { kept[item.id] = .some(nil) }
    try core.open(items) { kept[$0.item.id] = $0 }
  }

  private func opened(_ id: Identifier) throws -> OpenedItem? {
    if let known = kept[id] { return known }
    if kept.count >= Self.limit { kept = [:] }
    let opened = try item(id).flatMap { item in try core.unlessDamaged(item) { try core.opened(item) } }
    kept[id] = .some(opened)
    return opened
  }

  /// Returns the item, if this member can open its name.
  func item(_ id: Identifier) -> Item? {
    guard let item = core.history.items[id], core.opensName(of: item) else { return nil }
    if let history, history.items[id]?.details.entry != item.details.entry { return nil }
    return item
  }
}

extension Core {
  /// Returns the reason that an entry's author gave, if this member can open it.
  func reason(of position: UInt64, _ entry: Entry) throws -> String? {
    try noteText(of: position, entry).flatMap(Reason.text)
  }

  /// Returns the note with the reason, including its salt. Nil if this member can't open it, or it is damaged.
  func noteText(of position: UInt64, _ entry: Entry) throws -> [UInt8]? {
    guard let sha256 = entry.digest(.reasonSHA256), let sealed = entry.digest(.sealedReasonSHA256) else { return nil }
    guard let item = entry.identifier(.item).flatMap({ history.items[$0] }), reads(item) else { return nil }
    return try unlessDamaged(item) { try text(.reason, position, of: item, sealed: sealed, sha256: sha256) }
  }
}
