internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// The wrapped keys that the log says there are: each entry that made some names a hash over them.
struct WrapRoster {
  struct Key: Hashable {
    let recipient: Identifier
    let sealedIn: UInt64
    let epoch: UInt64
    let kind: KeyWrapRow.Kind

    var cells: [StoredRow.Cell] {
      [.id(recipient), .count(sealedIn), .count(epoch), .integer(kind.rawValue)]
    }
  }

  /// What one entry made. `.none` is no one.
  struct Made {
    let entry: UInt64
    let named: Digest?
    let sealedIn: UInt64
    let recipients: Set<Identifier>
    /// As the official client makes them. Where somebody had sealed junk for an older epoch, its keys are there too; a patched
    /// client may have left some out.
    let keys: [Key]
    let words: String
    /// A member's of an older epoch help where no one's lead to its keys: a repair that finds some gone says so in its entry, and
    /// they are missed no more.
    let isAid: Bool
  }

  private(set) var all: [Made] = []
  private let newest: UInt64
  /// Members whose wraps are taken back: all of theirs, or their audit keys that were sealed before an epoch.
  private var removed: Set<Identifier> = []
  private var demoted: [Identifier: UInt64] = [:]

  /// `entry` gives those that enrolled a member or began an epoch.
  init(_ history: History, _ entry: (UInt64) throws -> Entry?) rethrows {
    newest = history.epoch
    var roles: [Identifier: Role] = [:]
    var joiners = history.members.sorted { $0.enrolled < $1.enrolled }[...]
    for (index, epoch) in history.epochs.enumerated() {
      let number = UInt64(index) + 1
      if index > 0 { try begin(number, at: epoch.begun, &roles, entry) }
      while let next = joiners.first, history.epoch(at: next.enrolled) == number {
        joiners.removeFirst()
        try enroll(next, in: number, &roles, entry)
      }
    }
  }

  private mutating func enroll(
    _ member: Member, in epoch: UInt64, _ roles: inout [Identifier: Role], _ entry: (UInt64) throws -> Entry?
  ) rethrows {
    let enrolled = try entry(member.enrolled)
    roles[member.id] = enrolled?.role(.role) ?? member.role
    all.append(
      Made(
        entry: member.enrolled, named: enrolled?.digest(.wrapsSHA256), sealedIn: epoch, recipients: [member.id],
        keys: Self.keys([member.id: roles[member.id] ?? member.role], in: epoch),
        words: "the wrapped keys of \"\(member.name)\"", isAid: epoch < newest))
  }

  private mutating func begin(
    _ epoch: UInt64, at position: UInt64, _ roles: inout [Identifier: Role], _ entry: (UInt64) throws -> Entry?
  ) rethrows {
    let begun = try entry(position)
    if let subject = begun?.identifier(.member) {
      roles[subject] = begun?.role(.role)
      if roles[subject] == nil { removed.insert(subject) }
      if roles[subject] == .developer { demoted[subject] = epoch }
    }
    all.append(
      Made(
        entry: position, named: begun?.digest(.wrapsSHA256), sealedIn: epoch, recipients: Set(roles.keys),
        keys: Self.keys(roles, in: epoch), words: "the wrapped keys of epoch \(epoch)",
        isAid: epoch < newest))
    let kinds: [KeyWrapRow.Kind] = [.vault, .audit]
    all.append(
      Made(
        entry: position, named: begun?.digest(.previousSHA256), sealedIn: epoch, recipients: [.none],
        keys: kinds.map { Key(recipient: .none, sealedIn: epoch, epoch: epoch - 1, kind: $0) },
        words: "the keys of epoch \(epoch - 1)", isAid: false))
  }

  private static func keys(_ roles: [Identifier: Role], in epoch: UInt64) -> [Key] {
    roles.sorted { $0.key < $1.key }.flatMap { id, role in
      let kinds: [KeyWrapRow.Kind] = role == .developer ? [.vault] : [.vault, .audit]
      return kinds.map { Key(recipient: id, sealedIn: epoch, epoch: epoch, kind: $0) }
    }
  }

  func isTakenBack(_ key: Key) -> Bool {
    removed.contains(key.recipient) || key.kind == .audit && key.sealedIn < demoted[key.recipient] ?? 0
  }
}

/// What a repair says of the members' keys of older epochs that it found some of gone.
struct RepairedWraps {
  let sha256: Digest
  /// It is about those that were sealed before this one.
  let epoch: UInt64

  init?(_ entry: Entry, at position: UInt64, in history: History) {
    guard entry.action == .vaultRepair, entry.outcome == .ok, let sha256 = entry.digest(.wrapsSHA256) else {
      return nil
    }
    (self.sha256, epoch) = (sha256, history.epoch(at: position))
  }

  func covers(_ made: WrapRoster.Made) -> Bool { made.isAid && made.sealedIn < epoch }

  func isOf(_ rows: some Sequence<KeyWrapRow>) -> Bool { SealedHashes.wraps(rows, sealedBefore: epoch) == sha256 }
}

extension Core {
  /// Of the newest repair that says something of them.
  func repairedWraps() throws -> RepairedWraps? {
    var newest: RepairedWraps?
    try eachEntry(below: history.size) { position, entry in
      newest = RepairedWraps(entry, at: position, in: history) ?? newest
    }
    return newest
  }

  /// The entry that made a recipient's wraps in an epoch. Nil where the rows are not what it named.
  func wrapMaker(of recipient: Identifier, in epoch: UInt64) throws -> UInt64? {
    let roster = try WrapRoster(history) { try ledger.proved($0) }
    let made = roster.all.first { $0.sealedIn == epoch && $0.recipients.contains(recipient) }
    let rows = try store.keyWraps().filter {
      $0.sealedIn == epoch && made?.recipients.contains($0.recipient) ?? false
    }
    guard let made, rows.allSatisfy(\.isWhole), made.named == SealedHashes.wraps(rows) else { return nil }
    return made.entry
  }
}

extension KeyWrapRow {
  var key: WrapRoster.Key { WrapRoster.Key(recipient: recipient, sealedIn: sealedIn, epoch: epoch, kind: kind) }

  /// `name` is the recipient's, if they are a member.
  func words(_ name: String?) -> String {
    let what = "the \(kind == .vault ? "vault key" : "audit key") of epoch \(epoch)"
    guard recipient != .none else { return "\(what), sealed for epoch \(sealedIn)" }
    return "\(what), sealed to \(name.map { "\"\($0)\"" } ?? recipient.hex)"
  }
}
