internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues

/// The checkpoints and recoveries that a fold went past: kept for pins, and for machines whose pin the log does not lead on
/// from. A kept fold is a beginning of what was pinned, so whatever recovers from a loss of that lies behind it.
struct LogTrail {
  /// As many checkpoints as fit into one detail of an entry.
  static let limit = 48
  /// The newest ones, the newest last; the log's own end is not among them.
  private(set) var heads: [Seen] = []
  private(set) var recoveries: [RecordedRecovery] = []

  /// For an entry that has just been folded, and so is of its author, who may sign it.
  mutating func note(_ entry: Entry, at position: UInt64, in history: History) {
    if entry.seen.size == position, position > 0 {
      if heads.count >= 2 * Self.limit { heads.removeFirst(Self.limit) }
      heads.append(entry.seen)
    }
    guard entry.action == .logRecover, entry.outcome == .ok, let author = history.members[entry.actor],
      author.isActive, author.role == .admin, let recovery = RecordedRecovery(entry, at: position, by: author)
    else { return }
    recoveries.append(recovery)
  }

  /// The newest of these and of earlier ones on the same line, below a size.
  func heads(after earlier: [Seen], below size: UInt64) -> [Seen] {
    var newest = earlier.last?.size ?? 0
    let all =
      earlier
      + heads.filter { head in
        guard head.size > newest else { return false }
        newest = head.size
        return true
      }
    return Array(all.filter { $0.size < size }.suffix(Self.limit))
  }
}
