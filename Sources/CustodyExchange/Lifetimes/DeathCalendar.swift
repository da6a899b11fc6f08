package import CustodyEvidence
package import Custody
package import CustodyLog
package import CustodyValues

/// When tokens and connectors' secrets end, as far as presets, replies, tokens and people say. A token of which nobody
/// says anything has no deadline: it may live for ever, or not.
public struct DeathCalendar: Sendable {
  /// What needs someone the soonest comes first.
  public let deadlines: [Deadline]
  /// Tokens whose end nobody knows.
  public let unknown: [String]

  /// `members` are those whose move it may be.
  package init(
    _ lives: [TokenLife], _ connectors: [Listing<ConnectorDetails>], _ members: [Member], now: Timestamp
  ) {
    var reader = Reader(members, now: now)
    connectors.forEach { reader.add($0) }
    lives.forEach { reader.add($0) }
    self = reader.calendar
  }

  fileprivate init(deadlines: [Deadline], unknown: [String]) {
    self.deadlines = deadlines.sorted { ($0.opens, $0.name, $0.end.rawValue) < ($1.opens, $1.name, $1.end.rawValue) }
    self.unknown = unknown.sorted()
  }

  /// Makes a calendar of tokens and connectors that are seen one by one: of each it keeps its deadlines.
  package struct Reader {
    private let roll: HolderRoll
    private var presets = KnownPresets()
    private var deadlines: [Deadline] = []
    private var unknown: [String] = []

    /// `members` are those whose move it may be.
    package init(_ members: [Member], now: Timestamp) { roll = HolderRoll(members, now: now) }

    package mutating func add(_ connector: Listing<ConnectorDetails>) {
      if let deadline = Deadline(secretOf: connector, roll) { deadlines.append(deadline) }
    }

    package mutating func add(_ life: TokenLife) {
      let found = TokenDeadlines(life, of: presets.preset(of: life), roll).all
      if found.isEmpty { unknown.append(life.listing.details.name) }
      deadlines += found
    }

    package var calendar: DeathCalendar { DeathCalendar(deadlines: deadlines, unknown: unknown) }
  }
}

/// Members by ID, and the time at which a grant must hold.
struct HolderRoll {
  let now: Timestamp
  private let members: [Identifier: Member]

  init(_ members: [Member], now: Timestamp) {
    self.members = Dictionary(members.map { ($0.id, $0) }) { one, _ in one }
    self.now = now
  }

  /// Names of who has a grant; of admins alone, where only they may act.
  func holders<Details>(of listing: Listing<Details>, onlyAdmins: Bool = false) -> [String] {
    listing.grants.filter { !$0.value.isExpired(at: now) }.keys.compactMap { members[$0] }
      .filter { $0.isActive && (!onlyAdmins || $0.role == .admin) }.map(\.name).sorted()
  }
}

/// Each preset read once, however many tokens it has.
private struct KnownPresets {
  private var read: [String: Preset?] = [:]

  mutating func preset(of life: TokenLife) -> Preset? {
    let key = life.connector?.details.preset ?? life.listing.details.provider
    if let known = read[key] { return known }
    let preset = Preset.forToken(life.listing.details, life.connector?.details)
    read[key] = .some(preset)
    return preset
  }
}

extension Preset {
  /// A token's preset, also where its connector's details can't be opened.
  static func forToken(_ token: TokenDetails, _ connector: ConnectorDetails?) -> Preset? {
    guard let connector else { return named(token.provider) }
    return try? forConnector(connector)
  }
}

extension Deadline {
  fileprivate init?(secretOf listing: Listing<ConnectorDetails>, _ roll: HolderRoll) {
    guard !listing.item.isRetired, let when = listing.expires else { return nil }
    self.init(
      item: listing.id, kind: .connector, name: listing.details.name, end: .secret, from: nil, when: when,
      why: "its secret ends at the provider, and with it every exchange of its tokens", move: .keeper,
      who: roll.holders(of: listing), step: .rotate(.connector, listing.details.name))
  }
}
