internal import CustodyCrypto
package import CustodyLog
public import CustodyValues

/// An entry by which an admin continued from a log that lacks entries which some machines verified.
public struct RecordedRecovery: Equatable, Sendable {
  /// The position of the entry.
  public let position: UInt64
  /// The ID of the admin who signed it.
  public let author: Identifier
  /// The name of the admin who signed it.
  public let name: String
  /// The time of the entry, by the admin's clock.
  public let time: Timestamp
  /// The reason that the admin gave.
  public let reason: String
  /// The checkpoint that its author had pinned or was shown.
  package let lost: Seen
  /// Earlier checkpoints that its author had verified and that the log does not continue.
  let earlier: [Seen]
  let key: Digest

  init?(_ entry: Entry, at position: UInt64, by author: Member) {
    guard let size = entry.number(.lostSize), let root = entry.digest(.lostRoot), let reason = entry.text(.reason)
    else { return nil }
    (self.position, self.author, name, key) = (position, author.id, author.name, author.keys.entries.bytes)
    (time, self.reason, lost) = (entry.time, LogValue.shown(reason), Seen(size: size, root: root))
    earlier = entry.raw(.lostEarlier).flatMap { LostHeads.parse($0, below: size) } ?? []
  }

  /// Returns true if the entry names exactly this checkpoint. A larger size covers nothing.
  func covers(_ head: Seen) -> Bool { lost == head || earlier.contains(head) }
}

/// Checkpoints in one field of an entry: `SIZE ROOT`, separated by commas, by ascending size.
enum LostHeads {
  static func text(_ heads: [Seen]) -> String {
    heads.map { "\($0.size) \(Base64.text($0.root))" }.joined(separator: ",")
  }

  /// Parses the field. Nil if it is malformed; the field then counts as absent.
  static func parse(_ raw: ArraySlice<UInt8>, below size: UInt64) -> [Seen]? {
    var heads: [Seen] = []
    for part in raw.split(separator: 0x2c, omittingEmptySubsequences: false) {
      let words = part.split(separator: 0x20, omittingEmptySubsequences: false)
      guard words.count == 2, let number = Decimal.parse(words[0]), let root = Base64.digest(words[1]),
        number > heads.last?.size ?? 0, number < size, heads.count < LogTrail.limit
      else { return nil }
      heads.append(Seen(size: number, root: root))
    }
    return heads
  }
}
