public import CustodyEvidence
public import CustodySystem
public import CustodyLog
public import CustodyValues

/// One member and a value of one item which they could open: what must be rotated if they may not have it.
public struct Exposed: Sendable {
  public let kind: ItemKind
  /// Of the token or connector.
  public let name: String
  public let member: Member
  public let revision: UInt64
  /// When they could first open this value: a grant proves it.
  public let since: Timestamp
  /// How they are declared to have opened it, and when last; newest first.
  public let opened: [(how: Exposure.Opening, at: Timestamp)]
  /// They have a grant now.
  public let holds: Bool
  /// They have the newest data key without a grant: until a holder rekeys, they could open the next value too.
  public let keepsKey: Bool
  /// No longer used here; it may still work at the provider.
  public let isRetired: Bool
  /// Who replaced this value without being able to open it, so that nobody knows whether the one that stands is another.
  public let replacedUnseenBy: String?

  /// What ends it, once the provider has issued a new value.
  public var remedy: Hint {
    if isRetired { return "revoke it at the provider" }
    if replacedUnseenBy != nil {
      return
        "revoke it at the provider, then an admin who held it: \(step: .settle(kind, name, revision: revision))"
    }
    // A rotate makes a new data key too.
    return Hint(.rotate(kind, name))
  }
}

/// Whose exposure, and to what.
public struct ExposureFilter: Sendable {
  public var member: String?
  public var item: String?
  /// Only those who have no grant any more.
  public var onlyLeft = false

  public init() {}
}

extension Session {
  /// Who could open the newest value of what, by the names that this member can open. What was rotated since is not there.
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
    // Who could open a value is in the log: an item that is damaged goes by its ID.
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
  /// The newest value, and those before it that somebody replaced unseen.
  fileprivate var exposedValues: [(exposures: [Identifier: Exposure], replacedBy: Identifier?)] {
    unseen.map { ($0.exposures, $0.replacedBy) } + [(exposed, nil)]
  }
}
