import CustodyCrypto
import CustodyLog
import CustodyValues
import Testing

/// Audits of a part of a log. A member who was removed since may have signed its checkpoint.
struct PartialAuditTests {
  let story: Story
  init() throws { story = try Story() }

  private func remove(_ person: Story.Person, by author: Story.Person) throws {
    try story.add(.memberRemove, author) { story.leave(&$0, person) }
  }

  /// The audit of all entries, each with its proof in the tree that they make.
  private func audit(_ entries: [[UInt8]]) throws -> PartialAudit {
    var (tree, nodes) = (MerkleTree(), [MerkleTree.Place: Digest]())
    for entry in entries { tree.append(MerkleTree.leafHash(entry)) { nodes[$0] = $1 } }
    var audit = PartialAudit(in: Checkpoint(origin: story.origin, size: tree.size, root: tree.root))
    for (index, entry) in entries.enumerated() {
      let proof = InclusionProof(index: UInt64(index), size: tree.size) { nodes[$0] ?? Story.hash }
      _ = try audit.append(entry, at: UInt64(index), path: proof?.path ?? [])
    }
    return audit
  }

  @Test func `an entry by who was removed before it does not hold`() throws {
    try remove(story.dev, by: story.ada)
    let late = try story.entry(.logVerify, story.dev) { $0.set(.size, 1) }
    _ = try audit(story.entries)
    #expect(throws: HistoryFault(position: UInt64(story.entries.count), rule: .removedActor)) {
      try audit(story.entries + [late.bytes])
    }
  }

  @Test func `a part holds no entry that is void by what it says itself`() throws {
    let position = UInt64(story.entries.count)
    let removal = try story.entry(.memberRemove, story.dev) { story.leave(&$0, story.audrey) }
    #expect(throws: HistoryFault(position: position, rule: .roleMayNot(.developer, .memberRemove))) {
      try audit(story.entries + [removal.bytes])
    }
    let junk = try story.signed("custody-entry/v1\njunk\n", as: story.dev)
    #expect(throws: HistoryFault(position: position, rule: .grammar(.malformedLine("log")))) {
      try audit(story.entries + [junk])
    }
    let counted = try story.entry(.logVerify, story.dev) { $0.set(.size, 1) }
    #expect(throws: HistoryFault(position: position + 1, rule: .sequence(expected: story.dev.seq + 2))) {
      try audit(story.entries + [counted.bytes, counted.bytes])
    }
  }

  /// An overflow of this counter once ended `log verify --bundle` by SIGILL.
  @Test func `a counter at its end is a fault of what follows, and no trap`() throws {
    let position = UInt64(story.entries.count)
    let last = try story.entry(.logVerify, story.dev) {
      $0.set(.size, 1)
      $0.header.seq = .max
    }
    _ = try audit(story.entries + [last.bytes])
    for seq in [0, 1, UInt64.max - 1, .max] {
      let next = try story.entry(.logVerify, story.dev) {
        $0.set(.size, 1)
        $0.header.seq = seq
      }
      #expect(throws: HistoryFault(position: position + 1, rule: .sequence(expected: .max))) {
        try audit(story.entries + [last.bytes, next.bytes])
      }
    }
    // In a whole log it is void, whatever it says.
    #expect(
      try story.breaks(.logVerify, story.dev) {
        $0.set(.size, 1); $0.header.seq = .max
      } == .sequence(expected: story.dev.seq + 1))
  }

  @Test func `who was removed signs no checkpoint, but the one with which they leave`() throws {
    try story.enroll(story.eve, "eve", .admin)
    try remove(story.eve, by: story.eve)
    let whole = try audit(story.entries)
    let eve = try #require(whole.members[story.eve.id])
    #expect(whole.maySign(eve))
    #expect(whole.maySign(try #require(whole.members[story.ada.id])))
    try story.add(.logVerify, story.ada) { $0.set(.size, 1) }
    #expect(try !audit(story.entries).maySign(eve))
  }
}
