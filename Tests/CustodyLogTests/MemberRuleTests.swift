import CustodyCrypto
import CustodyLog
import CustodyValues
import Testing

/// Removals and changes of role, and what those members may sign afterwards.
struct MemberRuleTests {
  let story: Story
  private let (connector, token): (Identifier, Identifier)

  init() throws {
    story = try Story()
    (connector, token) = try story.furnish()
    try story.add(.tokenShare, story.ada) { [story, token] in story.share(&$0, token, story.dev) }
  }

  @Test func `a removed member signs nothing any more, denied attempts included`() throws {
    try story.add(.memberRemove, story.ada) { story.leave(&$0, story.dev) }
    #expect(story.history.epoch == 2)
    #expect(story.history.members[story.dev.id]?.isActive == false)
    #expect(try story.breaks(.logVerify, story.dev) { $0.set(.size, 1) } == .removedActor)
    #expect(try story.breaks(.tokenReveal, story.dev) { $0.header.outcome = .denied } == .removedActor)
  }

  @Test func `nothing is shared with a removed member, and they are not removed twice`() throws {
    try story.add(.memberRemove, story.ada) { story.leave(&$0, story.dev) }
    #expect(try story.breaks(.tokenShare, story.ada) { story.share(&$0, token, story.dev) } == .unknownRecipient)
    #expect(try story.breaks(.memberRemove, story.ada) { story.leave(&$0, story.dev) } == .unknownMember)
    #expect(try story.breaks(.memberRole, story.ada) { story.leave(&$0, story.dev, .admin) } == .unknownMember)
    #expect(try story.breaks(.memberRemove, story.ada) { story.leave(&$0, story.eve) } == .unknownMember)
  }

  @Test func `their grants go with them, and the keys that they had are known`() throws {
    try story.add(.memberRemove, story.ada) { story.leave(&$0, story.dev) }
    let item = try #require(story.item(token))
    #expect(story.history.grant(of: story.dev.id, in: item) == nil)
    #expect(story.holders(of: token) == [story.ada.id])
    #expect(story.history.leavers(of: item) == [story.dev.id])
    #expect(item.exposed[story.dev.id] != nil)
  }

  @Test func `a role is no one's own to take`() throws {
    for person in [story.dev, story.audrey] {
      let role = try #require(story.history.members[person.id]?.role)
      #expect(
        try story.breaks(.memberRole, person) { story.leave(&$0, person, .admin) } == .roleMayNot(role, .memberRole))
      #expect(
        try story.breaks(.memberRemove, person) { story.leave(&$0, story.ada) } == .roleMayNot(role, .memberRemove))
    }
    try story.add(.memberRole, story.ada) { story.leave(&$0, story.dev, .admin) }
    #expect(try story.breaks(.memberRole, story.dev) { story.leave(&$0, story.ada, .developer) } == nil)
    #expect(try story.breaks(.memberRole, story.ada) { story.leave(&$0, story.dev, .admin) } == .roleUnchanged)
  }

  @Test func `an admin is left, whoever goes`() throws {
    #expect(try story.breaks(.memberRemove, story.ada) { story.leave(&$0, story.ada) } == .lastAdmin)
    #expect(try story.breaks(.memberRole, story.ada) { story.leave(&$0, story.ada, .auditor) } == .lastAdmin)
    try story.add(.memberRole, story.ada) { story.leave(&$0, story.dev, .admin) }
    try story.add(.memberRemove, story.ada) { story.leave(&$0, story.ada) }
    #expect(try story.breaks(.memberRole, story.dev) { story.leave(&$0, story.dev, .developer) } == .lastAdmin)
  }

  @Test func `who becomes an auditor holds nothing any more`() throws {
    try story.add(.memberRole, story.ada) { story.leave(&$0, story.dev, .auditor) }
    #expect(story.holders(of: token) == [story.ada.id])
    #expect(story.holders(of: connector) == [])
    #expect(try story.breaks(.tokenShare, story.ada) { story.share(&$0, token, story.dev) } == .auditorAsRecipient)
  }

  @Test func `an epoch's audit key is a new one and usable`() throws {
    let old = try #require(story.history.auditKey)
    #expect(try story.breaks(.memberRemove, story.ada) { story.leave(&$0, story.dev, key: old) } == .keyTwice)
    let dev = story.dev.keys.box.bytes
    #expect(try story.breaks(.memberRemove, story.ada) { story.leave(&$0, story.dev, key: dev) } == .keyTwice)
    let zero = try #require(Digest([UInt8](repeating: 0, count: 32)))
    #expect(try story.breaks(.memberRemove, story.ada) { story.leave(&$0, story.dev, key: zero) } == .invalidKey)
  }

  @Test func `an entry is of the epoch before it`() throws {
    let position = story.history.size
    try story.add(.memberRemove, story.ada) { story.leave(&$0, story.dev) }
    #expect(story.history.epoch(at: 0) == 1)
    #expect(story.history.epoch(at: position) == 1)
    #expect(story.history.epoch(at: position + 1) == 2)
  }

  @Test func `an admin who removes themself still ends that transaction with their checkpoint`() throws {
    try story.add(.memberRole, story.ada) { story.leave(&$0, story.dev, .admin) }
    try story.add(.memberRemove, story.ada) { story.leave(&$0, story.ada) }
    var history = story.history
    let checkpoint = Checkpoint(origin: story.origin, size: history.size, root: history.root())
    let key = try story.ada.seed.checkpointKey(in: story.arena)
    #expect(history.members[story.ada.id]?.isActive == false)
    #expect(throws: Never.self) {
      try history.accept(checkpoint, signedBy: story.ada.id, key.sign(checkpoint.text))
    }
    // dev is an admin who stays, and it is not their transaction.
    let devs = try story.dev.seed.checkpointKey(in: story.arena).sign(checkpoint.text)
    #expect(throws: HistoryFault(position: history.size, rule: .checkpointSigner)) {
      try history.accept(checkpoint, signedBy: story.dev.id, devs)
    }
  }
}
