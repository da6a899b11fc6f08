public import CustodySystem
public import Custody
internal import CustodyLog
package import CustodyValues

extension DeathCalendar {
  /// The tokens that an exchange now would keep alive, each with its soonest deadline. Tokens that were refused, or
  /// whose last answer was lost, are left out: they need a person.
  package func toExchange(at now: Timestamp, within span: TimeSpan) -> [Deadline] {
    let barred = Set(deadlines.filter { $0.end == .refused || $0.end == .lost }.map(\.item))
    var taken = barred
    return deadlines.filter { deadline in
      guard deadline.isMendedByExchange else { return false }
      // A window is used at once: an earlier exchange does not count, and its last days are a reserve.
      let isTime = deadline.from.map { $0 <= now } ?? (deadline.when <= now.adding(span.duration))
      return isTime && taken.insert(deadline.item).inserted
    }
  }
}

extension Session {
  /// True if this member holds both the token and its connector, as an exchange needs.
  package func holdsForExchange(_ life: TokenLife) -> Bool {
    guard let token = life.listing.grants[memberID], let connector = life.connector?.grants[memberID] else {
      return false
    }
    return !token.isExpired(at: clock()) && !connector.isExpired(at: clock())
  }

  /// The ends of all tokens and connectors whose names this member can decrypt, by this machine's clock.
  ///
  /// - Parameter progress: called with how many tokens are done, and of how many.
  /// - Returns: the deadlines, and the tokens without one.
  /// - Throws: `integrity` if the vault is damaged, `busy` if it is locked for too long.
  public func deathCalendar(progress: @escaping ProgressReport = { _, _ in }) throws(VaultError) -> DeathCalendar {
    var reader = DeathCalendar.Reader(try members(), now: clock())
    try eachConnector { reader.add($0) }
    try eachTokenLife(progress: progress) { reader.add($0) }
    return reader.calendar
  }
}
