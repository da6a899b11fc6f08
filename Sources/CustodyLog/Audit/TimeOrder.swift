package import CustodyValues

/// Which entries a period may wrongly lack or have. Times are their authors' own clocks, and only the order of the log is proved:
/// an entry that stands behind one dated within the period, or before one, may belong to it, whatever its own date says.
package struct TimeOrder: Sendable {
  private let since: Timestamp?
  private let until: Timestamp?
  private let now: Timestamp
  private var entries: [(index: UInt64, time: Timestamp)] = []

  package init(since: Timestamp?, until: Timestamp?, now: Timestamp) {
    (self.since, self.until, self.now) = (since, until, now)
  }

  /// In the order of the log.
  package mutating func note(_ time: Timestamp, at index: UInt64) {
    if since != nil || until != nil { entries.append((index, time)) }
  }

  private func isAhead(_ time: Timestamp) -> Bool { time > now.adding(milliseconds: LogAudit.tolerance) }

  /// Those whose date puts them on one side of an end of the period, and whose place on the other, by more than clocks that are
  /// about right differ; and those that are dated ahead of now, which tell nothing of the others.
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

  /// Of each entry the latest date of those before it that are not ahead.
  private func latestBefore() -> [Timestamp?] {
    var latest: Timestamp?
    return entries.map { entry in
      defer { if !isAhead(entry.time) { latest = max(latest ?? entry.time, entry.time) } }
      return latest
    }
  }
}
