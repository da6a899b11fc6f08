internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// The wrapped keys that must exist by the log: each entry that made some names a hash over them.
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

  /// The wrapped keys that one entry made. Recipient `.none` stands for keys sealed under a later epoch's keys.
  struct Made {
    let entry: UInt64
    let named: Digest?
    let sealedIn: UInt64
    let recipients: Set<Identifier>
    /// The keys that the official client makes. If somebody had sealed junk for an older epoch, there are more; a
    /// patched client may have left some out.
    let keys: [Key]
    let words: String
    /// True for members' wraps of older epochs, which only help where no link leads to that epoch's keys. If a repair
    /// finds some gone, its entry says so, and they are no longer reported as missing.
    let isAid: Bool
  }

  private(set) var all: [Made] = []
  private let newest: UInt64
  /// Members all of whose wraps are taken back.
  private var removed: Set<Identifier> = []
  /// Members whose audit keys sealed before this epoch are taken back.
  private var demoted: [Identifier: UInt64] = [:]

  /// - Parameter entry: returns an entry that enrolled a member or began an epoch.
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

/// A repair's record of the members' wrapped keys of older epochs that were left.
struct RepairedWraps {
  let sha256: Digest
  /// The epoch of the repair. The record covers wraps sealed before it.
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
  /// Returns the newest repair's record of left keys, if there is one.
  func repairedWraps() throws -> RepairedWraps? {
    var newest: RepairedWraps?
    try eachEntry(below: history.size) { position, entry in
      newest = RepairedWraps(entry, at: position, in: history) ?? newest
    }
    return newest
  }

  /// Returns the entry that made a recipient's wraps in an epoch. Nil if the rows are not those that it named.
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

  /// Describes the row.
  /// - Parameter name: the recipient's name, if they are a member.
  func words(_ name: String?) -> String {
    let what = "the \(kind == .vault ? "vault key" : "audit key") of epoch \(epoch)"
    guard recipient != .none else { return "\(what), sealed for epoch \(sealedIn)" }
    return "\(what), sealed to \(name.map { "\"\($0)\"" } ?? recipient.hex)"
  }
}
