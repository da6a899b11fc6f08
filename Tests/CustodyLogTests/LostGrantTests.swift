import CustodyLog
import CustodyValues
import Testing

/// Grants that end by a removal or a change of role, which write nothing about items.
struct LostGrantTests {
  let story: Story
  private let (connector, token): (Identifier, Identifier)

  /// dev and eve are developers, and hold both items.
  init() throws {
    story = try Story()
    (connector, token) = try story.furnish()
    try story.enroll(story.eve, "eve", .developer)
    for person in [story.dev, story.eve] {
      try story.add(.tokenShare, story.ada) { [story, token] in story.share(&$0, token, person) }
    }
    try story.add(.connectorShare, story.dev) { [story, connector] in story.share(&$0, connector, story.eve) }
  }

  private func leavers(_ id: Identifier) throws -> Set<Identifier> {
    Set(story.history.leavers(of: try #require(story.item(id))))
  }

  private func isStale(_ id: Identifier) -> Bool? { story.isStale(id, for: story.ada) }

  @Test func `a removed developer's grants are none, and each item waits for new keys`() throws {
    #expect(isStale(token) == false && isStale(connector) == false)
    try story.remove(story.eve)
    #expect(story.holders(of: token) == [story.ada.id, story.dev.id])
    #expect(story.holders(of: connector) == [story.dev.id])
    #expect(try leavers(token) == [story.eve.id] && leavers(connector) == [story.eve.id])
    #expect(isStale(token) == true && isStale(connector) == true)
    #expect(
      try story.breaks(.connectorUnshare, story.dev) { story.unshare(&$0, connector, story.eve) } == .notAGrantee)
    #expect(
      try story.breaks(.connectorRekey, story.dev) { story.rekeyed(&$0, connector, 1, 2, without: [story.eve]) }
        == .mayNotLeaveOut)
    // A new data key leaves them out unnamed, and the metadata key is stale until it is renewed itself.
    try story.add(.connectorRekey, story.dev) { story.rekeyed(&$0, connector, 1, 2) }
    #expect(try leavers(connector) == [] && story.item(connector)?.dataKey.count == 1)
    #expect(isStale(connector) == true)
    try story.add(.connectorRenew, story.dev) { story.renewal(&$0, connector, 2) }
    #expect(isStale(connector) == false)
    try story.add(.tokenRenew, story.dev) { story.renewal(&$0, token, 2) }
    #expect(isStale(token) == false && story.item(token)?.metadataKey.key.count == 2)
    #expect(try leavers(token) == [story.eve.id])
  }

  @Test func `a removed auditor or admin had every item's metadata key, and a new developer none`() throws {
    let other = try Story.Person(story.arena)
    try story.enroll(other, "other", .developer)
    try story.remove(other)
    #expect(isStale(token) == false && isStale(connector) == false)
    try story.remove(story.audrey)
    #expect(isStale(token) == true && isStale(connector) == true)
    try story.add(.tokenRenew, story.ada) { story.renewal(&$0, token, 2) }
    try story.add(.connectorRenew, story.dev) { story.renewal(&$0, connector, 2) }
    #expect(story.item(token)?.metadataKey.epoch == 3)
    #expect(isStale(token) == false && isStale(connector) == false)
    // A connector registered now is sealed to an audit key that they never had.
    let item = Identifier.random()
    try story.add(.connectorRegister, story.dev) { story.newItem(&$0, item, tag: 8) }
    #expect(isStale(item) == false)
    try story.change(story.dev, to: .admin)
    #expect(isStale(item) == false && isStale(token) == false)
    try story.remove(story.dev)
    #expect(isStale(item) == true && isStale(token) == true && isStale(connector) == true)
  }

  @Test func `an admin or auditor who becomes a developer loses every metadata key but those they are given`() throws {
    try story.change(story.audrey, to: .developer)
    #expect(isStale(token) == true && isStale(connector) == true)
    try story.add(.tokenRenew, story.ada) { story.renewal(&$0, token, 2) }
    try story.change(story.dev, to: .admin)
    #expect(isStale(token) == false)
    try story.change(story.dev, to: .developer)
    #expect(isStale(token) == true)
    try story.add(.tokenRenew, story.ada) { story.renewal(&$0, token, 3) }
    // dev kept the grant as admin and after, and has an envelope of the new key.
    let item = try #require(story.item(token))
    #expect(story.history.grant(of: story.dev.id, in: item)?.metadataEnvelope != nil)
    #expect(isStale(token) == false && item.metadataKey.key.count == 3)
  }

  @Test func `a developer who becomes an auditor loses the data keys, and reads every name by right`() throws {
    try story.change(story.eve, to: .auditor)
    #expect(story.holders(of: token) == [story.ada.id, story.dev.id])
    #expect(try leavers(token) == [story.eve.id])
    #expect(isStale(token) == false)
    #expect(
      try story.breaks(.tokenReveal, story.eve) { story.reveal(&$0, token) } == .roleMayNot(.auditor, .tokenReveal))
    // Once they are a developer again they have neither, until it is shared with them anew.
    try story.change(story.eve, to: .developer)
    #expect(isStale(token) == true && story.holders(of: token) == [story.ada.id, story.dev.id])
    #expect(try story.breaks(.tokenReveal, story.eve) { story.reveal(&$0, token) } == .notAHolder)
    #expect(try story.breaks(.tokenRekey, story.eve) { story.rekeyed(&$0, token, 1, 2) } == .notAHolder)
    #expect(try story.breaks(.connectorShare, story.eve) { story.share(&$0, connector, story.eve) } == .notAHolder)
    try story.add(.tokenRenew, story.ada) { story.renewal(&$0, token, 2) }
    #expect(story.item(token)?.metadataKey.key.count == 2)
    try story.add(.tokenShare, story.ada) { story.share(&$0, token, story.eve, metadata: 2) }
    #expect(try story.breaks(.tokenReveal, story.eve) { story.reveal(&$0, token) } == nil)
    #expect(try leavers(token) == [] && isStale(token) == false)
    #expect(story.holders(of: connector) == [story.dev.id])
  }

  @Test func `who registered a connector and became an auditor is its registrar no more`() throws {
    try story.change(story.dev, to: .auditor)
    #expect(!story.history.isRegistrar(story.dev.id, of: try #require(story.item(connector))))
    try story.change(story.dev, to: .developer)
    #expect(try story.breaks(.connectorChange, story.dev) { story.changed(&$0, connector) } == .notTheRegistrar)
    #expect(try story.breaks(.connectorRetire, story.dev) { $0.set(.item, connector) } == .notTheRegistrar)
  }

  @Test func `a change from developer to admin takes nothing`() throws {
    try story.change(story.eve, to: .admin)
    #expect(story.holders(of: connector) == [story.dev.id, story.eve.id])
    #expect(isStale(connector) == false && isStale(token) == false)
    #expect(try story.breaks(.connectorReveal, story.eve) { story.reveal(&$0, connector) } == nil)
    try story.add(.connectorRenew, story.ada) { story.renewal(&$0, connector, 2) }
    #expect(story.item(connector)?.metadataKey.key.count == 2)
  }
}
