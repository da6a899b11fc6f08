import CustodyCrypto
import CustodyValues

@testable import CustodyLog

/// A log as its insiders could write it: each byte chooses an author, an action or a value, and what has to be right for an
/// entry to be looked at any further is made right. Signatures are not: the fold is told that they hold.
struct Play {
  private var feed: Feed
  private(set) var history: History
  private(set) var entries: [[UInt8]] = []
  private var people: [(id: Identifier, keys: MemberKeys, name: String)]
  private var ids: [Identifier]

  static let origin = "custody.local/fuzz"
  private static let start = Timestamp(milliseconds: 1_795_000_000_000)
  private static let digests = (0..<8).map { SHA256.hash([$0]) }
  /// Numbers at which arithmetic ends.
  private static let numbers: [UInt64] = [
    0, 1, 2, 3, 4, 5, 1 << 31, 1 << 32, UInt64(Int64.max), UInt64(Int64.max) + 1, .max - 1, .max,
  ]

  init(_ feed: Feed, on history: History = History()) {
    (self.feed, self.history) = (feed, history)
    let cast = Cast.shared.people.map { ($0.id, $0.keys, $0.name) }
    people = history.size == 0 ? cast : history.members.prefix(8).map { ($0.id, $0.keys, $0.name) }
    ids = people.map(\.id) + history.items.prefix(8).map(\.id)
    if people.isEmpty { people = cast }
  }

  /// At most so many entries, as long as there are bytes. `folded` is told of each.
  mutating func run(_ limit: Int, _ folded: (FoldedEntry, History) throws -> Void) throws {
    if history.size == 0 { try fold(founding(), folded) }
    while !feed.isEmpty, entries.count < limit { try fold(entry(), folded) }
  }

  private mutating func fold(_ bytes: [UInt8], _ told: (FoldedEntry, History) throws -> Void) throws {
    let before = history.size
    entries.append(bytes)
    let folded: FoldedEntry
    do { folded = try history.fold(bytes, attest: { _ in }) } catch {
      return try hold(history.size == before, "a fold that stopped changed nothing")
    }
    try told(folded, history)
  }

  private mutating func founding() -> [UInt8] {
    let draft = draft(.vaultCreate, by: 0, seen: Seen(size: 0, root: MerkleTree.emptyRoot), seq: 1)
    return signed(draft, by: 0)
  }

  private mutating func entry() -> [UInt8] {
    let (choice, odd) = (feed.next(), feed.next())
    let author = Int(choice >> 6) % people.count
    let action = Action.allCases[Int(choice & 63) % Action.allCases.count]
    let last = history.members[people[author].id]?.lastSeq ?? 0
    let seq = odd & 7 == 1 ? Self.numbers[Int(odd >> 4) % Self.numbers.count] : last.successor
    let seen = odd & 7 == 2 ? history.began : history.head()
    var draft = draft(action, by: author, seen: seen, seq: seq)
    if odd & 7 == 3 { draft.header.outcome = .denied }
    if odd & 7 == 4 { draft.header.time = value(of: odd).time }
    if odd & 7 == 5 { draft.header.origin = "custody.local/other" }
    return signed(draft, by: odd & 7 == 6 ? Int(odd >> 4) % people.count : author)
  }

  /// With what the action must have, and with what it may have where a byte says so.
  private mutating func draft(_ action: Action, by author: Int, seen: Seen, seq: UInt64) -> EntryDraft {
    let time = Self.start.adding(milliseconds: Int64(clamping: history.size) &* 1000)
    var draft = EntryDraft(
      EntryHeader(
        origin: Self.origin, time: time, actor: people[author].id, seq: seq, seen: seen, action: action))
    let (which, rule) = (UInt64(feed.next()) << 8 | UInt64(feed.next()), action.rule)
    for key in rule.required { set(key, in: &draft, action) }
    for (place, key) in rule.optional.enumerated() where which >> UInt64(place % 16) & 1 == 1 {
      set(key, in: &draft, action)
    }
    if action == .vaultCreate || action == .memberEnroll { introduce(author, in: &draft, action) }
    return draft
  }

  /// Somebody with keys of their own, unless a byte says that they take another's.
  private mutating func introduce(_ author: Int, in draft: inout EntryDraft, _ action: Action) {
    let choice = feed.next()
    let number = action == .vaultCreate ? author : Int(choice) % people.count
    let person = Cast.shared.people[number % Cast.shared.people.count]
    draft.set(.boxKey, person.keys.box.bytes)
    draft.set(.signKey, person.keys.entries.bytes)
    draft.set(.checkpointKey, person.keys.checkpoints.bytes)
    draft.set(.cosignKey, choice == 255 ? person.keys.box.bytes : person.keys.cosignatures.bytes)
    draft.set(.name, person.name)
    if action == .vaultCreate { draft.set(.auditKey, Self.audit(0)) } else { draft.set(.member, person.id) }
    draft.set(.role, (action == .vaultCreate ? .admin : person.role).rawValue)
  }

  /// Keys that nobody has: points of the curve, as the fold asks for.
  private static func audit(_ number: UInt8) -> Digest { audits[Int(number) % audits.count] }
  private static let audits: [Digest] = (20..<28).compactMap {
    try? Cast.seed($0, Cast.shared.arena).boxKey(in: Cast.shared.arena).publicKey.bytes
  }

  private mutating func set(_ key: DetailKey, in draft: inout EntryDraft, _ action: Action) {
    let choice = feed.next()
    let value = value(of: choice)
    switch key.syntax {
    case .digest: draft.set(key, key == .auditKey ? Self.audit(choice) : value.digest)
    case .cosignature:
      draft.set(key, Base64.encode(Cosignature.payload(value.number, [UInt8](repeating: choice, count: 64))))
    case .identifier: draft.set(key, identifier(key, choice, action))
    case .identifiers: draft.set(key, [identifier(key, choice, action), people[0].id].prefix(Int(choice & 1) + 1))
    case .number: draft.set(key, number(key, choice, of: draft))
    case .time: draft.set(key, value.time)
    case .role: draft.set(key, Role.allCases[Int(choice) % Role.allCases.count].rawValue)
    case .leaving: draft.set(key, Leaving.allCases[Int(choice) % Leaving.allCases.count].rawValue)
    case .source: draft.set(key, Source.allCases[Int(choice) % Source.allCases.count].rawValue)
    case .machine: draft.set(key, MachineUse.allCases[Int(choice) % MachineUse.allCases.count].rawValue)
    case .name: draft.set(key, "n\(choice)")
    case .text: draft.set(key, ["v1", "=1+1", "\u{202E}|", "%", "a b"][Int(choice) % 5])
    }
  }

  private func value(of choice: UInt8) -> (digest: Digest, number: UInt64, time: Timestamp) {
    let times: [Int64] = [.min, .max, 0, Self.start.milliseconds, Self.start.milliseconds + 5000]
    return (
      Self.digests[Int(choice) % Self.digests.count], Self.numbers[Int(choice) % Self.numbers.count],
      Timestamp(milliseconds: times[Int(choice) % times.count])
    )
  }

  private mutating func identifier(_ key: DetailKey, _ choice: UInt8, _ action: Action) -> Identifier {
    guard key == .item || key == .connector else { return people[Int(choice) % people.count].id }
    if action == .connectorRegister || action == .tokenStore, key == .item {
      let id = Identifier([UInt8](repeating: choice, count: Identifier.count)) ?? .none
      if !ids.contains(id) { ids.append(id) }
      return id
    }
    let items = ids.dropFirst(people.count)
    return items.isEmpty ? .none : items[items.startIndex + Int(choice) % items.count]
  }

  /// The right one, or one that can't be.
  private func number(_ key: DetailKey, _ choice: UInt8, of draft: EntryDraft) -> UInt64 {
    guard choice < 128 else { return Self.numbers[Int(choice) % Self.numbers.count] }
    let more = UInt64(choice & 1)
    let text = draft.text
    let item = history.items.first { item in
      let line = utf8("\nitem \(item.id.hex)\n")
      return text.indices.contains { text[$0...].starts(with: line) }
    }
    switch key {
    case .revision: return (item?.revision ?? 0) &+ more
    case .generation: return (item?.generation ?? 0) &+ more
    case .metadataGeneration: return (item?.metadataKey.generation ?? 0) &+ more
    case .size, .lostSize: return history.size &- more
    default: return UInt64(choice & 15)
    }
  }

  private func signed(_ draft: EntryDraft, by signer: Int) -> [UInt8] {
    let text = draft.text
    let name = Entry.keyName(origin: draft.header.origin, member: people[signer].id)
    let key = history.members[people[signer].id]?.keys.entries.bytes ?? people[signer].keys.entries.bytes
    let line = VerifierKey(name: name, ed25519: key).line(signature: [UInt8](repeating: 7, count: 64))
    return text + [0x0a] + line.bytes
  }
}
