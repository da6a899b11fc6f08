public import CustodySystem
public import Custody
internal import CustodyLog
package import CustodyValues

extension DeathCalendar {
  /// Tokens that an exchange now would keep alive: one deadline each, the soonest. What was refused is past that, and
  /// what lost an answer is not asked for again by itself.
  package func toExchange(at now: Timestamp, within span: TimeSpan) -> [Deadline] {
    let barred = Set(deadlines.filter { $0.end == .refused || $0.end == .lost }.map(\.item))
    var taken = barred
    return deadlines.filter { deadline in
      guard deadline.isMendedByExchange else { return false }
      // In a window at once: no earlier exchange counts, and the last days are for what goes wrong.
      let isTime = deadline.from.map { $0 <= now } ?? (deadline.when <= now.adding(span.duration))
      return isTime && taken.insert(deadline.item).inserted
    }
  }
}

extension Session {
  /// Whether this member holds what an exchange needs.
  package func holdsForExchange(_ life: TokenLife) -> Bool {
    guard let token = life.listing.grants[memberID], let connector = life.connector?.grants[memberID] else {
      return false
    }
    return !token.isExpired(at: clock()) && !connector.isExpired(at: clock())
  }

  /// When the tokens whose names this member can open end, by this machine's clock.
  public func deathCalendar(progress: @escaping ProgressReport = { _, _ in }) throws(VaultError) -> DeathCalendar {
    var reader = DeathCalendar.Reader(try members(), now: clock())
    try eachConnector { reader.add($0) }
    try eachTokenLife(progress: progress) { reader.add($0) }
    return reader.calendar
  }
}
