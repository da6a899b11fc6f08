import CustodyLog
import CustodyValues
import Testing

/// Machines: the entry that enrols one marks it, and its permission is enforced.
struct MachineRuleTests {
  let story: Story
  private let token: Identifier

  init() throws {
    story = try Story()
    token = try story.furnish().token
  }

  private func enroll(_ machine: String?, _ role: Role = .developer) -> (inout EntryDraft) -> Void {
    { [story] draft in
      story.person(&draft, story.eve, "ci", role)
      draft.set(.member, story.eve.id)
      draft.set(.requestSHA256, Story.hash)
      if let machine { draft.set(.machine, machine) }
    }
  }

  private func use(_ draft: inout EntryDraft) { story.reveal(&draft, token) }

  @Test func `a member is a person unless their entry says otherwise`() throws {
    try story.add(.memberEnroll, story.ada, enroll(nil))
    #expect(story.history.members[story.eve.id]?.machine == nil)
    #expect(story.history.members[story.eve.id]?.kind == "person")
  }

  @Test func `a machine that may only exchange signs an exchange and no reveal`() throws {
    try story.add(.memberEnroll, story.ada, enroll("exchange"))
    try story.add(.tokenShare, story.ada) { [story, token] in story.share(&$0, token, story.eve) }
    #expect(story.history.members[story.eve.id]?.kind == "machine, exchange only")
    #expect(try story.breaks(.tokenExchange, story.eve, use) == nil)
    #expect(try story.breaks(.tokenRenew, story.eve) { story.renewal(&$0, token, 2) } == .renewalNotDue)
    try story.remove(story.audrey)
    #expect(try story.breaks(.tokenRenew, story.eve) { story.renewal(&$0, token, 2) } == nil)
    #expect(try story.breaks(.memberRekey, story.eve) { $0.set(.seedSHA256, Story.hash) } == nil)
    #expect(
      try story.breaks(.tokenRekey, story.eve) { story.rekeyed(&$0, token, 1, 2) } == .machineMayNot(.tokenRekey))
    #expect(
      try story.breaks(.tokenUnshare, story.eve) { story.unshare(&$0, token, story.eve) }
        == .machineMayNot(.tokenUnshare))
    #expect(try story.breaks(.tokenReveal, story.eve, use) == .machineMayNot(.tokenReveal))
    #expect(
      try story.breaks(.connectorRegister, story.eve) {
        story.newItem(&$0, .init([UInt8](repeating: 7, count: 16))!, tag: 9)
      }
        == .machineMayNot(.connectorRegister))
    // A refusal is recorded as refused.
    #expect(try story.breaks(.tokenReveal, story.eve) { $0.header.outcome = .denied } == nil)
  }

  @Test func `any other machine may do what its role may`() throws {
    try story.add(.memberEnroll, story.ada, enroll("any"))
    try story.add(.tokenShare, story.ada) { [story, token] in story.share(&$0, token, story.eve) }
    #expect(try story.breaks(.tokenReveal, story.eve, use) == nil)
  }

  @Test func `no machine is an admin, nor becomes one`() throws {
    #expect(try story.breaks(.memberEnroll, story.ada, enroll("any", .admin)) == .machineAsAdmin)
    try story.add(.memberEnroll, story.ada, enroll("any"))
    let broken = try story.breaks(.memberRole, story.ada) {
      $0.set(.member, story.eve.id)
      $0.set(.auditKey, story.eve.keys.box.bytes)
      $0.set(.wrapsSHA256, Story.hash)
      $0.set(.previousSHA256, Story.hash)
      $0.set(.role, "admin")
    }
    #expect(broken == .machineAsAdmin)
  }

  @Test func `a rekey moves whose entry names the seed, for its author alone`() throws {
    let before = try #require(story.history.members[story.audrey.id]?.seedEntry)
    try story.add(.memberRekey, story.dev) { $0.set(.seedSHA256, Story.hash) }
    #expect(story.history.members[story.dev.id]?.seedEntry == story.history.size - 1)
    #expect(story.history.members[story.audrey.id]?.seedEntry == before)
    #expect(throws: EntryError.notAllowed(.member)) {
      _ = try story.entry(.memberRekey, story.dev) {
        $0.set(.seedSHA256, Story.hash)
        $0.set(.member, story.audrey.id)
      }
    }
  }

  @Test func `a fold that was kept knows machines and seeds`() throws {
    try story.add(.memberEnroll, story.ada, enroll("exchange"))
    try story.add(.memberRekey, story.dev) { $0.set(.seedSHA256, Story.hash) }
    let kept = try #require(story.history.kept)
    #expect(kept.members[story.eve.id]?.machine == .exchange)
    #expect(kept.members[story.dev.id]?.seedEntry == story.history.size - 1)
    #expect(kept.state == story.history.state)
  }
}
