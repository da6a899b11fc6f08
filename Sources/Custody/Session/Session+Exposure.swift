public import CustodyEvidence
public import CustodySystem
public import CustodyLog
public import CustodyValues

/// A value of an item that one member could open. It has to be rotated if they must not have it.
public struct Exposed: Sendable {
  /// Connector or token.
  public let kind: ItemKind
  /// The name of the token or connector.
  public let name: String
  /// The member who could open it.
  public let member: Member
  /// The value's revision: 1 for the first one stored.
  public let revision: UInt64
  /// The time from which they could open this value. A grant proves it.
  public let since: Timestamp
  /// The ways in which they are declared to have opened it, and when last. Newest first.
  public let opened: [(how: Exposure.Opening, at: Timestamp)]
  /// True if they have a grant now.
  public let holds: Bool
  /// True if they have the newest data key without a grant: until a holder rekeys, they could open the next value too.
  public let keepsKey: Bool
  /// True if the item is no longer used here. It may still work at the provider.
  public let isRetired: Bool
  /// The member who replaced this value without being able to open it, so that nobody knows whether the new one
  /// differs.
  public let replacedUnseenBy: String?

  /// The step that ends the exposure, once the provider has issued a new value.
  public var remedy: Hint {
    if isRetired { return "revoke it at the provider" }
    if replacedUnseenBy != nil {
      return
        "revoke it at the provider, then an admin who held it: \(step: .settle(kind, name, revision: revision))"
    }
    // A rotation makes a new data key too.
    return Hint(.rotate(kind, name))
  }
}

/// A choice of exposures: by member, by item, or only of former holders.
public struct ExposureFilter: Sendable {
  /// The name of a member. Nil for all.
  public var member: String?
  /// The name of an item. Nil for all.
  public var item: String?
  /// True for only those members who have no grant any more.
  public var onlyLeft = false

  /// Makes a filter that chooses all.
  public init() {}
}

extension Session {
  /// Lists every value in use that a member could open, as far as this member can open the item's name. Values that
  /// were rotated since are not listed.
  public func exposures(
    _ filter: ExposureFilter = ExposureFilter(), progress: @escaping ProgressReport = { _, _ in }
  ) throws(VaultError) -> [Exposed] {
    try translating { try core.reading { try core.exposures(filter, progress) } }
  }
}

extension Core {
  func exposures(_ filter: ExposureFilter, _ progress: @escaping ProgressReport = { _, _ in }) throws -> [Exposed] {
    let wanted = try filter.member.map { name in
      guard let member = history.member(named: name) else {
        throw VaultError(.notFound, "there is no member \"\(name)\"", subject: name)
      }
      return member.id
    }
    var found: [Exposed] = []
    func add(_ item: Item, _ name: String) {
      guard filter.item == nil || filter.item == name else { return }
      for value in item.exposedValues {
        for (id, exposure) in value.exposures where wanted == nil || wanted == id {
          guard let exposed = exposed(item, name, id, exposure, value.replacedBy), !filter.onlyLeft || !exposed.holds
          else {
            continue
          }
          found.append(exposed)
        }
      }
    }
    // The log says who could open a value, so a damaged item is listed too, by its ID.
    try eachOpened(ItemKind.allCases, progress, damaged: { add($0, $0.id.hex) }, { add($0.item, $0.name.text) })
    return found.sorted {
      ($0.name, $0.kind.rawValue, $0.revision, $0.member.name) < (
        $1.name, $1.kind.rawValue, $1.revision, $1.member.name
      )
    }
  }

  private func exposed(
    _ item: Item, _ name: String, _ id: Identifier, _ exposure: Exposure, _ replacedBy: Identifier?
  ) -> Exposed? {
    guard let member = history.members[id] else { return nil }
    let opened = exposure.opened.sorted { $0.value.position > $1.value.position }.map {
      (how: $0.key, at: $0.value.time)
    }
    let grant = replacedBy == nil ? history.grant(of: id, in: item) : nil
    let hasLeft = replacedBy == nil && history.leavers(of: item).contains(id)
    return Exposed(
      kind: item.kind, name: name, member: member, revision: exposure.revision, since: exposure.since.time,
      opened: opened, holds: grant.map { !$0.isExpired(at: now()) } ?? false,
      keepsKey: grant.map { $0.isExpired(at: now()) } ?? hasLeft, isRetired: item.isRetired,
      replacedUnseenBy: replacedBy.map { self.name(of: $0) })
  }
}

extension Item {
  /// The newest value, and earlier ones that somebody replaced unseen.
  fileprivate var exposedValues: [(exposures: [Identifier: Exposure], replacedBy: Identifier?)] {
    unseen.map { ($0.exposures, $0.replacedBy) } + [(exposed, nil)]
  }
}
