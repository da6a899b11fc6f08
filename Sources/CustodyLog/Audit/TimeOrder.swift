package import CustodyValues

/// A check of which entries a period may wrongly include or leave out.
///
/// Times are by the authors' own clocks; only the order of the log is proved. An entry that follows one dated after an
/// end of the period, or precedes one dated before it, may belong on the other side of that end, whatever its own date
/// says.
package struct TimeOrder: Sendable {
  private let since: Timestamp?
  private let until: Timestamp?
  private let now: Timestamp
  private var entries: [(index: UInt64, time: Timestamp)] = []

  package init(since: Timestamp?, until: Timestamp?, now: Timestamp) {
    (self.since, self.until, self.now) = (since, until, now)
  }

  /// Adds an entry. Call in the order of the log.
  package mutating func note(_ time: Timestamp, at index: UInt64) {
    if since != nil || until != nil { entries.append((index, time)) }
  }

  private func isAhead(_ time: Timestamp) -> Bool { time > now.adding(milliseconds: LogAudit.tolerance) }

  /// Indexes of doubtful entries, ascending: those whose date and whose place are on different sides of an end of the
  /// period by more than `LogAudit.tolerance`, and those dated ahead of now, which say nothing about the others.
  package var misdated: [UInt64] {
    let late = latestBefore()
    var found: [UInt64] = []
    var earliest: Timestamp?
    for (place, entry) in entries.enumerated().reversed() {
      if isAhead(entry.time) {
        found.append(entry.index)
        continue
      }
      let isOdd = [since, until].contains { end in
        guard let end else { return false }
        let isPast = late[place].map { $0 >= end.adding(milliseconds: LogAudit.tolerance) } ?? false
        let isToCome = earliest.map { $0 < end.adding(milliseconds: -LogAudit.tolerance) } ?? false
        return entry.time < end ? isPast : isToCome
      }
      if isOdd { found.append(entry.index) }
      earliest = min(earliest ?? entry.time, entry.time)
    }
    return found.reversed()
  }

  /// For each entry the latest date of the entries before it, those dated ahead of now left out.
  private func latestBefore() -> [Timestamp?] {
    var latest: Timestamp?
    return entries.map { entry in
      defer { if !isAhead(entry.time) { latest = max(latest ?? entry.time, entry.time) } }
      return latest
    }
  }
}
