import CustodyCrypto
import CustodyLog
import CustodySecrets
import CustodyValues

/// A log with real keys and any entry in it, as members with patched clients write them.
final class CaseLog {
  final class Author {
    let id = Identifier.random()
    let name: String
    let seed: Seed
    let keys: MemberKeys

    init(_ name: String, _ arena: SecureArena) throws {
      self.name = name
      seed = try Seed.random(in: arena)
      keys = MemberKeys(
        box: MemberKey(try seed.boxKey(in: arena).publicKey.bytes),
        entries: MemberKey(try seed.entryKey(in: arena).publicKey),
        checkpoints: MemberKey(try seed.checkpointKey(in: arena).publicKey),
        cosignatures: MemberKey(try seed.cosignatureKey(in: arena).publicKey))
    }
  }

  static let day: Int64 = 86_400_000

  let arena: SecureArena
  let origin = "custody.local/\(Identifier.random().hex)"
  /// ada and bea are admins, dev and dan developers, audrey is an auditor, rob a machine; eve is nobody.
  let (ada, bea, dev, dan): (Author, Author, Author, Author)
  let (audrey, rob, eve): (Author, Author, Author)
  /// dev's, of which ada and dan have grants, dan for ten days; and one that is dev's alone.
  let (connector, own) = (Identifier.random(), Identifier.random())
  /// ada's, shared with dev and rob.
  let token = Identifier.random()
  private(set) var history = History()
  private(set) var entries: [[UInt8]] = []
  var time = Timestamp(milliseconds: 1_795_000_000_000)
  private var digests: UInt64 = 0

  var people: [Author] { [ada, bea, dev, dan, audrey, rob] }

  init() throws {
    let arena = try SecureArena()
    self.arena = arena
    (ada, bea, dev, dan) = (
      try Author("ada", arena), try Author("bea", arena), try Author("dev", arena), try Author("dan", arena)
    )
    (audrey, rob, eve) = (try Author("audrey", arena), try Author("rob", arena), try Author("eve", arena))
    try add(.vaultCreate, ada) {
      self.person(&$0, self.ada, .admin); $0.set(.auditKey, try self.auditKey())
    }
    for (author, role) in [(bea, Role.admin), (dev, .developer), (dan, .developer), (audrey, .auditor)] {
      try add(.memberEnroll, ada) {
        self.person(&$0, author, role); self.enrolled(&$0, author)
      }
    }
    try add(.memberEnroll, bea) {
      self.person(&$0, self.rob, .developer); self.enrolled(&$0, self.rob); $0.set(.machine, "exchange")
    }
    try add(.connectorRegister, dev) { self.newItem(&$0, self.connector) }
    try add(.connectorRegister, dev) { self.newItem(&$0, self.own) }
    try add(.connectorShare, dev) { self.share(&$0, self.connector, self.ada) }
    try add(.connectorShare, dev) {
      self.share(&$0, self.connector, self.dan); $0.set(.until, self.after(10))
    }
    try add(.tokenStore, ada) {
      self.newItem(&$0, self.token); self.destination(&$0); $0.set(.connector, self.connector)
    }
    for to in [dev, rob] { try add(.tokenShare, ada) { self.share(&$0, self.token, to) } }
    try add(.tokenExchange, rob) {
      self.use(&$0, self.token); $0.set(.how, "nowhere")
    }
  }

  func after(_ days: Int64) -> Timestamp { time.adding(milliseconds: days * Self.day) }

  /// Another one each time.
  func digest() -> Digest {
    digests += 1
    return SHA256.hash(Array("\(origin) \(digests)".utf8))
  }

  func auditKey() throws -> Digest { try BoxKey.random(in: arena).publicKey.bytes }

  // MARK: Entries

  /// Right in every header.
  func draft(_ action: Action, _ author: Author, _ details: (inout EntryDraft) throws -> Void = { _ in }) rethrows
    -> EntryDraft
  {
    var draft = EntryDraft(
      EntryHeader(
        origin: origin, time: time, actor: author.id, seq: (history.members[author.id]?.lastSeq ?? 0) + 1,
        seen: history.head(), action: action))
    try details(&draft)
    return draft
  }

  /// Signed whatever it says, under the signer's own name or another.
  func signed(_ text: [UInt8], by signer: Author, as name: String? = nil) throws -> [UInt8] {
    let key = try signer.seed.entryKey(in: arena)
    let verifier = VerifierKey(
      name: name ?? Entry.keyName(origin: origin, member: signer.id), ed25519: signer.keys.entries.bytes)
    return text + [0x0a] + verifier.line(signature: key.sign(text)).bytes
  }

  func entry(_ action: Action, _ author: Author, _ details: (inout EntryDraft) throws -> Void = { _ in }) throws
    -> [UInt8]
  {
    try signed(draft(action, author, details).text, by: author)
  }

  /// Folds it, and keeps it.
  @discardableResult
  func put(_ bytes: [UInt8]) throws -> FoldedEntry {
    let folded = try history.fold(bytes)
    entries.append(bytes)
    return folded
  }

  /// An entry that must count.
  func add(_ action: Action, _ author: Author, _ details: (inout EntryDraft) throws -> Void = { _ in }) throws {
    let folded = try put(entry(action, author, details))
    if let rule = folded.void { throw HistoryFault(position: folded.position, rule: rule) }
  }

  // MARK: Details

  func person(_ draft: inout EntryDraft, _ author: Author, _ role: Role) {
    draft.set(.boxKey, author.keys.box.bytes)
    draft.set(.signKey, author.keys.entries.bytes)
    draft.set(.checkpointKey, author.keys.checkpoints.bytes)
    draft.set(.cosignKey, author.keys.cosignatures.bytes)
    draft.set(.name, author.name)
    draft.set(.role, role.rawValue)
    for key in [DetailKey.seedSHA256, .wrapsSHA256] { draft.set(key, digest()) }
  }

  func enrolled(_ draft: inout EntryDraft, _ author: Author) {
    draft.set(.member, author.id)
    draft.set(.requestSHA256, digest())
  }

  func epoch(_ draft: inout EntryDraft, _ author: Author) throws {
    draft.set(.member, author.id)
    draft.set(.auditKey, try auditKey())
    for key in [DetailKey.previousSHA256, .wrapsSHA256] { draft.set(key, digest()) }
  }

  /// A new value, or the old one, under a new data key.
  func value(_ draft: inout EntryDraft, _ item: Identifier, isNew: Bool) {
    let known = history.items[item]
    draft.set(.item, item)
    draft.set(.revision, (known?.revision ?? 0) + (isNew ? 1 : 0))
    draft.set(.generation, (known?.generation ?? 0) + 1)
    for key in [DetailKey.valueSHA256, .commitment, .envelopesSHA256] { draft.set(key, digest()) }
  }

  func metadataKey(_ draft: inout EntryDraft, _ generation: UInt64) {
    draft.set(.metadataGeneration, generation)
    for key in [DetailKey.metadataCommitment, .metadataEnvelopesSHA256] { draft.set(key, digest()) }
  }

  func renewal(_ draft: inout EntryDraft, _ item: Identifier) {
    draft.set(.item, item)
    metadataKey(&draft, (history.items[item]?.metadataKey.generation ?? 0) + 1)
    draft.set(.previousSHA256, digest())
  }

  func newItem(_ draft: inout EntryDraft, _ item: Identifier) {
    value(&draft, item, isNew: true)
    metadataKey(&draft, 1)
    draft.set(.tag, digest())
    for key in [DetailKey.metadataSHA256, .sealedMetadataSHA256] { draft.set(key, digest()) }
  }

  func destination(_ draft: inout EntryDraft) {
    for key in [DetailKey.destinationSHA256, .sealedDestinationSHA256] { draft.set(key, digest()) }
  }

  /// Adds a reason under the newest metadata key.
  func reason(_ draft: inout EntryDraft, _ item: Identifier) {
    for key in [DetailKey.reasonSHA256, .sealedReasonSHA256] { draft.set(key, digest()) }
    under(&draft, item)
  }

  func change(_ draft: inout EntryDraft, _ item: Identifier) {
    draft.set(.item, item)
    for key in [DetailKey.metadataSHA256, .sealedMetadataSHA256] { draft.set(key, digest()) }
    under(&draft, item)
  }

  private func under(_ draft: inout EntryDraft, _ item: Identifier) {
    draft.set(.metadataGeneration, history.items[item]?.metadataKey.generation ?? 1)
  }

  /// Adds the fields that name the newest value and data key.
  func use(_ draft: inout EntryDraft, _ item: Identifier) {
    draft.set(.item, item)
    draft.set(.revision, history.items[item]?.revision ?? 1)
    draft.set(.generation, history.items[item]?.generation ?? 1)
  }

  func share(_ draft: inout EntryDraft, _ item: Identifier, _ to: Author) {
    use(&draft, item)
    under(&draft, item)
    draft.set(.to, to.id)
    draft.set(.envelopeSHA256, digest())
    if !history.opensNames(to.id) { draft.set(.metadataEnvelopeSHA256, digest()) }
  }
}
