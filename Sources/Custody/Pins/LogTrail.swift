internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues

/// The checkpoints and recoveries that a fold has passed, for new pins and for machines whose pin contradicts the log.
/// A kept fold is a beginning of what was pinned, so every recovery from a loss of that comes after it.
struct LogTrail {
  /// Number of checkpoints kept: as many as fit into one field of an entry.
  static let limit = 48
  /// The newest checkpoints, the newest last. The log's own end is not among them.
  private(set) var heads: [Seen] = []
  private(set) var recoveries: [RecordedRecovery] = []

  /// Notes an entry that was just folded. The fold has checked that its author may sign it.
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

  /// Returns the newest checkpoints below a size, from `earlier` and from `heads` after those.
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
