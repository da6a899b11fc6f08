import CustodyLog
import CustodyValues
import Testing

/// Take-overs: an admin can always replace an item's value under a key that nothing old opens, without having seen the
/// value that it replaces.
struct TakeOverTests {
  let story: Story
  private let (connector, token): (Identifier, Identifier)

  /// dev registered the connector, and shared it with eve, an admin; ada, the other admin, does not hold it.
  init() throws {
    story = try Story()
    (connector, token) = try story.furnish()
    try story.enroll(story.eve, "eve", .admin)
    try story.add(.connectorShare, story.dev) { [story, connector] in story.share(&$0, connector, story.eve) }
  }

  private func rotate(_ person: Story.Person, _ revision: UInt64, _ generation: UInt64) throws {
    try story.add(.connectorRotate, person) { story.rekeyed(&$0, connector, revision, generation) }
  }

  private func settle(_ revision: UInt64) -> (inout EntryDraft) -> Void {
    { [connector] in
      $0.set(.item, connector)
      $0.set(.revision, revision)
    }
  }

  @Test func `who takes over has the new key beside all who had a grant, and nobody loses theirs`() throws {
    let position = story.history.size
    #expect(try story.breaks(.connectorReveal, story.ada) { story.reveal(&$0, connector) } == .notAHolder)
    try rotate(story.ada, 2, 2)
    let item = try #require(story.item(connector))
    #expect(story.holders(of: connector) == [story.ada.id, story.dev.id, story.eve.id])
    #expect(item.dataKey.count == 3 && item.dataKey.entry == position)
    let grant = try #require(story.history.grant(of: story.ada.id, in: item))
    #expect(grant.right == position && grant.until == nil && grant.metadataEnvelope == nil)
    #expect(try story.breaks(.connectorReveal, story.ada) { story.reveal(&$0, connector, 2, 2) } == nil)
    #expect(try story.breaks(.connectorReveal, story.dev) { story.reveal(&$0, connector, 2, 2) } == nil)
    #expect(Set(item.exposed.keys) == [story.ada.id, story.dev.id, story.eve.id])
    #expect(story.history.isRegistrar(story.dev.id, of: item))
  }

  @Test func `a take-over can leave out the registrar, with nothing left to open to them`() throws {
    try story.add(.connectorRotate, story.ada) {
      story.rekeyed(&$0, connector, 2, 2, without: [story.dev, story.eve])
    }
    let item = try #require(story.item(connector))
    #expect(story.holders(of: connector) == [story.ada.id] && item.dataKey.count == 1)
    #expect(Set(item.exposed.keys) == [story.ada.id])
    #expect(try story.breaks(.connectorChange, story.dev) { story.changed(&$0, connector) } == .notTheRegistrar)
  }

  @Test func `an item that nobody holds any more can be taken over`() throws {
    try story.add(.tokenUnshare, story.ada) { story.unshare(&$0, token, story.ada) }
    #expect(story.holders(of: token) == [])
    #expect(try story.breaks(.tokenShare, story.ada) { story.share(&$0, token, story.dev) } == .notAHolder)
    try story.add(.tokenRotate, story.eve) { story.rekeyed(&$0, token, 2, 2) }
    #expect(story.holders(of: token) == [story.eve.id])
  }

  @Test func `no developer takes over, and nobody by a rekey`() throws {
    #expect(try story.breaks(.connectorRekey, story.ada) { story.rekeyed(&$0, connector, 1, 2) } == .notAHolder)
    try story.change(story.eve, to: .developer)
    try story.add(.connectorUnshare, story.dev) { story.unshare(&$0, connector, story.eve) }
    #expect(try story.breaks(.connectorRotate, story.eve) { story.rekeyed(&$0, connector, 2, 2) } == .notAHolder)
    #expect(
      try story.breaks(.connectorRotate, story.audrey) { story.rekeyed(&$0, connector, 2, 2) }
        == .roleMayNot(.auditor, .connectorRotate))
  }

  @Test func `a value that was replaced unseen stays exposed until an admin who held it says that it is worthless`()
    throws
  {
    let before = try #require(story.item(connector)).exposed
    let replaced = Moment(position: story.history.size, time: story.time)
    try rotate(story.ada, 2, 2)
    let unseen = try #require(story.item(connector)?.unseen)
    #expect(unseen.map(\.revision) == [1] && unseen.map(\.replaced) == [replaced])
    #expect(unseen.map(\.replacedBy) == [story.ada.id] && unseen.map(\.exposures) == [before])
    #expect(Set(before.keys) == [story.dev.id, story.eve.id])
    // Refused to the member who replaced it, to a developer, and for another revision.
    #expect(try story.breaks(.connectorSettle, story.ada, settle(1)) == .notAHolder)
    #expect(
      try story.breaks(.connectorSettle, story.dev, settle(1)) == .roleMayNot(.developer, .connectorSettle))
    for other in [0, 2, 3] as [UInt64] {
      #expect(try story.breaks(.connectorSettle, story.eve, settle(other)) == .wrongRevision)
    }
    try story.add(.connectorSettle, story.eve, settle(1))
    #expect(story.item(connector)?.unseen == [])
    #expect(try story.breaks(.connectorSettle, story.eve, settle(1)) == .wrongRevision)
  }

  @Test func `who could open the value before replaces it seen`() throws {
    try rotate(story.eve, 2, 2)
    try rotate(story.dev, 3, 3)
    #expect(story.item(connector)?.unseen == [])
  }

  @Test func `each value that was replaced unseen is told, and later rotates settle none`() throws {
    try rotate(story.ada, 2, 2)
    try story.add(.connectorUnshare, story.ada) { story.unshare(&$0, connector, story.eve) }
    try rotate(story.eve, 3, 3)
    try rotate(story.dev, 4, 4)
    #expect(story.item(connector)?.unseen.map(\.revision) == [1, 2])
    #expect(story.item(connector)?.unseen.map(\.replacedBy) == [story.ada.id, story.eve.id])
    // eve could open both: the first while she had a grant, the second until she was left out.
    try story.add(.connectorSettle, story.eve, settle(2))
    #expect(story.item(connector)?.unseen.map(\.revision) == [1])
    #expect(try story.breaks(.connectorSettle, story.ada, settle(1)) == .notAHolder)
  }

  @Test func `it is settled after the item is retired too, by who has become an admin since`() throws {
    try rotate(story.ada, 2, 2)
    try story.add(.tokenRetire, story.ada) { $0.set(.item, token) }
    try story.add(.connectorRetire, story.ada) { $0.set(.item, connector) }
    #expect(story.item(connector)?.unseen.count == 1)
    try story.change(story.dev, to: .admin)
    try story.add(.connectorSettle, story.dev, settle(1))
    #expect(story.item(connector)?.unseen == [] && story.item(connector)?.isRetired == true)
    #expect(story.history.tags.isEmpty)
  }

  @Test func `an admin whose grant has ended takes over as one who holds nothing`() throws {
    try story.add(.connectorShare, story.dev) {
      story.share(&$0, connector, story.ada)
      $0.set(.until, story.time.adding(milliseconds: 1000))
    }
    story.time = story.time.adding(milliseconds: 1000)
    try rotate(story.ada, 2, 2)
    let item = try #require(story.item(connector))
    let grant = try #require(story.history.grant(of: story.ada.id, in: item))
    #expect(grant.until == nil && grant.right == story.history.size - 1)
    #expect(item.dataKey.count == 3 && item.unseen.count == 1)
  }
}
