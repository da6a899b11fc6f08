internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// Facts that entries state about rows and that the fold does not keep.
struct LogFacts {
  /// A sealed text that an entry names.
  struct NamedText {
    let item: Identifier
    let generation: UInt64
    let sha256: Digest
  }

  /// The envelopes that one share made.
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

  /// Roots of the complete subtrees by level; level 0 holds the leaves.
  private(set) var nodes: [[Digest]] = []
  private(set) var notes: [NoteKey: NamedText] = [:]
  private(set) var shares: [Identifier: [SharedKeys]] = [:]
  /// SHA-256 of each previous metadata key's sealed bytes, by the generation that it is sealed under.
  private(set) var links: [LinkKey: Digest] = [:]
  /// Entries that make or change a member or their seed, by position.
  private(set) var memberEntries: [UInt64: Entry] = [:]
  /// Tokens that were exchanged with their provider, and not only handed out from a kept access token.
  private(set) var exchanged: Set<Identifier> = []
  /// The checkpoints that hold, by size.
  private(set) var checkpoints: [UInt64: CheckpointRow] = [:]
  private(set) var trail = LogTrail()
  /// The members' wrapped keys that the newest repair left, if a repair has found some gone.
  private(set) var repairedWraps: RepairedWraps?
  /// True if the newest transaction is a repair.
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

  /// Returns true if this log is, or continues, the log with this head.
  func isOnLine(_ head: Seen) -> Bool {
    guard head.size > 0, let leaves = nodes.first, head.size <= leaves.count else { return false }
    // The nodes of its frontier are roots of complete subtrees, which `nodes` has.
    return MerkleTree(size: head.size) { nodes[$0.level][Int($0.number)] }.root == head.root
  }
}
