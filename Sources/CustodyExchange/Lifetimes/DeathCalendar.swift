public import Custody
public import CustodyLog
public import CustodyMemory

/// When tokens end, as far as presets, replies and the tokens themselves say. A token of which nobody says anything has
/// no deadline: it may live for ever, or not.
public struct DeathCalendar: Sendable {
  /// What needs someone the soonest comes first.
  public let deadlines: [Deadline]
  /// Tokens whose end nobody knows.
  public let unknown: [String]

  /// `members` are those whose move it may be.
  public init(_ lives: [TokenLife], _ members: [Member], now: Timestamp) {
    let byID = Dictionary(members.map { ($0.id, $0) }) { one, _ in one }
    var deadlines: [Deadline] = []
    var unknown: [String] = []
    for life in lives {
      let found = TokenDeadlines(life, members: byID, now: now).all
      if found.isEmpty { unknown.append(life.listing.details.name) }
      deadlines += found
    }
    self.deadlines = deadlines.sorted { ($0.opens, $0.name, $0.end.rawValue) < ($1.opens, $1.name, $1.end.rawValue) }
    self.unknown = unknown.sorted()
  }
}
