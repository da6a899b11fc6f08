internal import CustodyCrypto
public import CustodyMemory

/// The log, folded: who is a member, what items there are, who may open them. Made from entries alone, in order, and
/// refusing whatever breaks a rule; no storage, no vault, no secret.
public struct History: Sendable {
  /// Which signatures are checked while folding. Others are checked where an entry is relied upon, or with `deferred` by
  /// the caller, all of them.
  public enum Attestation: Sendable { case atOnce, everything, deferred }

  public internal(set) var origin = ""
  public internal(set) var tree = MerkleTree()
  public internal(set) var members: [Identifier: Member] = [:]
  public internal(set) var items: [Identifier: Item] = [:]
  /// The items that are not retired, by tag.
  public internal(set) var tags: [Digest: Identifier] = [:]
  /// One for each pair of vault and audit key there has been; whoever leaves or changes their role begins the next.
  public internal(set) var epochs: [Epoch] = []
  /// Where the transaction of the newest entry began, and whose it is: all of its entries have seen just that.
  var began = Seen(size: 0, root: MerkleTree.emptyRoot)
  var committer = Identifier.none
  /// Entries with free text, and transactions, so far: as many notes and checkpoints there are.
  public internal(set) var notes: UInt64 = 0
  public internal(set) var transactions: UInt64 = 0
  /// Of checkpoints, by members.
  public internal(set) var cosignatures: UInt64 = 0
  /// What would be searched for with each entry: whose a name is, which keys are taken, how many tokens of a connector
  /// are in use.
  var names: [String: Identifier] = [:]
  var takenKeys: Set<Digest> = []
  var tokensInUse: [Identifier: Int] = [:]
  /// Set for a part of a log: other members may be among what is not shown.
  var isPart = false
  /// Computed once a size.
  private var newest: Seen?

  public init() {}

  /// How many entries have been folded.
  public var size: UInt64 { tree.size }

  /// The count of epochs: which vault key seals the next entry, and which audit key the next metadata key is sealed to.
  public var epoch: UInt64 { UInt64(epochs.count) }

  /// The epoch that an entry was made in. The one that begins the next is the last of its own.
  public func epoch(at position: UInt64) -> UInt64 {
    max(1, UInt64(epochs.count { $0.begun < position }))
  }

  /// The newest audit key: requests and metadata keys are sealed to it.
  public var auditKey: Digest? { epochs.last?.auditKey }

  public var activeMembers: [Member] { members.values.filter(\.isActive) }

  /// Size and root of all that was folded: what the next transaction's author will have seen.
  public mutating func head() -> Seen {
    if let newest, newest.size == size { return newest }
    let head = Seen(size: size, root: tree.root)
    newest = head
    return head
  }

  public mutating func root() -> Digest { head().root }

  public func member(named name: String) -> Member? {
    guard let member = names[name].flatMap({ members[$0] }), member.name.utf8.elementsEqual(name.utf8) else {
      return nil
    }
    return member
  }

  /// Folds the next entry. After an error nothing has changed and nothing further may be folded.
  public mutating func append(_ entry: Entry, _ attestation: Attestation) throws(HistoryFault) {
    let leaf = MerkleTree.leafHash(entry.bytes)
    try append(entry, leaf: leaf, attestation)
    tree.append(leaf)
  }

  /// As `append`, for a caller that keeps the tree's nodes.
  public mutating func append(
    _ entry: Entry, leaf: Digest, _ attestation: Attestation, node: (MerkleTree.Place, Digest) -> Void
  ) throws(HistoryFault) {
    try append(entry, leaf: leaf, attestation)
    tree.append(leaf, node: node)
  }

  private mutating func append(_ entry: Entry, leaf: Digest, _ attestation: Attestation) throws(HistoryFault) {
    if size == 0 { origin = entry.origin }
    guard entry.origin.utf8.elementsEqual(origin.utf8) else { throw fault(.wrongOrigin) }
    try checkSeen(entry)
    if size == 0 {
      try found(entry)
    } else {
      try checkAuthor(entry, attestation)
      if entry.outcome == .ok { try apply(entry) }
    }
    members[entry.actor]?.lastSeq = entry.seq
    if entry.raw(.noteSHA256) != nil { notes += 1 }
  }

  /// An entry begins a transaction, and has seen all before it; or it goes on with its author's, and has seen the same.
  private mutating func checkSeen(_ entry: Entry) throws(HistoryFault) {
    if entry.seen.size == size {
      guard entry.seen == head() else { throw fault(.seenUnknown) }
      (began, committer) = (entry.seen, entry.actor)
      transactions += 1
    } else {
      guard entry.seen == began, entry.actor == committer else { throw fault(.seenUnknown) }
    }
  }

  private func checkAuthor(_ entry: Entry, _ attestation: Attestation) throws(HistoryFault) {
    guard let member = members[entry.actor] else { throw fault(.unknownActor) }
    guard member.isActive else { throw fault(.removedActor) }
    guard entry.seq == member.lastSeq + 1 else { throw fault(.sequence(expected: member.lastSeq + 1)) }
    try checkRight(entry, of: member, attestation)
  }

  /// The author's role and signature, wherever the entry stands.
  func checkRight(_ entry: Entry, of member: Member, _ attestation: Attestation) throws(HistoryFault) {
    if entry.outcome == .ok, !entry.action.rule.signers.contains(member.role) {
      throw fault(.roleMayNot(member.role, entry.action))
    }
    if entry.outcome == .ok, let machine = member.machine, !machine.permits(entry.action) {
      throw fault(.machineMayNot(entry.action))
    }
    if attestation != .deferred, attestation == .everything || entry.action.isAttestedAtOnce || replaces(entry) {
      guard entry.isSigned(by: member.keys.entries) else { throw fault(.badSignature) }
    }
  }

  /// A share to someone who has a grant, or an exchange that brought a new value: both take away what was there before.
  private func replaces(_ entry: Entry) -> Bool {
    switch entry.action {
    case .connectorShare, .tokenShare:
      guard let item = entry.identifier(.item), let to = entry.identifier(.to) else { return false }
      return items[item]?.grants[to] != nil
    case .tokenExchange: return entry.digest(.valueSHA256) != nil
    default: return false
    }
  }

  func fault(_ rule: HistoryFault.Rule) -> HistoryFault { HistoryFault(position: size, rule: rule) }

  mutating func apply(_ entry: Entry) throws(HistoryFault) {
    switch entry.action {
    case .vaultCreate: throw fault(.notTheFirst)
    case .memberEnroll: try enroll(entry)
    case .memberRemove: try remove(entry)
    case .memberRole: try changeRole(entry)
    case .memberRekey: rekey(entry)
    case .logCosign: cosignatures += 1
    case .memberDeny, .logExport, .logVerify, .logRecover: return
    default: try applyToItem(entry)
    }
  }

  /// A checkpoint of every entry folded so far, by whose transaction it ends.
  public mutating func accept(_ checkpoint: Checkpoint, signedBy signer: Identifier, _ signature: [UInt8])
    throws(HistoryFault)
  {
    try check(checkpoint, signedBy: signer)
    guard Signature.verify(signature, checkpoint.text, key: try checkpointKey(of: signer).publicKey) else {
      throw fault(.checkpointSignature)
    }
  }

  /// All of a checkpoint but its signature.
  public mutating func check(_ checkpoint: Checkpoint, signedBy signer: Identifier) throws(HistoryFault) {
    try check(checkpoint)
    guard signer == committer else { throw fault(.checkpointSigner) }
  }

  /// With which a member signs checkpoints: the key's name is the origin, its ID tells whose it is.
  public func checkpointKey(of signer: Identifier) throws(HistoryFault) -> VerifierKey {
    guard let member = members[signer] else { throw fault(.checkpointSigner) }
    return VerifierKey(name: origin, ed25519: member.keys.checkpoints)
  }

  /// The tree alone: whose signature it bears is checked for the newest, and for all by a full verification.
  public mutating func check(_ checkpoint: Checkpoint) throws(HistoryFault) {
    guard checkpoint.size == size, checkpoint.origin.utf8.elementsEqual(origin.utf8), checkpoint.root == root() else {
      throw fault(.checkpointRoot)
    }
  }
}

extension Action {
  /// What makes members, and what takes away or replaces: nobody would rely on its entry later, and so find it forged.
  var isAttestedAtOnce: Bool {
    switch self {
    case .vaultCreate, .memberEnroll, .memberDeny, .memberRole, .memberRemove, .memberRekey, .logRecover,
      .connectorRotate,
      .connectorRekey, .connectorUnshare,
      .connectorRetire, .tokenRotate, .tokenRekey, .tokenUnshare, .tokenRetire:
      true
    default: false
    }
  }
}
