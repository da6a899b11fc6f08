internal import CustodyCrypto
package import CustodyLog
package import CustodyValues

/// The newest checkpoint of a vault that this machine verified, with its admins, and how far every signature of the log
/// was checked.
package struct Pin: Equatable, Sendable {
  package let checkpoint: Checkpoint
  /// The checkpoint as its signer made it.
  package let note: SignedNote
  package let pinned: Timestamp
  /// Every signature below this position was checked, at `verifiedAt`. 0 if no check was requested.
  package let verified: UInt64
  package let verifiedAt: Timestamp
  /// The admins at the checkpoint, sorted by ID. This machine may follow their recoveries.
  package let admins: [PinnedAdmin]
  /// Earlier checkpoints that this machine verified, the newest last.
  package let earlier: [Seen]

  init?(
    _ note: SignedNote, pinned: Timestamp, verified: (UInt64, Timestamp), admins: [PinnedAdmin], earlier: [Seen]
  ) {
    guard let checkpoint = Checkpoint(parsing: note.text), verified.0 <= checkpoint.size,
      (1...Self.adminLimit).contains(admins.count), Self.ascends(admins.map(\.id.hex)),
      earlier.count <= LogTrail.limit, Self.ascends([0] + earlier.map(\.size) + [checkpoint.size])
    else { return nil }
    (self.checkpoint, self.note, self.pinned) = (checkpoint, note, pinned)
    (self.verified, self.verifiedAt) = verified
    (self.admins, self.earlier) = (admins, earlier)
  }

  static let firstLine = "custody-pin/v1"
  static let limit = 1 << 18
  /// More than any vault needs. If there are more, those enrolled first are kept.
  static let adminLimit = 1000

  /// Parses strictly: nil unless the pin formats to the same bytes.
  package init?(parsing bytes: [UInt8]) {
    var lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)[...]
    guard bytes.count <= Self.limit, lines.popFirst()?.elementsEqual(Self.firstLine.utf8) == true,
      let pinned = lines.popFirst().flatMap({ Self.words($0, of: "pinned", 1) }).flatMap({ Timestamp(rfc3339: $0[0]) }),
      let verified = lines.popFirst().flatMap({ Self.words($0, of: "verified", 2) }),
      let size = Decimal.parse(verified[0]), let time = Timestamp(rfc3339: verified[1])
    else { return nil }
    var admins: [PinnedAdmin] = []
    while let words = lines.first.flatMap({ Self.words($0, of: "admin", 2) }) {
      guard let id = Identifier(hex: words[0]), let key = Base64.digest(words[1]) else { return nil }
      admins.append(PinnedAdmin(id: id, signKey: key))
      lines.removeFirst()
    }
    var earlier: [Seen] = []
    while let words = lines.first.flatMap({ Self.words($0, of: "earlier", 2) }) {
      guard let size = Decimal.parse(words[0]), let root = Base64.digest(words[1]) else { return nil }
      earlier.append(Seen(size: size, root: root))
      lines.removeFirst()
    }
    guard let end = lines.popFirst(), end.isEmpty,
      let note = SignedNote(parsing: Array(bytes.dropFirst(end.endIndex + 1)))
    else { return nil }
    self.init(note, pinned: pinned, verified: (size, time), admins: admins, earlier: earlier)
    guard self.bytes == bytes else { return nil }
  }

  private static func words(_ line: ArraySlice<UInt8>, of word: String, _ count: Int) -> [ArraySlice<UInt8>]? {
    let words = line.split(separator: 0x20, omittingEmptySubsequences: false)
    guard words.count == count + 1, words[0].elementsEqual(word.utf8) else { return nil }
    return Array(words.dropFirst())
  }

  private static func ascends(_ values: [some Comparable]) -> Bool {
    zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
  }

  package var bytes: [UInt8] {
    var lines = [Self.firstLine, "pinned \(pinned.text)", "verified \(verified) \(verifiedAt.text)"]
    for admin in admins { lines.append("admin \(admin.id.hex) \(Base64.text(admin.signKey))") }
    for head in earlier { lines.append("earlier \(head.size) \(Base64.text(head.root))") }
    return Array((lines + ["", ""]).joined(separator: "\n").utf8) + note.bytes
  }

  /// Returns true if this member was an admin at the checkpoint, with the key that they have in this log.
  func knows(admin member: Member) -> Bool {
    admins.contains(PinnedAdmin(id: member.id, signKey: member.keys.entries.bytes))
  }

  func knows(author recovery: RecordedRecovery) -> Bool {
    admins.contains(PinnedAdmin(id: recovery.author, signKey: recovery.key))
  }

  var head: Seen { Seen(size: checkpoint.size, root: checkpoint.root) }
}

/// An admin as a pin remembers them: by ID, and by the key that verifies their entries.
package struct PinnedAdmin: Equatable, Sendable {
  package let id: Identifier
  package let signKey: Digest

  static func all(in history: History) -> [PinnedAdmin] {
    history.activeMembers.filter { $0.role == .admin }.sorted { $0.enrolled < $1.enrolled }.prefix(Pin.adminLimit)
      .map { PinnedAdmin(id: $0.id, signKey: $0.keys.entries.bytes) }.sorted { $0.id.hex < $1.id.hex }
  }
}

extension Base64 {
  static func text(_ digest: Digest) -> String { String(decoding: encode(digest), as: UTF8.self) }
}
