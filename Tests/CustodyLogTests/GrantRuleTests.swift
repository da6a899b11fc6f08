import CustodyCrypto
import CustodyLog
import CustodyValues
import Testing

/// Grants over time, and the state after one is taken back.
struct GrantRuleTests {
  let story: Story
  let connector: Identifier
  let token: Identifier

  init() throws {
    story = try Story()
    (connector, token) = try story.furnish()
  }

  private func reveal(_ draft: inout EntryDraft, _ generation: UInt64 = 1) {
    story.reveal(&draft, token, 1, generation)
  }

  private func shareConnector(
    _ draft: inout EntryDraft, with person: Story.Person, until: Timestamp? = nil
  ) {
    story.share(&draft, connector, person)
    if let until { draft.set(.until, until) }
  }

  @Test func `a grant holds before its end, and not from it on`() throws {
    let end = story.time.adding(milliseconds: 1000)
    try story.add(.tokenShare, story.ada) {
      story.share(&$0, token, story.dev)
      $0.set(.until, end)
    }
    #expect(try story.breaks(.tokenReveal, story.dev) { reveal(&$0) } == nil)
    story.time = end.adding(milliseconds: -1)
    #expect(try story.breaks(.tokenReveal, story.dev) { reveal(&$0) } == nil)
    story.time = end
    #expect(try story.breaks(.tokenReveal, story.dev) { reveal(&$0) } == .notAHolder)
    #expect(try story.breaks(.tokenRekey, story.dev) { story.rekeyed(&$0, token, 1, 2) } == .notAHolder)
    #expect(try story.breaks(.tokenRenew, story.dev) { story.renewal(&$0, token, 2) } == .notAHolder)
  }

  @Test func `a share is of the newest data key and metadata key, with an envelope of each`() throws {
    func share(_ to: Story.Person, _ change: (inout EntryDraft) -> Void) throws -> HistoryFault.Rule? {
      try story.breaks(.tokenShare, story.ada) {
        story.share(&$0, token, to)
        change(&$0)
      }
    }
    #expect(try share(story.dev) { $0.set(.metadataGeneration, 2) } == .wrongMetadataKey)
    #expect(try share(story.dev) { _ in } == nil)
    try story.enroll(story.eve, "eve", .admin)
    // The audit key opens it to an admin already.
    #expect(try share(story.eve) { _ in } == nil)
    #expect(try share(story.eve) { $0.set(.metadataEnvelopeSHA256, Story.hash) } == .wrongMetadataKey)
    let bare = try story.breaks(.tokenShare, story.ada) {
      story.share(&$0, token, story.ada)
      $0.set(.to, story.dev.id)
    }
    #expect(bare == .wrongMetadataKey)
    try story.add(.tokenShare, story.ada) { story.share(&$0, token, story.dev) }
    let item = try #require(story.item(token))
    #expect(item.dataKey.count == 2 && item.metadataKey.key.count == 2)
    let grant = try #require(story.history.grant(of: story.dev.id, in: item))
    #expect(grant.envelope.sha256 == Story.hash && grant.metadataEnvelope?.sha256 == SHA256.hash([2]))
  }

  @Test func `what was taken back can be given again, and who lost it can't use it until then`() throws {
    try story.add(.tokenShare, story.ada) { story.share(&$0, token, story.dev) }
    try story.add(.tokenUnshare, story.ada) { story.unshare(&$0, token, story.dev) }
    let item = try #require(story.item(token))
    #expect(story.history.leavers(of: item) == [story.dev.id])
    #expect(try story.breaks(.tokenReveal, story.dev) { reveal(&$0) } == .notAHolder)
    #expect(try story.breaks(.tokenRekey, story.dev) { story.rekeyed(&$0, token, 1, 2) } == .notAHolder)
    #expect(try story.breaks(.tokenUnshare, story.dev) { story.unshare(&$0, token, story.dev) } == .notAGrantee)
    try story.add(.tokenShare, story.ada) { story.share(&$0, token, story.dev) }
    #expect(story.history.leavers(of: try #require(story.item(token))) == [])
    #expect(try story.breaks(.tokenReveal, story.dev) { reveal(&$0) } == nil)
  }

  @Test func `who holds a connector by a share shortens nobody else's grant`() throws {
    try story.enroll(story.eve, "eve", .developer)
    let day = story.time.adding(milliseconds: 86_400_000)
    try story.add(.connectorShare, story.dev) { shareConnector(&$0, with: story.eve) }
    // Otherwise a share that has ended already would take the registrar's grant.
    #expect(
      try story.breaks(.connectorShare, story.eve) { shareConnector(&$0, with: story.dev, until: story.time) }
        == .notTheRegistrar)
    #expect(
      try story.breaks(.connectorShare, story.eve) { shareConnector(&$0, with: story.dev, until: day) }
        == .notTheRegistrar)
    #expect(try story.breaks(.connectorShare, story.eve) { shareConnector(&$0, with: story.dev) } == nil)
    #expect(try story.breaks(.connectorShare, story.eve) { shareConnector(&$0, with: story.eve, until: day) } == nil)
    #expect(try story.breaks(.connectorShare, story.eve) { shareConnector(&$0, with: story.ada, until: day) } == nil)
    try story.add(.connectorShare, story.dev) { shareConnector(&$0, with: story.ada, until: day) }
    let sooner = day.adding(milliseconds: -1)
    #expect(
      try story.breaks(.connectorShare, story.eve) { shareConnector(&$0, with: story.ada, until: sooner) }
        == .notTheRegistrar)
    for until in [day, day.adding(milliseconds: 1)] {
      #expect(
        try story.breaks(.connectorShare, story.eve) { shareConnector(&$0, with: story.ada, until: until) } == nil)
    }
    #expect(
      try story.breaks(.connectorShare, story.dev) { shareConnector(&$0, with: story.eve, until: sooner) } == nil)
  }

  @Test func `connector and token are not taken for each other`() throws {
    for action in [
      Action.tokenReveal, .tokenShare, .tokenUnshare, .tokenRotate, .tokenRekey, .tokenRetire, .tokenExchange,
      .tokenConfirm, .tokenChange, .tokenRenew, .tokenSettle, .tokenCheck,
    ] {
      #expect(
        try story.breaks(action, story.ada) { draft in
          for key in action.rule.required { draft.set(key, Array(key.sample.utf8)) }
          draft.set(.item, connector)
        } == .wrongKind, "\(action)")
    }
    for action in [
      Action.connectorShare, .connectorUnshare, .connectorRotate, .connectorRekey, .connectorReveal, .connectorRetire,
      .connectorChange, .connectorRenew, .connectorSettle,
    ] {
      #expect(
        try story.breaks(action, story.ada) { draft in
          for key in action.rule.required { draft.set(key, Array(key.sample.utf8)) }
          draft.set(.item, token)
        } == .wrongKind, "\(action)")
    }
  }
}
