import CustodyCrypto
import CustodyValues

@testable import CustodyLog

extension FuzzTarget {
  static let entry = FuzzTarget(
    name: "entry", longest: 4096,
    words: Action.allCases.map(\.rawValue) + DetailKey.allCases.map { "\n\($0.rawValue) " },
    seeds: { try Seeds.log }, run: read(entry:))

  private static func read(entry bytes: [UInt8]) throws {
    let unread = try? UnreadEntry(bytes)
    guard let entry = try? Entry(parsing: bytes) else { return }
    try hold(entry.bytes == bytes, "an entry keeps its bytes")
    try hold(SignedNote(text: entry.text, signatures: entry.signatures).bytes == bytes, "an entry is a note")
    try hold(unread?.text == entry.text, "whose an entry is, is read of the same text")
    var draft = EntryDraft(
      EntryHeader(
        origin: entry.origin, time: entry.time, actor: entry.actor, seq: entry.seq, seen: entry.seen,
        action: entry.action, outcome: entry.outcome))
    for (key, value) in entry.allDetails {
      draft.set(key, utf8(value))
      if key.syntax == .text {
        try hold(LogValue.unescape(value.utf8).map(LogValue.escape) == utf8(value), "a value is escaped in one way")
      }
      _ = (entry.identifier(key), entry.digest(key), entry.number(key), entry.time(key), entry.role(key))
      _ = (entry.identifiers(key), LogValue.shown(value), PrintableText.escape(value))
    }
    _ = (entry.cosignature, entry.machine, Entry.author(entry.signatures[0], origin: entry.origin))
    try hold(draft.text == entry.text, "an entry is written in one way")
  }

  static let note = FuzzTarget(
    name: "note", longest: 4096, words: ["\n\n\u{2014} ", "witness ", "group ", "quorum none\n", "log ", "old 1\n"],
    seeds: {
      let (note, member) = (try Seeds.checkpoint, try Seeds.log[1])
      guard let parsed = SignedNote(parsing: note), let key = Cast.shared.key else { throw Broken("no note") }
      var policy = TrustPolicy()
      policy.logs = [key]
      policy.witnesses = [.init(name: "w1", key: VerifierKey(name: "w", kind: .cosignature, publicKey: key.publicKey))]
      policy.groups = [.init(name: "g", threshold: .atLeast(1), members: ["w1"])]
      policy.quorum = "g"
      return [note, member, parsed.text, utf8(key.text), policy.bytes, utf8("old 3\n") + utf8("\n") + note]
    }, run: read(note:))

  private static func read(note bytes: [UInt8]) throws {
    if let note = SignedNote(parsing: bytes) {
      try hold(note.bytes == bytes, "a note is written in one way")
      if let checkpoint = Checkpoint(parsing: note.text) {
        try hold(checkpoint.text == note.text, "a checkpoint is written in one way")
      }
      for line in note.signatures {
        if let (seconds, signature) = Cosignature.parse(line.signature) {
          try hold(Cosignature.payload(seconds, signature) == line.signature, "a cosignature is written in one way")
          _ = Cosignature.time(seconds).text
        }
        for kind in [VerifierKey.Kind.ed25519, .cosignature] {
          let key = VerifierKey(name: line.name, kind: kind, publicKey: Cast.shared.people[0].keys.entries.bytes)
          try hold(VerifierKey(parsing: key.text) == key, "a key of any name is written in one way")
          try hold(!key.verify(line, text: note.text), "nobody signs without the key")
        }
      }
    }
    if let checkpoint = Checkpoint(parsing: bytes) { try hold(checkpoint.text == bytes, "a checkpoint's text") }
    if let text = String(validating: bytes, as: UTF8.self), let key = VerifierKey(parsing: text) {
      try hold(utf8(key.text) == bytes, "a verifier key is written in one way")
    }
    if let policy = TrustPolicy(parsing: bytes) {
      try hold(TrustPolicy(parsing: policy.bytes) == policy, "a policy comes back as it was")
    }
    if let shown = CheckpointRequest.Shown(bytes) {
      _ = shown.proof?.verifies(oldRoot: shown.checkpoint.root, newRoot: shown.checkpoint.root)
    }
  }

  static let proof = FuzzTarget(
    name: "proof", longest: 8192, words: [LogProof.firstLine + "\n", "extra ", "index ", "old "],
    seeds: {
      let log = try Seeds.log
      guard let note = SignedNote(parsing: try Seeds.checkpoint) else { throw Broken("no note") }
      var (tree, nodes) = (MerkleTree(), [MerkleTree.Place: Digest]())
      for entry in log { tree.append(MerkleTree.leafHash(entry)) { nodes[$0] = $1 } }
      let path = InclusionProof(index: 5, size: tree.size) { nodes[$0] ?? MerkleTree.emptyRoot }?.path ?? []
      let old = ConsistencyProof(from: 6, to: tree.size) { nodes[$0] ?? MerkleTree.emptyRoot }?.path ?? []
      return [
        LogProof(extra: log[5], index: 5, path: path, checkpoint: note).bytes,
        LogProof(extra: nil, index: 5, path: path, checkpoint: note).bytes,
        CheckpointRequest(oldSize: 6, path: old, checkpoint: note).bytes,
      ]
    }, run: read(proof:))

  private static func read(proof bytes: [UInt8]) throws {
    if let proof = LogProof(parsing: bytes) {
      try hold(proof.bytes == bytes, "a proof is written in one way")
      if let (inclusion, checkpoint) = proof.inclusion {
        _ = inclusion.verifies(leaf: MerkleTree.leafHash(proof.extra ?? []), root: checkpoint.root)
      }
    }
    if let request = CheckpointRequest(parsing: bytes) {
      try hold(request.bytes == bytes, "a request is written in one way")
      if let proof = CheckpointRequest.Shown(bytes)?.proof {
        _ = proof.verifies(oldRoot: MerkleTree.emptyRoot, newRoot: MerkleTree.emptyRoot)
      }
    }
    // Sizes that a checkpoint may name: what is made for them must verify, where every node is the same.
    var feed = Feed(bytes)
    let (index, size) = (feed.number(), feed.number())
    let nodes = (0...64).reduce(into: [MerkleTree.emptyRoot]) { $0.append(MerkleTree.nodeHash($0[$1], $0[$1])) }
    func node(_ place: MerkleTree.Place) -> Digest { nodes[place.level] }
    let root = MerkleTree(size: size, node: node).root
    if let proof = InclusionProof(index: index, size: size, node: node) {
      try hold(proof.verifies(leaf: nodes[0], root: root), "a proof of a leaf verifies")
    }
    if let proof = ConsistencyProof(from: index, to: size, node: node) {
      let old = MerkleTree(size: index, node: node).root
      try hold(proof.verifies(oldRoot: old, newRoot: root), "a proof of an older tree verifies")
    }
  }

  static let tile = FuzzTarget(
    name: "tile", longest: 8192, words: ["tile/entries/", "tile/0/", "x001/", ".p/"],
    seeds: {
      [
        try Seeds.log.prefix(4).flatMap { EntryBundle.frame($0) }, utf8("tile/entries/x001/x234/067.p/3"),
        utf8("tile/7/000"), EntryBundle.frame([]),
      ]
    }, run: read(tile:))

  private static func read(tile bytes: [UInt8]) throws {
    if let entries = EntryBundle.parse(bytes) {
      try hold(entries.flatMap { EntryBundle.frame($0) } == bytes, "a tile of entries is written in one way")
    }
    if let path = String(validating: bytes, as: UTF8.self), let tile = Tile(path: path) {
      try hold(utf8(tile.path) == bytes, "a tile's path is written in one way")
    }
    var feed = Feed(bytes)
    let size = feed.number()
    for tile in Tile.all(ofSize: size).prefix(5) {
      try hold(Tile(path: tile.path) == tile, "a tile is found by its path")
      if case .hashes(let level) = tile.content, level > 0 { break }
    }
    let last = Tile(.hashes(level: Int(bytes.first ?? 0) % 64), number: size, width: 1 + Int(bytes.last ?? 0))
    try hold(Tile(path: last.path) == last, "any tile is found by its path")
  }
}
