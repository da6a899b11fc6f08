import CustodyCrypto
import CustodyLog
import CustodyValues
import Testing

/// The first entry, and who may sign the others.
struct FoundingRuleTests {
  let story: Story
  init() throws { story = try Story() }

  /// The rule that this first entry of a new log breaks. ada signs it, unless `signer` is given.
  private func founds(signer: Story.Person? = nil, _ change: (inout EntryDraft) -> Void = { _ in }) throws
    -> HistoryFault.Rule?
  {
    var draft = EntryDraft(
      EntryHeader(
        origin: story.origin, time: story.time, actor: story.ada.id, seq: 1,
        seen: Seen(size: 0, root: MerkleTree.emptyRoot), action: .vaultCreate))
    story.person(&draft, story.ada, "ada", .admin)
    draft.set(.auditKey, story.audit)
    change(&draft)
    let key = try (signer ?? story.ada).seed.entryKey(in: story.arena)
    let entry = try draft.signed(publicKey: key.publicKey) { key.sign($0) }
    var fresh = History()
    do { try fresh.append(entry) } catch { return error.rule }
    return nil
  }

  @Test func `a founder is an admin, with their own keys, whose first entry this is`() throws {
    let zero = try #require(Digest([UInt8](repeating: 0, count: 32)))
    #expect(try founds() == nil)
    #expect(try founds { $0.header.seq = 2 } == .notTheFirst)
    #expect(try founds { $0.header.seq = 0 } == .notTheFirst)
    #expect(try founds { $0.set(.role, "developer") } == .notTheFirst)
    #expect(try founds { $0.header.actor = .none } == .memberTwice)
    #expect(try founds { $0.header.seen = Seen(size: 0, root: Story.hash) } == .seenUnknown)
    #expect(try founds { $0.header.seen = Seen(size: 1, root: Story.hash) } == .seenUnknown)
    #expect(try founds { $0.set(.auditKey, zero) } == .invalidKey)
    #expect(try founds { $0.set(.boxKey, zero) } == .invalidKey)
    #expect(try founds { $0.set(.auditKey, self.story.ada.keys.box.bytes) } == .keyTwice)
    #expect(try founds { $0.set(.checkpointKey, self.story.ada.keys.cosignatures.bytes) } == .keyTwice)
    #expect(try founds(signer: story.eve) == .badSignature)
    #expect(try founds { $0.set(.signKey, self.story.eve.keys.entries.bytes) } == .badSignature)
  }

  @Test func `the audit key and no one's ID become no member's`() throws {
    func enrolls(_ change: (inout EntryDraft) -> Void) throws -> HistoryFault.Rule? {
      try story.breaks(.memberEnroll, story.ada) {
        story.person(&$0, story.eve, "eve", .developer)
        $0.set(.member, story.eve.id)
        $0.set(.requestSHA256, Story.hash)
        change(&$0)
      }
    }
    #expect(try enrolls { $0.set(.boxKey, story.audit) } == .keyTwice)
    #expect(try enrolls { $0.set(.member, Identifier.none) } == .memberTwice)
    #expect(
      try story.breaks(.connectorRegister, story.dev) { story.newItem(&$0, .none, tag: 7) } == .itemTwice)
  }

  @Test(arguments: GrammarTests.rows) func `an action is signed by the roles of the paper's table`(row: Paper.Row)
    throws
  {
    let people: [(Role, Story.Person)] = [(.admin, story.ada), (.developer, story.dev), (.auditor, story.audrey)]
    for (role, person) in people {
      let found = try story.breaks(row.action, person) { draft in
        for key in row.required { draft.set(key, Array(key.sample.utf8)) }
      }
      #expect((found == .roleMayNot(role, row.action)) == !row.signers.contains(role), "\(role)")
    }
  }

  @Test func `one transaction's entries name one checkpoint, and a size within it is unknown`() throws {
    // `story.entry` is not used: it asks for the root at each size, and so makes each one known.
    var history = story.history
    let base = Seen(size: history.size, root: history.root())
    let key = try story.audrey.seed.entryKey(in: story.arena)
    func verified(_ seq: UInt64, _ seen: Seen) throws -> Entry {
      var draft = EntryDraft(
        EntryHeader(
          origin: story.origin, time: story.time, actor: story.audrey.id, seq: seq, seen: seen, action: .logVerify))
      draft.set(.size, base.size)
      return try draft.signed(publicKey: key.publicKey) { key.sign($0) }
    }
    var tree = history.tree
    var within: Seen?
    for seq in 1...3 as ClosedRange<UInt64> {
      let entry = try verified(seq, base)
      try history.append(entry)
      tree.append(MerkleTree.leafHash(entry.bytes))
      if seq == 1 { within = Seen(size: tree.size, root: tree.root) }
    }
    #expect(history.size == base.size + 3 && history.tree.root == tree.root)
    let fault = HistoryFault(position: history.size, rule: .seenUnknown)
    let early = try verified(4, try #require(within))
    var trial = history
    #expect(throws: fault) { try trial.append(early) }
    try history.append(try verified(4, Seen(size: tree.size, root: tree.root)))
  }
}
