internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// What entries say of rows, and the fold does not keep.
struct LogFacts {
  /// Sealed text that an entry names.
  struct NamedText {
    let item: Identifier
    let generation: UInt64
    let sha256: Digest
  }

  /// A share's envelopes.
  struct SharedKeys {
    let entry: UInt64
    let to: Identifier
    let generation: UInt64
    let sha256: Digest
    let metadataGeneration: UInt64
    let metadataSHA256: Digest?
  }

  struct NoteKey: Hashable {
    let entry: UInt64
    let kind: NoteRow.Kind
  }

  struct LinkKey: Hashable {
    let item: Identifier
    let generation: UInt64
  }

  /// By level: roots of the complete subtrees, the leaves first.
  private(set) var nodes: [[Digest]] = []
  private(set) var notes: [NoteKey: NamedText] = [:]
  private(set) var shares: [Identifier: [SharedKeys]] = [:]
  /// The metadata key before, by the generation that it is sealed under.
  private(set) var links: [LinkKey: Digest] = [:]
  /// Those that make or change a member, or their seed.
  private(set) var memberEntries: [UInt64: Entry] = [:]
  /// Tokens of which an exchange succeeded, other than out of what was kept.
  private(set) var exchanged: Set<Identifier> = []
  /// The checkpoints that hold.
  private(set) var checkpoints: [UInt64: CheckpointRow] = [:]
  private(set) var trail = LogTrail()
  /// Of the newest repair that says something of them.
  private(set) var repairedWraps: RepairedWraps?
  /// The newest transaction is a repair.
  private(set) var endsWithRepair = false

  mutating func note(_ place: MerkleTree.Place, _ hash: Digest) {
    while nodes.count <= place.level { nodes.append([]) }
    nodes[place.level].append(hash)
  }

  mutating func note(_ checkpoint: CheckpointRow) { checkpoints[checkpoint.size] = checkpoint }

  mutating func note(_ entry: Entry, at position: UInt64, in history: History) {
    trail.note(entry, at: position, in: history)
    if entry.seen.size == position { endsWithRepair = false }
    guard entry.outcome == .ok else { return }
    if entry.action == .vaultRepair { endsWithRepair = true }
    repairedWraps = RepairedWraps(entry, at: position, in: history) ?? repairedWraps
    if entry.action.isAboutMembers || entry.action == .memberRekey { memberEntries[position] = entry }
    guard let item = entry.identifier(.item) else { return }
    noteTexts(entry, position, item)
    if entry.action == .tokenExchange, entry.text(.source) == nil { exchanged.insert(item) }
    if let previous = entry.digest(.previousSHA256), let generation = entry.number(.metadataGeneration) {
      links[LinkKey(item: item, generation: generation)] = previous
    }
    if entry.action == .tokenShare || entry.action == .connectorShare { noteShare(entry, position, item) }
  }

  private mutating func noteTexts(_ entry: Entry, _ position: UInt64, _ item: Identifier) {
    for kind in NoteRow.Kind.allCases {
      guard let sha256 = entry.digest(kind.details.sealed), let generation = entry.number(.metadataGeneration) else {
        continue
      }
      notes[NoteKey(entry: position, kind: kind)] = NamedText(item: item, generation: generation, sha256: sha256)
    }
  }

  private mutating func noteShare(_ entry: Entry, _ position: UInt64, _ item: Identifier) {
    guard let to = entry.identifier(.to), let generation = entry.number(.generation),
      let sha256 = entry.digest(.envelopeSHA256), let metadataGeneration = entry.number(.metadataGeneration)
    else { return }
    shares[item, default: []].append(
      SharedKeys(
        entry: position, to: to, generation: generation, sha256: sha256, metadataGeneration: metadataGeneration,
        metadataSHA256: entry.digest(.metadataEnvelopeSHA256)))
  }

  func leaf(_ position: UInt64) -> Digest? {
    guard let leaves = nodes.first, position < leaves.count else { return nil }
    return leaves[Int(position)]
  }

  /// Whether the log is, or leads on from, what this is of.
  func isOnLine(_ head: Seen) -> Bool {
    guard head.size > 0, let leaves = nodes.first, head.size <= leaves.count else { return false }
    // The nodes of its frontier are complete subtrees, and so among these.
    return MerkleTree(size: head.size) { nodes[$0.level][Int($0.number)] }.root == head.root
  }
}
