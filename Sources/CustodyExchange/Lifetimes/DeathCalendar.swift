package import CustodyEvidence
package import Custody
package import CustodyLog
package import CustodyValues

/// Ends of tokens and of connectors' secrets, as far as presets, replies, tokens and people name them. A token for
/// which none of them does has no deadline.
public struct DeathCalendar: Sendable {
  /// The deadlines, the one that needs someone soonest first.
  public let deadlines: [Deadline]
  /// Names of tokens whose end is unknown, sorted.
  public let unknown: [String]

  /// A calendar of these tokens and connectors; `members` are those who may have to act.
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

  /// Builds a calendar from tokens and connectors that are read one by one. It keeps only their deadlines.
  package struct Reader {
    private let roll: HolderRoll
    private var presets = KnownPresets()
    private var deadlines: [Deadline] = []
    private var unknown: [String] = []

    /// An empty reader; `members` are those who may have to act.
    package init(_ members: [Member], now: Timestamp) { roll = HolderRoll(members, now: now) }

    /// Adds the deadline of a connector's secret, if it has one.
    package mutating func add(_ connector: Listing<ConnectorDetails>) {
      if let deadline = Deadline(secretOf: connector, roll) { deadlines.append(deadline) }
    }

    /// Adds a token's deadlines.
    package mutating func add(_ life: TokenLife) {
      let found = TokenDeadlines(life, of: presets.preset(of: life), roll).all
      if found.isEmpty { unknown.append(life.listing.details.name) }
      deadlines += found
    }

    /// The calendar of what was added.
    package var calendar: DeathCalendar { DeathCalendar(deadlines: deadlines, unknown: unknown) }
  }
}

/// The members by ID, and the time at which their grants are judged.
struct HolderRoll {
  let now: Timestamp
  private let members: [Identifier: Member]

  init(_ members: [Member], now: Timestamp) {
    self.members = Dictionary(members.map { ($0.id, $0) }) { one, _ in one }
    self.now = now
  }

  /// Names of the members with a valid grant on the item, sorted.
  func holders<Details>(of listing: Listing<Details>, onlyAdmins: Bool = false) -> [String] {
    listing.grants.filter { !$0.value.isExpired(at: now) }.keys.compactMap { members[$0] }
      .filter { $0.isActive && (!onlyAdmins || $0.role == .admin) }.map(\.name).sorted()
  }
}

/// A cache of presets, so that each is parsed once however many tokens have it.
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
  /// The preset of a token, also if its connector's details can't be decrypted; nil if this machine knows none.
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
