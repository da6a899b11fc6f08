import CustodyCrypto
import CustodyLog
import CustodyValues
import Testing

/// Void entries: signed by a member, refused by a rule. They stay in the log with their author, and have no effect.
struct VoidEntryTests {
  let story: Story
  private let (connector, token): (Identifier, Identifier)

  init() throws {
    story = try Story()
    (connector, token) = try story.furnish()
  }

  /// A `log.verify` that is right in all but its size.
  private func verified(_ author: Story.Person, _ change: (inout EntryDraft) -> Void = { _ in }) throws -> Entry {
    try story.entry(.logVerify, author) {
      $0.set(.size, 1)
      change(&$0)
    }
  }

  /// The text of an entry of dev's, changed, and signed by them as it stands.
  private func changed(_ change: (String) -> String) throws -> [UInt8] {
    try story.signed(change(String(decoding: try verified(story.dev).text, as: UTF8.self)), as: story.dev)
  }

  @Test func `what can't be read as an entry is void, by whom its first signature line names`() throws {
    let long = "size " + String(repeating: "1", count: Entry.limit)
    let cases: [((String) -> String, EntryError)] = [
      ({ $0.replacing("action log.verify", with: "action log.sing") }, .unknownAction),
      ({ $0 + "colour red\n" }, .unknownDetail),
      ({ $0.replacing("size 1\n", with: "") }, .missing(.size)),
      ({ $0.replacing("size 1\n", with: "size 01\n") }, .malformed(.size)),
      ({ $0.replacing("size 1\n", with: "size 1\nto \(story.ada.id.hex)\n") }, .notAllowed(.to)),
      ({ $0.replacing("outcome ok", with: "outcome fine") }, .malformedLine("outcome")),
      ({ $0.replacing("\nseq ", with: "\nseq 0") }, .malformedLine("seq")),
      ({ $0.replacing("size 1", with: long) }, .tooLong),
      ({ _ in "custody-entry/v1\n" }, .malformedLine("log")),
    ]
    for (change, error) in cases {
      let before = story.dev.seq
      let folded = try story.fold(try changed(change))
      #expect(folded.void == .grammar(error))
      #expect(folded.author == story.dev.id && folded.entry == nil && folded.valid == nil)
      #expect(story.dev.seq == before + 1)
    }
    #expect(story.history.voids.map(\.why) == cases.map { HistoryFault.Rule.grammar($0.1).words })
    #expect(try story.breaks(.logVerify, story.dev) { $0.set(.size, 1) } == nil)
  }

  @Test func `a second signature line makes an entry void, whoever wrote it`() throws {
    let entry = try verified(story.dev)
    let other = try verified(story.ada).signatures
    let note = SignedNote(text: entry.text, signatures: entry.signatures + other).bytes
    let folded = try story.fold(note)
    #expect(folded.void == .grammar(.malformedNote) && folded.author == story.dev.id)
    #expect(folded.entry?.action == .logVerify && folded.valid == nil)
    let junk = try story.fold(try verified(story.dev).bytes + Array("junk\n".utf8))
    #expect(junk.void == .grammar(.malformedNote) && junk.author == story.dev.id && junk.entry == nil)
  }

  @Test func `an entry that names another author or another log is its signer's, and void`() throws {
    let borrowed = try changed { $0.replacing(story.dev.id.hex, with: story.ada.id.hex) }
    let (ada, dev) = (story.ada.seq, story.dev.seq)
    let folded = try story.fold(borrowed)
    #expect(folded.void == .signedByAnother && folded.author == story.dev.id)
    #expect((story.ada.seq, story.dev.seq) == (ada, dev + 1))
    #expect(story.history.members[story.ada.id]?.lastSeq == ada)
    let elsewhere = try changed { $0.replacing("log \(story.origin)", with: "log other.example/log") }
    #expect(try story.fold(elsewhere).void == .wrongOrigin)
  }

  @Test func `a void entry changes nothing but the tree and its author's counter`() throws {
    let before = story.history
    let void = try story.entry(.memberRemove, story.dev) { story.leave(&$0, story.audrey) }
    let folded = try story.fold(void.bytes)
    #expect(folded.void == .roleMayNot(.developer, .memberRemove) && folded.entry?.action == .memberRemove)
    let after = story.history
    #expect(after.size == before.size + 1 && after.members[story.audrey.id]?.isActive == true)
    #expect((after.notes, after.transactions, after.epoch) == (before.notes, before.transactions, before.epoch))
    #expect(after.members[story.dev.id]?.lastSeq == story.dev.seq)
    expectAlike(after, before, besides: story.dev)
    var tree = before.tree
    tree.append(MerkleTree.leafHash(void.bytes))
    #expect(after.tree.root == tree.root)
    #expect(after.voidEntry(at: before.size) == after.voids.first && after.voids.count == 1)
    #expect(after.voids.first?.author == story.dev.id && after.voids.first?.position == before.size)
    #expect(after.voidEntry(at: 0) == nil && after.voidEntry(at: after.size) == nil)
  }

  @Test func `the next counter is one more than there are entries, whatever void ones say`() throws {
    for said in [0, 7, UInt64.max] {
      let expected = story.dev.seq + 1
      let folded = try story.fold(try verified(story.dev) { $0.header.seq = said }.bytes)
      #expect(folded.void == .sequence(expected: expected))
    }
    #expect(try story.breaks(.logVerify, story.dev) { $0.set(.size, 1) } == nil)
    #expect(story.history.members[story.dev.id]?.lastSeq == story.dev.seq)
  }

  @Test func `an entry that is there a second time is void, and counted as its author's`() throws {
    let share = try story.entry(.tokenShare, story.ada) { story.share(&$0, token, story.dev) }
    try story.fold(share.bytes)
    try story.add(.tokenUnshare, story.ada) { story.unshare(&$0, token, story.dev) }
    let ada = story.ada.seq
    let again = try story.fold(share.bytes)
    #expect(again.void == .sequence(expected: ada + 1) && again.author == story.ada.id)
    #expect(story.holders(of: token) == [story.ada.id])
    #expect(try story.breaks(.logVerify, story.ada) { $0.set(.size, 1) } == nil)
  }

  @Test func `a void entry begins no transaction, and ends nobody's but its author's`() throws {
    let base = Seen(size: story.history.size, root: story.history.root())
    func follows(_ author: Story.Person, _ seen: Seen) throws -> HistoryFault.Rule? {
      try story.breaks(.logVerify, author) {
        $0.set(.size, 1)
        $0.header.seen = seen
      }
    }
    let before = story.history.transactions
    // The entry has seen the whole log, and would begin a transaction if it were valid.
    let denial = try story.entry(.memberDeny, story.dev) {
      $0.set(.request, story.eve.id)
      $0.set(.requestSHA256, Story.hash)
    }
    try story.fold(denial.bytes)
    #expect(story.history.transactions == before)
    #expect(try follows(story.dev, base) == .seenUnknown)
    try story.add(.logVerify, story.dev) { $0.set(.size, 1) }
    #expect(story.history.transactions == before + 1)
    let begun = Seen(size: story.history.size - 1, root: try story.seen(story.history.size - 1))
    try story.fold(try verified(story.dev) { $0.header.seen = base }.bytes)
    #expect(try follows(story.dev, begun) == nil)
    try story.fold(try verified(story.ada) { $0.header.seen = base }.bytes)
    #expect(try follows(story.dev, begun) == .seenUnknown)
    #expect(story.history.transactions == before + 1)
  }

  @Test func `a checkpoint of a log that ends with a void entry is signed by its author`() throws {
    try story.fold(try verified(story.dev) { $0.header.seq = 99 }.bytes)
    var history = story.history
    let checkpoint = Checkpoint(origin: story.origin, size: history.size, root: history.root())
    #expect(throws: HistoryFault(position: history.size, rule: .checkpointSigner)) {
      try history.check(checkpoint, signedBy: story.ada.id)
    }
    try history.check(checkpoint, signedBy: story.dev.id)
  }

  @Test func `nobody adds a void entry of their own`() throws {
    var history = story.history
    let entry = try story.entry(.memberRemove, story.dev) { story.leave(&$0, story.audrey) }
    #expect(throws: HistoryFault(position: history.size, rule: .roleMayNot(.developer, .memberRemove))) {
      try history.append(entry)
    }
  }

  @Test func `an admin's void entry is no clock`() throws {
    let end = story.time.adding(milliseconds: 1000)
    try story.add(.connectorShare, story.dev) {
      story.share(&$0, connector, story.ada)
      $0.set(.until, end)
    }
    let item = try #require(story.item(connector))
    story.time = end
    try story.fold(try verified(story.ada) { $0.header.seq = 99 }.bytes)
    try story.add(.logVerify, story.ada) { $0.header.outcome = .denied }
    #expect(!story.history.mayLeaveOut(story.ada.id, of: item, by: story.audrey.id))
    try story.add(.logVerify, story.ada) { $0.set(.size, 1) }
    #expect(story.history.mayLeaveOut(story.ada.id, of: item, by: story.audrey.id))
  }
}
