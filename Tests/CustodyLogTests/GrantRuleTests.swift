import CustodyCrypto
import CustodyLog
import CustodyMemory
import Testing

/// What grants do over time, and what taking them away leaves.
struct GrantRuleTests {
  let story: Story
  let connector: Identifier
  let token: Identifier

  init() throws {
    story = try Story()
    (connector, token) = try story.furnish()
  }

  private func reveal(_ draft: inout EntryDraft, _ generation: UInt64 = 1) {
    draft.set(.item, token)
    draft.set(.revision, 1)
    draft.set(.generation, generation)
    draft.set(.how, "pipe")
  }

  private func rekey(_ draft: inout EntryDraft, _ generation: UInt64) {
    story.values(&draft, token, 1, generation)
    for key in [DetailKey.commitment, .envelopesSHA256, .previousSHA256] { draft.set(key, Story.hash) }
  }

  private func take(_ item: Identifier, from: Story.Person, by: Story.Person, _ action: Action) throws {
    try story.add(action, by) {
      $0.set(.item, item)
      $0.set(.to, from.id)
    }
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
    #expect(try story.breaks(.tokenRekey, story.dev) { rekey(&$0, 2) } == .notAHolder)
  }

  @Test func `a rekey drops who has run out and names everyone else's envelope`() throws {
    try story.enroll(story.eve, "eve", .admin)
    try story.add(.tokenShare, story.ada) { story.share(&$0, token, story.eve) }
    try story.add(.tokenShare, story.ada) {
      story.share(&$0, token, story.dev)
      $0.set(.until, story.time)
    }
    let position = story.history.size
    try story.add(.tokenRekey, story.ada) { rekey(&$0, 2) }
    let item = try #require(story.history.items[token])
    #expect(Set(item.grants.keys) == [story.ada.id, story.eve.id])
    #expect(item.grants.values.allSatisfy { $0.envelope == position })
    #expect(item.generation == 2 && item.revision == 1 && item.keyEntry == position && item.takenBack.isEmpty)
    #expect(try story.breaks(.tokenReveal, story.ada) { reveal(&$0) } == .wrongGeneration)
    #expect(try story.breaks(.tokenRekey, story.ada) { rekey(&$0, 2) } == .wrongGeneration)
    #expect(try story.breaks(.tokenRekey, story.ada) { rekey(&$0, 4) } == .wrongGeneration)
    #expect(try story.breaks(.tokenReveal, story.ada) { reveal(&$0, 2) } == nil)
  }

  @Test func `a rotation keeps grants and the value before; who lost theirs cannot use it`() throws {
    try story.add(.tokenShare, story.ada) { story.share(&$0, token, story.dev) }
    let before = try #require(story.history.items[token]).valueEntry
    try story.add(.tokenRotate, story.ada) { story.values(&$0, token, 2, 1) }
    let item = try #require(story.history.items[token])
    #expect(item.revision == 2 && item.generation == 1 && item.previousValueEntry == before)
    #expect(Set(item.grants.keys) == [story.ada.id, story.dev.id])
    #expect(try story.breaks(.tokenReveal, story.dev) { reveal(&$0) } == .wrongRevision)
    #expect(try story.breaks(.tokenRotate, story.ada) { story.values(&$0, token, 2, 1) } == .wrongRevision)
    #expect(try story.breaks(.tokenRotate, story.ada) { story.values(&$0, token, 3, 2) } == .wrongGeneration)
    try take(token, from: story.dev, by: story.ada, .tokenUnshare)
    #expect(story.history.items[token]?.takenBack == [story.dev.id])
    #expect(
      try story.breaks(.tokenRekey, story.dev) {
        story.values(&$0, token, 2, 2)
        for key in [DetailKey.commitment, .envelopesSHA256, .previousSHA256] { $0.set(key, Story.hash) }
      } == .notAHolder)
    try story.add(.tokenShare, story.ada) { story.share(&$0, token, story.dev, 2, 1) }
    #expect(story.history.items[token]?.takenBack == [])
  }

  @Test func `an admin may take back and retire what they do not hold, a developer may not`() throws {
    try story.enroll(story.eve, "eve", .developer)
    func unshare(_ draft: inout EntryDraft) {
      draft.set(.item, connector)
      draft.set(.to, story.dev.id)
    }
    #expect(try story.breaks(.connectorUnshare, story.eve, unshare) == .notAHolder)
    #expect(try story.breaks(.connectorShare, story.eve) { story.share(&$0, connector, story.eve) } == .notAHolder)
    #expect(try story.breaks(.connectorRotate, story.eve) { story.values(&$0, connector, 2, 1) } == .notAHolder)
    try story.add(.tokenRetire, story.ada) { $0.set(.item, token) }
    #expect(try story.breaks(.connectorRetire, story.eve) { $0.set(.item, connector) } == .notAHolder)
    #expect(try story.breaks(.connectorUnshare, story.ada, unshare) == nil)
    #expect(try story.breaks(.connectorRetire, story.ada) { $0.set(.item, connector) } == nil)
  }

  @Test func `connector and token are not taken for each other`() throws {
    for action in [
      Action.tokenReveal, .tokenShare, .tokenUnshare, .tokenRotate, .tokenRekey, .tokenRetire, .tokenExchange,
    ] {
      #expect(
        try story.breaks(action, story.ada) { draft in
          for key in action.rule.required { draft.set(key, Array(key.sample.utf8)) }
          draft.set(.item, connector)
        } == .wrongKind, "\(action)")
    }
    for action in [
      Action.connectorShare, .connectorUnshare, .connectorRotate, .connectorRekey, .connectorReveal, .connectorRetire,
    ] {
      #expect(
        try story.breaks(action, story.ada) { draft in
          for key in action.rule.required { draft.set(key, Array(key.sample.utf8)) }
          draft.set(.item, token)
        } == .wrongKind, "\(action)")
    }
  }
}
