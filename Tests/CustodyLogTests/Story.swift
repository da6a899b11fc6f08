import CustodyCrypto
import CustodyLog
import CustodySecrets
import CustodyValues

/// A log with real keys that a test extends with the entries that it wants to see refused.
final class Story {
  final class Person {
    let id = Identifier.random()
    let seed: Seed
    let keys: MemberKeys
    var seq: UInt64 = 0

    init(_ arena: SecureArena) throws {
      seed = try Seed.random(in: arena)
      keys = MemberKeys(
        box: MemberKey(try seed.boxKey(in: arena).publicKey.bytes),
        entries: MemberKey(try seed.entryKey(in: arena).publicKey),
        checkpoints: MemberKey(try seed.checkpointKey(in: arena).publicKey),
        cosignatures: MemberKey(try seed.cosignatureKey(in: arena).publicKey))
    }
  }

  let arena: SecureArena
  let vault = Identifier.random()
  let audit: Digest
  let (ada, dev, audrey, eve): (Person, Person, Person, Person)
  /// People who are added later.
  var others: [Person] = []
  var history = History()
  private(set) var entries: [[UInt8]] = []
  var time = Timestamp(milliseconds: 1_795_000_000_000)

  var origin: String { "custody.local/\(vault.hex)" }
  static let hash = SHA256.hash([1])

  /// Founded by ada, joined by dev and audrey; eve is nobody.
  init() throws {
    arena = try SecureArena()
    audit = try BoxKey.random(in: arena).publicKey.bytes
    (ada, dev, audrey, eve) = (try Person(arena), try Person(arena), try Person(arena), try Person(arena))
    try add(.vaultCreate, ada) {
      self.person(&$0, self.ada, "ada", .admin); $0.set(.auditKey, self.audit)
    }
    try enroll(dev, "dev", .developer)
    try enroll(audrey, "audrey", .auditor)
  }

  func person(_ draft: inout EntryDraft, _ person: Person, _ name: String, _ role: Role) {
    draft.set(.boxKey, person.keys.box.bytes)
    draft.set(.signKey, person.keys.entries.bytes)
    draft.set(.checkpointKey, person.keys.checkpoints.bytes)
    draft.set(.cosignKey, person.keys.cosignatures.bytes)
    draft.set(.name, name)
    draft.set(.role, role.rawValue)
    draft.set(.seedSHA256, Self.hash)
    draft.set(.wrapsSHA256, Self.hash)
  }

  func enroll(_ who: Person, _ name: String, _ role: Role, by: Person? = nil) throws {
    try add(.memberEnroll, by ?? ada) {
      self.person(&$0, who, name, role)
      $0.set(.member, who.id)
      $0.set(.requestSHA256, Self.hash)
    }
  }

  /// A signed entry that is right in every header, unless `details` changes them.
  func entry(_ action: Action, _ author: Person, _ details: (inout EntryDraft) -> Void = { _ in }) throws -> Entry {
    let root = history.size == 0 ? MerkleTree.emptyRoot : history.root()
    var draft = EntryDraft(
      EntryHeader(
        origin: origin, time: time, actor: author.id, seq: author.seq + 1, seen: Seen(size: history.size, root: root),
        action: action))
    details(&draft)
    let key = try author.seed.entryKey(in: arena)
    return try draft.signed(publicKey: key.publicKey) { key.sign($0) }
  }

  func add(_ action: Action, _ author: Person, _ details: (inout EntryDraft) -> Void = { _ in }) throws {
    let entry = try entry(action, author, details)
    try history.append(entry)
    entries.append(entry.bytes)
    author.seq += 1
  }

  /// Folds any bytes. If they have an author, the author's counter goes up.
  @discardableResult
  func fold(_ bytes: [UInt8]) throws -> FoldedEntry {
    let folded = try history.fold(bytes)
    entries.append(bytes)
    person(folded.author)?.seq += 1
    return folded
  }

  func person(_ id: Identifier) -> Person? { ([ada, dev, audrey, eve] + others).first { $0.id == id } }

  /// A signed text, possibly by another key than its signature line names, or with a text that no draft makes.
  func signed(_ text: String, as author: Person, by signer: Person? = nil) throws -> [UInt8] {
    let name = Entry.keyName(origin: origin, member: author.id)
    let key = try (signer ?? author).seed.entryKey(in: arena)
    let line = VerifierKey(name: name, ed25519: author.keys.entries.bytes).line(signature: key.sign(Array(text.utf8)))
    return Array(text.utf8) + [0x0a] + line.bytes
  }

  /// The rule that adding this entry would break, or nil. The story does not change.
  func breaks(_ action: Action, _ author: Person, _ details: (inout EntryDraft) -> Void) throws -> HistoryFault.Rule? {
    var trial = history
    do { try trial.append(entry(action, author, details)) } catch let fault as HistoryFault {
      return fault.rule
    }
    return nil
  }
}
