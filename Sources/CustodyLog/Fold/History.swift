internal import CustodyCrypto
package import CustodyValues

/// The log, folded: who is a member, what items there are, who may open them. Made from entries alone, in order; no storage,
/// no vault, no secret. All of it is signed: nothing is folded whose signature was not checked.
///
/// An entry that an active member signed and that breaks a rule is *void*: it stays in the tree, and changes nothing. What
/// nobody signed who may, and an entry of an unknown version, stops the fold.
package struct History: Sendable {
  package internal(set) var origin = ""
  package internal(set) var tree = MerkleTree()
  package internal(set) var members = FoldTable<Identifier, Member>(FoldTables.members)
  package internal(set) var items = FoldTable<Identifier, Item>(FoldTables.items)
  /// How many of the items are connectors.
  var connectors: UInt64 = 0
  /// The items that are not retired, by kind and tag.
  package internal(set) var tags = FoldTable<ItemTag, Identifier>(FoldTables.tags, pointingTo: FoldTables.items)
  /// One for each pair of vault and audit key there has been; whoever leaves or changes their role begins the next.
  package internal(set) var epochs: [Epoch] = []
  /// The newest epoch whose audit key somebody has who may not open names any more; 0 where there is none.
  var auditKeyLost: UInt64 = 0
  /// The time of the newest entry of an admin: a clock that was wrong once is mended by the next one.
  var adminTime: Timestamp?
  /// Entries that were signed and break a rule, by their position.
  var voidEntries = FoldTable<UInt64, VoidEntry>(FoldTables.voids)
  /// Where the newest transaction began, and who signed the newest entry: an entry that does not begin one has seen that,
  /// and is theirs.
  var began = Seen(size: 0, root: MerkleTree.emptyRoot)
  package internal(set) var committer = Identifier.none
  /// Entries with free text, and transactions, so far: as many notes and checkpoints there are.
  package internal(set) var notes: UInt64 = 0
  package internal(set) var transactions: UInt64 = 0
  /// As their entries have them, by position: whether one holds is asked by who counts on it.
  package internal(set) var cosignatures = FoldTable<UInt64, RecordedCosignature>(FoldTables.cosignatures)
  /// What would be searched for with each entry: whose a name is, and whose a key.
  var memberNames = FoldTable<String, Identifier>(FoldTables.memberNames, pointingTo: FoldTables.members)
  var memberKeys = FoldTable<Digest, Identifier>(FoldTables.memberKeys, pointingTo: FoldTables.members)
  /// Set for a part of a log: other members may be among what is not shown.
  var isPart = false
  /// Computed once a member, and once a size.
  private var entryKeys: [Identifier: VerifierKey] = [:]
  private var newest: Seen?

  package init() {}

  /// How many entries have been folded.
  package var size: UInt64 { tree.size }

  /// The count of epochs: which vault key seals the next entry, and which audit key the next metadata key is sealed to.
  package var epoch: UInt64 { UInt64(epochs.count) }

  /// The epoch that an entry was made in. The one that begins the next is the last of its own.
  package func epoch(at position: UInt64) -> UInt64 {
    max(1, UInt64(epochs.count { $0.begun < position }))
  }

  /// The newest audit key: requests and metadata keys are sealed to it.
  package var auditKey: Digest? { epochs.last?.auditKey }

  package var activeMembers: [Member] { members.filter(\.isActive) }

  /// Size and root of all that was folded: what the next transaction's author will have seen.
  package mutating func head() -> Seen {
    if let newest, newest.size == size { return newest }
    let head = Seen(size: size, root: tree.root)
    newest = head
    return head
  }

  package mutating func root() -> Digest { head().root }

  package func member(named name: String) -> Member? {
    guard let member = memberNames[name].flatMap({ members[$0] }), member.name.hasSameBytes(as: name) else {
      return nil
    }
    return member
  }

  /// Folds the next entry. Its signature is checked by `attest`, before anything is changed: at once, or where it only
  /// takes note of the check and the whole fold is thrown away once one has failed.
  ///
  /// After an error nothing has changed, and nothing further may be folded.
  @discardableResult
  package mutating func fold(
    _ bytes: [UInt8], leaf: Digest? = nil, node: (MerkleTree.Place, Digest) -> Void = { _, _ in },
    attest: (SignatureCheck) throws(HistoryFault) -> Void = History.attestAtOnce
  ) throws(HistoryFault) -> FoldedEntry {
    let folded = size == 0 ? try found(bytes, attest) : try foldNext(bytes, attest)
    tree.append(leaf ?? MerkleTree.leafHash(bytes), node: node)
    return folded
  }

  /// Folds an entry of one's own, which must not be void. A signature that was made elsewhere is checked.
  package mutating func append(
    _ entry: Entry, signedElsewhere: Bool = true, node: (MerkleTree.Place, Digest) -> Void = { _, _ in }
  ) throws(HistoryFault) {
    let folded = try fold(entry.bytes, node: node) { check throws(HistoryFault) in
      if signedElsewhere { try Self.attestAtOnce(check) }
    }
    if let rule = folded.void { throw HistoryFault(position: folded.position, rule: rule) }
  }

  package static func attestAtOnce(_ check: SignatureCheck) throws(HistoryFault) {
    guard check.holds else { throw check.fault }
  }

  private mutating func foldNext(
    _ bytes: [UInt8], _ attest: (SignatureCheck) throws(HistoryFault) -> Void
  ) throws(HistoryFault) -> FoldedEntry {
    let position = size
    // More fits into no tile, and so into no evidence.
    guard bytes.count <= Tile.entryLimit else { throw fault(.grammar(.tooLong)) }
    let (entry, broken) = try read(bytes)
    let (author, check) = try authorship(of: bytes, entry)
    try attest(check)
    var rule = broken
    if let entry, rule == nil {
      do throws(HistoryFault) { try apply(entry, by: author) } catch { rule = error.rule }
    }
    members[author.id]?.lastSeq = author.lastSeq.successor
    committer = author.id
    if let rule { voidEntries[position] = VoidEntry(position: position, author: author.id, why: rule.words) }
    return FoldedEntry(position: position, author: author.id, bytes: bytes, entry: entry, void: rule)
  }

  /// The entry, or why it is none. Of an unknown version nobody here can say what it means.
  private func read(_ bytes: [UInt8]) throws(HistoryFault) -> (Entry?, HistoryFault.Rule?) {
    do throws(EntryError) { return (try Entry(parsing: bytes), nil) } catch {
      guard error != .unknownVersion else { throw fault(.grammar(error)) }
      return (nil, .grammar(error))
    }
  }

  /// The active member who answers for an entry: by the first signature line, whatever the text says.
  private mutating func authorship(
    of bytes: [UInt8], _ entry: Entry?
  ) throws(HistoryFault) -> (Member, SignatureCheck) {
    let text: [UInt8]
    let line: NoteSignature
    if let entry, let first = entry.signatures.first {
      (text, line) = (entry.text, first)
    } else {
      do throws(EntryError) {
        let unread = try UnreadEntry(bytes)
        (text, line) = (unread.text, unread.signature)
      } catch { throw fault(.grammar(error)) }
    }
    guard let author = Entry.author(line, origin: origin).flatMap({ members[$0] }) else { throw fault(.unknownActor) }
    guard author.isActive else { throw fault(.removedActor) }
    let key = entryKeys[author.id] ?? author.entryKey(origin: origin)
    entryKeys[author.id] = key
    guard line.isBy(key) else { throw fault(.badSignature) }
    return (author, SignatureCheck(signature: line.signature, text: text, key: key, fault: fault(.badSignature)))
  }

  /// All rules but the signature's.
  private mutating func apply(_ entry: Entry, by author: Member) throws(HistoryFault) {
    guard entry.signatures.count == 1 else { throw fault(.grammar(.malformedNote)) }
    guard entry.origin.hasSameBytes(as: origin) else { throw fault(.wrongOrigin) }
    guard entry.actor == author.id else { throw fault(.signedByAnother) }
    let expected = author.lastSeq.successor
    guard entry.seq == expected else { throw fault(.sequence(expected: expected)) }
    let begins = try beginsTransaction(entry)
    try checkRight(entry, of: author)
    if entry.outcome == .ok { try apply(entry) }
    if begins {
      began = entry.seen
      transactions += 1
    }
    if entry.outcome == .ok, author.role == .admin { adminTime = entry.time }
    for key in Action.underMetadataKey where entry.raw(key) != nil { notes += 1 }
  }

  /// An entry begins a transaction, and has seen all before it; or it goes on with its author's, and has seen the same.
  private mutating func beginsTransaction(_ entry: Entry) throws(HistoryFault) -> Bool {
    if entry.seen.size == size {
      guard entry.seen == head() else { throw fault(.seenUnknown) }
      return true
    }
    guard entry.seen == began, entry.actor == committer else { throw fault(.seenUnknown) }
    return false
  }

  /// The author's role, wherever the entry stands.
  func checkRight(_ entry: Entry, of member: Member) throws(HistoryFault) {
    guard entry.outcome == .ok else { return }
    if !entry.action.rule.signers.contains(member.role) { throw fault(.roleMayNot(member.role, entry.action)) }
    if let machine = member.machine, !machine.permits(entry.action) { throw fault(.machineMayNot(entry.action)) }
  }

  func fault(_ rule: HistoryFault.Rule) -> HistoryFault { HistoryFault(position: size, rule: rule) }

  mutating func apply(_ entry: Entry) throws(HistoryFault) {
    switch entry.action {
    case .vaultCreate: throw fault(.notTheFirst)
    case .memberEnroll: try enroll(entry)
    case .memberRemove: try remove(entry)
    case .memberRole: try changeRole(entry)
    case .memberRekey: rekey(entry)
    case .logCosign: cosignatures[size] = RecordedCosignature(entry, at: size)
    case .memberDeny, .vaultRepair, .logExport, .logVerify, .logRecover: return
    default: try applyToItem(entry)
    }
  }

  /// A checkpoint of every entry folded so far, by whose transaction it ends.
  package mutating func accept(_ checkpoint: Checkpoint, signedBy signer: Identifier, _ signature: [UInt8])
    throws(HistoryFault)
  {
    try check(checkpoint, signedBy: signer)
    guard Signature.verify(signature, checkpoint.text, key: try checkpointKey(of: signer).publicKey) else {
      throw fault(.checkpointSignature)
    }
  }

  /// All of a checkpoint but its signature.
  package mutating func check(_ checkpoint: Checkpoint, signedBy signer: Identifier) throws(HistoryFault) {
    try check(checkpoint)
    guard signer == committer else { throw fault(.checkpointSigner) }
  }

  /// With which a member signs checkpoints: the key's name is the origin, its ID tells whose it is.
  package func checkpointKey(of signer: Identifier) throws(HistoryFault) -> VerifierKey {
    guard let member = members[signer] else { throw fault(.checkpointSigner) }
    return VerifierKey(name: origin, ed25519: member.keys.checkpoints)
  }

  /// The tree alone: whose signature it bears is checked for the newest, and for all by a full verification.
  package mutating func check(_ checkpoint: Checkpoint) throws(HistoryFault) {
    guard checkpoint.size == size, checkpoint.origin.hasSameBytes(as: origin), checkpoint.root == root() else {
      throw fault(.checkpointRoot)
    }
  }
}
