internal import CustodyCrypto
package import CustodyValues

/// The state that a log's entries add up to: members, items and grants.
///
/// It is computed from the entries alone, in order, without storage, vault or secret. No entry is folded before its
/// signature is checked.
///
/// An entry that an active member signed and that breaks a rule is *void*: it stays in the tree, and changes nothing.
/// The fold stops at an entry that no active member signed, and at an entry of an unknown version.
package struct History: Sendable {
  package internal(set) var origin = ""
  package internal(set) var tree = MerkleTree()
  package internal(set) var members = FoldTable<Identifier, Member>(FoldTables.members)
  package internal(set) var items = FoldTable<Identifier, Item>(FoldTables.items)
  /// Count of connectors among the items.
  var connectors: UInt64 = 0
  /// IDs of the items that are not retired, by kind and tag.
  package internal(set) var tags = FoldTable<ItemTag, Identifier>(FoldTables.tags, pointingTo: FoldTables.items)
  /// All epochs so far, one for each pair of vault key and audit key. Removing a member or changing a role begins the
  /// next.
  package internal(set) var epochs: [Epoch] = []
  /// The newest epoch whose audit key is known to somebody who may no longer decrypt names. 0 if there is none.
  var auditKeyLost: UInt64 = 0
  /// Time of the newest entry by an admin. A wrong clock is corrected by the next such entry.
  var adminTime: Timestamp?
  /// Void entries by position.
  var voidEntries = FoldTable<UInt64, VoidEntry>(FoldTables.voids)
  /// The head of the log at which the newest transaction began. A later entry of that transaction has seen the same
  /// head, and has the same author.
  var began = Seen(size: 0, root: MerkleTree.emptyRoot)
  /// Author of the newest entry.
  package internal(set) var committer = Identifier.none
  /// Counts of sealed texts and of transactions so far: as many rows of notes and checkpoints must exist.
  package internal(set) var notes: UInt64 = 0
  package internal(set) var transactions: UInt64 = 0
  /// Recorded cosignatures by position. They are not verified here; callers that rely on one call its `damage`.
  package internal(set) var cosignatures = FoldTable<UInt64, RecordedCosignature>(FoldTables.cosignatures)
  /// Members by name and by key: indexes that each entry would otherwise search for.
  var memberNames = FoldTable<String, Identifier>(FoldTables.memberNames, pointingTo: FoldTables.members)
  var memberKeys = FoldTable<Digest, Identifier>(FoldTables.memberKeys, pointingTo: FoldTables.members)
  /// True for a part of a log: entries that are not shown may enrol other members.
  var isPart = false
  /// Caches: each member's key, and the newest head.
  private var entryKeys: [Identifier: VerifierKey] = [:]
  private var newest: Seen?

  package init() {}

  /// Count of the entries folded so far.
  package var size: UInt64 { tree.size }

  /// The current epoch, counted from 1. Its vault key seals the next entry, and its audit key gets the next metadata
  /// key.
  package var epoch: UInt64 { UInt64(epochs.count) }

  /// The epoch in which an entry was made. An entry that begins an epoch is the last of the one before.
  package func epoch(at position: UInt64) -> UInt64 {
    max(1, UInt64(epochs.count { $0.begun < position }))
  }

  /// The newest audit key's public half. Requests and metadata keys are sealed to it.
  package var auditKey: Digest? { epochs.last?.auditKey }

  package var activeMembers: [Member] { members.filter(\.isActive) }

  /// Size and root of everything folded so far. The next transaction's entries state it as seen.
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

  /// Folds the next entry. `attest` checks its signature before anything is changed: at once, or later if the caller
  /// discards the whole fold once a check fails.
  ///
  /// After an error nothing has changed, and nothing further may be folded.
  ///
  /// - Parameters:
  ///   - bytes: The whole entry.
  ///   - leaf: Its leaf hash, if it was computed already.
  ///   - node: Called with each complete subtree that the entry finishes in the tree.
  ///   - attest: Checks the signature, or queues the check.
  @discardableResult
  package mutating func fold(
    _ bytes: [UInt8], leaf: Digest? = nil, node: (MerkleTree.Place, Digest) -> Void = { _, _ in },
    attest: (SignatureCheck) throws(HistoryFault) -> Void = History.attestAtOnce
  ) throws(HistoryFault) -> FoldedEntry {
    let folded = size == 0 ? try found(bytes, attest) : try foldNext(bytes, attest)
    tree.append(leaf ?? MerkleTree.leafHash(bytes), node: node)
    return folded
  }

  /// Folds an entry of the caller's own, which must not be void. Its signature is verified if another process made it.
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
    // A longer entry fits into no tile, and so into no export.
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

  /// The parsed entry, or the grammar rule that makes it void. An unknown version throws: nobody here can say what it
  /// means.
  private func read(_ bytes: [UInt8]) throws(HistoryFault) -> (Entry?, HistoryFault.Rule?) {
    do throws(EntryError) { return (try Entry(parsing: bytes), nil) } catch {
      guard error != .unknownVersion else { throw fault(.grammar(error)) }
      return (nil, .grammar(error))
    }
  }

  /// The active member who answers for an entry, by its first signature line, whatever its text says.
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

  /// Checks all rules but the signature's, then applies the entry.
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

  /// True if the entry begins a transaction: it has seen the whole log so far. Otherwise it must continue its author's
  /// transaction, and have seen the same head.
  private mutating func beginsTransaction(_ entry: Entry) throws(HistoryFault) -> Bool {
    if entry.seen.size == size {
      guard entry.seen == head() else { throw fault(.seenUnknown) }
      return true
    }
    guard entry.seen == began, entry.actor == committer else { throw fault(.seenUnknown) }
    return false
  }

  /// Checks that the author's role, and a machine's permission, allow the action.
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

  /// Accepts a checkpoint of everything folded so far. It must be signed by the author of the newest entry.
  package mutating func accept(_ checkpoint: Checkpoint, signedBy signer: Identifier, _ signature: [UInt8])
    throws(HistoryFault)
  {
    try check(checkpoint, signedBy: signer)
    guard Signature.verify(signature, checkpoint.text, key: try checkpointKey(of: signer).publicKey) else {
      throw fault(.checkpointSignature)
    }
  }

  /// Checks a checkpoint's tree and its signer, not its signature.
  package mutating func check(_ checkpoint: Checkpoint, signedBy signer: Identifier) throws(HistoryFault) {
    try check(checkpoint)
    guard signer == committer else { throw fault(.checkpointSigner) }
  }

  /// The key with which a member signs checkpoints. All members' keys have the log's origin as name; the key ID tells
  /// them apart.
  package func checkpointKey(of signer: Identifier) throws(HistoryFault) -> VerifierKey {
    guard let member = members[signer] else { throw fault(.checkpointSigner) }
    return VerifierKey(name: origin, ed25519: member.keys.checkpoints.bytes)
  }

  /// Checks a checkpoint's origin, size and root, not its signature.
  package mutating func check(_ checkpoint: Checkpoint) throws(HistoryFault) {
    guard checkpoint.size == size, checkpoint.origin.hasSameBytes(as: origin), checkpoint.root == root() else {
      throw fault(.checkpointRoot)
    }
  }
}
