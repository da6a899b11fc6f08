import CustodyLog
import CustodyValues
import Testing

/// A new data key, with a new value or the same: who gets it, and who may be left out.
struct DataKeyRuleTests {
  let story: Story
  private let (connector, token): (Identifier, Identifier)
  private let end: Timestamp

  /// dev registered the connector; eve holds it without end, ada until `end`. The token is ada's, and dev holds it.
  init() throws {
    story = try Story()
    (connector, token) = try story.furnish()
    end = story.time.adding(milliseconds: 10_000)
    try story.enroll(story.eve, "eve", .developer)
    try story.add(.connectorShare, story.dev) { [story, connector] in story.share(&$0, connector, story.eve) }
    try story.add(.connectorShare, story.dev) { [story, connector, end] in
      story.share(&$0, connector, story.ada)
      $0.set(.until, end)
    }
    try story.add(.tokenShare, story.ada) { [story, token] in story.share(&$0, token, story.dev) }
  }

  private func rekey(
    _ person: Story.Person, without leftOut: [Story.Person] = [], at time: Timestamp? = nil
  ) throws -> HistoryFault.Rule? {
    try story.breaks(.connectorRekey, person) {
      story.rekeyed(&$0, connector, 1, 2, without: leftOut)
      if let time { $0.header.time = time }
    }
  }

  @Test func `every rotate and every rekey makes the next data key, for all who have a grant`() throws {
    for (person, action, revision) in [
      (story.ada, Action.tokenRotate, 2 as UInt64), (story.dev, .tokenRekey, 2), (story.ada, .tokenRotate, 3),
    ] {
      let before = try #require(story.item(token))
      for generation in [before.generation, before.generation + 2, 0] {
        #expect(
          try story.breaks(action, person) { story.rekeyed(&$0, token, revision, generation) } == .wrongGeneration)
      }
      for other in [revision + 1, revision - 1] {
        #expect(
          try story.breaks(action, person) { story.rekeyed(&$0, token, other, before.generation + 1) }
            == .wrongRevision)
      }
      let position = story.history.size
      try story.add(action, person) { story.rekeyed(&$0, token, revision, before.generation + 1) }
      let item = try #require(story.item(token))
      #expect((item.revision, item.generation) == (revision, before.generation + 1))
      #expect(item.dataKey.entry == position && item.dataKey.count == 2 && item.value.entry == position)
      #expect(item.earlier?.value == before.value && item.metadataKey == before.metadataKey)
      let grants = story.history.grants(of: item)
      #expect(grants.values.allSatisfy { $0.envelope.entry == position && $0.envelope.sha256 == nil })
      #expect(Set(grants.keys) == [story.ada.id, story.dev.id])
      #expect(grants[story.dev.id]?.right == story.history.grant(of: story.dev.id, in: before)?.right)
      #expect(try story.breaks(.tokenReveal, story.dev) { story.reveal(&$0, token) } == .wrongGeneration)
    }
  }

  @Test func `a rekey dated 2999 drops nobody`() throws {
    let late = try #require(Timestamp(rfc3339: Array("2999-01-01T00:00:00.000Z".utf8)[...]))
    story.time = late
    // eve's own grant has no end; ada's has, and eve's clock says that it is over.
    try story.add(.connectorRekey, story.eve) { story.rekeyed(&$0, connector, 1, 2) }
    #expect(story.holders(of: connector) == [story.dev.id, story.eve.id, story.ada.id])
    let item = try #require(story.item(connector))
    #expect(story.history.grant(of: story.ada.id, in: item)?.envelope.entry == story.history.size - 1)
    #expect(item.dataKey.count == 3)
    // Her clock is no reason to leave somebody out either.
    #expect(
      try story.breaks(.connectorRekey, story.eve) {
        story.rekeyed(&$0, connector, 1, 3, without: [story.ada])
      } == .mayNotLeaveOut)
    #expect(
      try story.breaks(.connectorRotate, story.eve) {
        story.rekeyed(&$0, connector, 2, 3, without: [story.ada])
      } == .mayNotLeaveOut)
    #expect(story.item(connector)?.metadataKey.generation == 1)
  }

  @Test func `a holder by a share leaves out who has ended by an admin's time, and nobody else`() throws {
    #expect(try rekey(story.eve, without: [story.ada]) == .mayNotLeaveOut)
    #expect(try rekey(story.eve, without: [story.dev]) == .mayNotLeaveOut)
    #expect(try rekey(story.eve, without: [story.ada, story.dev]) == .mayNotLeaveOut)
    story.time = end.adding(milliseconds: -1)
    try story.add(.logVerify, story.ada) { $0.set(.size, 1) }
    #expect(try rekey(story.eve, without: [story.ada], at: end) == .mayNotLeaveOut)
    // Only admins' entries before it in the log count; audrey is no admin.
    story.time = end
    try story.add(.logVerify, story.audrey) { $0.set(.size, 1) }
    #expect(try rekey(story.eve, without: [story.ada]) == .mayNotLeaveOut)
    try story.add(.logVerify, story.ada) { $0.set(.size, 1) }
    #expect(try rekey(story.eve, without: [story.ada]) == nil)
    #expect(try rekey(story.eve, without: [story.dev]) == .mayNotLeaveOut)
    // A clock that was ahead is mended by the next admin's entry.
    story.time = end.adding(milliseconds: -10_000)
    try story.add(.logVerify, story.ada) { $0.set(.size, 1) }
    #expect(try rekey(story.eve, without: [story.ada]) == .mayNotLeaveOut)
  }

  @Test func `the registrar and an admin leave out whom they name, with a grant and not themselves`() throws {
    #expect(try rekey(story.dev, without: [story.eve, story.ada]) == nil)
    #expect(try rekey(story.ada, without: [story.dev, story.eve]) == nil)
    #expect(try rekey(story.dev, without: [story.dev]) == .mayNotLeaveOut)
    #expect(try rekey(story.ada, without: [story.ada]) == .mayNotLeaveOut)
    #expect(try rekey(story.dev, without: [story.audrey]) == .mayNotLeaveOut)
    // A token has no registrar, and a developer may leave out nobody.
    #expect(
      try story.breaks(.tokenRekey, story.dev) { story.rekeyed(&$0, token, 1, 2, without: [story.ada]) }
        == .mayNotLeaveOut)
    try story.add(.connectorRekey, story.dev) { story.rekeyed(&$0, connector, 1, 2, without: [story.eve]) }
    #expect(story.holders(of: connector) == [story.dev.id, story.ada.id])
    let item = try #require(story.item(connector))
    #expect(item.dataKey.count == 2 && story.history.leavers(of: item) == [])
    // They could decrypt this value before, and it is the same.
    #expect(item.exposed[story.eve.id] != nil)
    #expect(try story.breaks(.connectorReveal, story.eve) { story.reveal(&$0, connector, 1, 2) } == .notAHolder)
  }

  @Test func `a value has the end that came with it, and the next one its own`() throws {
    try story.add(.tokenRotate, story.ada) {
      story.rekeyed(&$0, token, 2, 2)
      story.expiry(&$0)
    }
    let expiry = try #require(story.item(token)?.expiry)
    #expect(expiry.entry == story.history.size - 1 && story.history.notes == 4)
    try story.add(.tokenRekey, story.dev) { story.rekeyed(&$0, token, 2, 3) }
    #expect(story.item(token)?.expiry == expiry)
    try story.add(.tokenExchange, story.dev) {
      story.values(&$0, token, 3, 3)
      $0.set(.how, "pipe")
    }
    #expect(story.item(token)?.expiry == nil)
    try story.add(.tokenRotate, story.ada) {
      story.rekeyed(&$0, token, 4, 4)
      story.expiry(&$0)
    }
    try story.add(.tokenRotate, story.ada) { story.rekeyed(&$0, token, 5, 5) }
    #expect(story.item(token)?.expiry == nil)
  }
}
