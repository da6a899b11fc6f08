public import CustodyMemory

/// Which entries are dated as the order of the log does not bear out: times are their authors' own clocks, so that a period
/// asked for by date may lack what was written in it.
public struct TimeOrder: Sendable {
  private var entries: [(index: UInt64, time: Timestamp)] = []

  public init() {}

  /// In the order of the log.
  public mutating func note(_ time: Timestamp, at index: UInt64) { entries.append((index, time)) }

  /// The fewest entries without which no time runs backwards, those on either side of where one does (nothing tells which is
  /// right), and those ahead of `now`; by more than clocks that are about right differ.
  public func misdated(now: Timestamp) -> [UInt64] {
    let kept = longestInOrder()
    var found: [UInt64] = []
    var next = 0
    for (place, entry) in entries.enumerated() {
      while next < kept.count, kept[next] < place { next += 1 }
      let time = entry.time.milliseconds
      let isKept = next < kept.count && kept[next] == place
      let before = next > 0 ? entries[kept[next - 1]].time.milliseconds : time
      let after = next < kept.count ? entries[kept[next]].time.milliseconds : time
      let isOut = !isKept && (before - time > LogAudit.tolerance || time - after > LogAudit.tolerance)
      if isOut || isAtATurn(place) || time - now.milliseconds > LogAudit.tolerance { found.append(entry.index) }
    }
    return found
  }

  /// Whether time runs backwards right before or behind it.
  private func isAtATurn(_ place: Int) -> Bool {
    [(place - 1, place), (place, place + 1)].contains { one, other in
      entries.indices.contains(one) && entries.indices.contains(other)
        && entries[one].time.milliseconds - entries[other].time.milliseconds > LogAudit.tolerance
    }
  }

  /// Places of a longest part whose times never run backwards: of the parts of each length the one whose last time is
  /// earliest is gone on with.
  private func longestInOrder() -> [Int] {
    var ends: [Int] = []
    var before = [Int](repeating: -1, count: entries.count)
    for (place, entry) in entries.enumerated() {
      var (low, high) = (0, ends.count)
      while low < high {
        let middle = (low + high) / 2
        if entries[ends[middle]].time <= entry.time { low = middle + 1 } else { high = middle }
      }
      if low > 0 { before[place] = ends[low - 1] }
      if low == ends.count { ends.append(place) } else { ends[low] = place }
    }
    var kept: [Int] = []
    var place = ends.last ?? -1
    while place >= 0 {
      kept.append(place)
      place = before[place]
    }
    return kept.reversed()
  }
}
