import CustodyLog
import CustodyValues
import Testing

/// Reverts: who may bring back the value before the newest, and the state after it.
struct RevertRuleTests {
  let story: Story
  private let (connector, token): (Identifier, Identifier)

  /// dev registered the connector, and ada holds it. The token is ada's, and dev holds it.
  init() throws {
    story = try Story()
    (connector, token) = try story.furnish()
    try story.add(.connectorShare, story.dev) { [story, connector] in story.share(&$0, connector, story.ada) }
    try story.add(.tokenShare, story.ada) { [story, token] in story.share(&$0, token, story.dev) }
  }

  /// eve holds the connector too.
  private func share() throws {
    try story.enroll(story.eve, "eve", .developer)
    try story.add(.connectorShare, story.dev) { story.share(&$0, connector, story.eve) }
  }

  private func act(_ action: Action, _ person: Story.Person, _ item: Identifier, isNew: Bool = true) throws {
    let known = try #require(story.item(item))
    try story.add(action, person) {
      story.rekeyed(&$0, item, known.revision + (isNew ? 1 : 0), known.generation + 1)
    }
  }

  private func reverting(_ person: Story.Person, _ item: Identifier) throws -> HistoryFault.Rule? {
    let known = try #require(story.item(item))
    return try story.breaks(known.kind == .connector ? .connectorRevert : .tokenRevert, person) {
      story.rekeyed(&$0, item, known.revision + 1, known.generation + 1)
    }
  }

  @Test func `what a holder brought, every holder of the value before takes back, under a new data key`() throws {
    try share()
    #expect(try reverting(story.dev, connector) == .nothingEarlier)
    let good = try #require(story.item(connector))
    try act(.connectorRotate, story.eve, connector)
    let junk = try #require(story.item(connector))
    #expect(junk.earlier?.value == good.value && junk.earlier?.key?.dataKey == good.dataKey)
    #expect(Set(story.history.grants(ofEarlier: junk).keys) == [story.dev.id, story.eve.id, story.ada.id])
    for person in [story.dev, story.ada, story.eve] { #expect(try reverting(person, connector) == nil) }
    #expect(try reverting(story.audrey, connector) == .roleMayNot(.auditor, .connectorRevert))
    for (revision, generation, rule) in [
      (2, 3, HistoryFault.Rule.wrongRevision), (4, 3, .wrongRevision), (3, 2, .wrongGeneration),
    ] as [(UInt64, UInt64, HistoryFault.Rule)] {
      #expect(
        try story.breaks(.connectorRevert, story.dev) { story.rekeyed(&$0, connector, revision, generation) } == rule)
    }
    let position = story.history.size
    try act(.connectorRevert, story.dev, connector)
    let back = try #require(story.item(connector))
    #expect((back.revision, back.generation, back.value.entry) == (3, 3, position))
    #expect(back.life == good.life && back.earlier?.value == junk.value && back.broughtBack == nil)
    // The value that a revert replaces can be brought back by another revert.
    try act(.connectorRevert, story.eve, connector)
    #expect(story.item(connector)?.earlier?.value == back.value)
  }

  @Test func `what an admin rotated only an admin reverts`() throws {
    try share()
    try act(.connectorRotate, story.ada, connector)
    for person in [story.dev, story.eve] { #expect(try reverting(person, connector) == .revertsAnAdmin) }
    #expect(try reverting(story.ada, connector) == nil)
    // A rekey is no way around it: the value before the newest is then the admin's.
    try act(.connectorRekey, story.eve, connector, isNew: false)
    #expect(story.item(connector)?.earlier?.revision == 2 && story.item(connector)?.revision == 2)
    #expect(try reverting(story.dev, connector) == nil)
    try act(.connectorRevert, story.ada, connector)
    #expect(try reverting(story.dev, connector) == .revertsAnAdmin)
  }

  @Test func `an admin who takes an item over had nothing of the value before, and who had it is no admin`() throws {
    try story.enroll(story.eve, "eve", .admin)
    try act(.tokenRotate, story.eve, token)
    #expect(try reverting(story.eve, token) == .notAHolder)
    #expect(try reverting(story.dev, token) == .revertsAnAdmin)
    let unseen = try #require(story.item(token)?.unseen)
    #expect(unseen.map(\.revision) == [1])
    // ada held it: it is the newest again, and so no value that was replaced unseen.
    try act(.tokenRevert, story.ada, token)
    let back = try #require(story.item(token))
    #expect(back.unseen.isEmpty && Set(back.exposed.keys) == [story.ada.id, story.dev.id, story.eve.id])
  }

  @Test func `over what an exchange brought it says so, until there is another value`() throws {
    let given = try #require(story.item(token)).life
    try story.add(.tokenExchange, story.dev) {
      story.values(&$0, token, 2, 1)
      $0.set(.how, "nowhere")
    }
    #expect(story.item(token)?.earlier?.key == nil)
    try act(.tokenRevert, story.dev, token)
    let back = try #require(story.item(token))
    #expect(back.broughtBack?.by == story.dev.id && back.broughtBack?.moment.position == story.history.size - 1)
    #expect(back.life == given)
    try act(.tokenRekey, story.ada, token, isNew: false)
    #expect(story.item(token)?.broughtBack != nil)
    try act(.tokenRotate, story.ada, token)
    #expect(story.item(token)?.broughtBack == nil)
  }

  @Test func `who lost the right brings nothing back, and a grant that is given again is another`() throws {
    try share()
    try act(.connectorRotate, story.eve, connector)
    try story.add(.connectorUnshare, story.dev) {
      $0.set(.item, connector)
      $0.set(.to, story.eve.id)
    }
    #expect(try reverting(story.eve, connector) == .notAHolder)
    try story.add(.connectorShare, story.dev) { story.share(&$0, connector, story.eve, 2, 2) }
    #expect(try reverting(story.eve, connector) == .notAHolder)
    // A share over a grant that stands leaves the envelope of the value before.
    try story.add(.connectorShare, story.dev) { story.share(&$0, connector, story.ada, 2, 2) }
    #expect(try reverting(story.ada, connector) == nil)
    try story.add(.connectorRotate, story.dev) { story.rekeyed(&$0, connector, 3, 3, without: [story.ada]) }
    try story.add(.connectorShare, story.dev) { story.share(&$0, connector, story.ada, 3, 3) }
    #expect(try reverting(story.ada, connector) == .notAHolder)
    #expect(try reverting(story.dev, connector) == nil)
  }

  @Test func `whoever could open the value, or what came after it, is exposed again`() throws {
    try share()
    try act(.connectorRotate, story.eve, connector)
    try story.add(.connectorUnshare, story.dev) {
      $0.set(.item, connector)
      $0.set(.to, story.ada.id)
    }
    try act(.connectorRevert, story.dev, connector)
    let back = try #require(story.item(connector))
    #expect(Set(back.exposed.keys) == [story.dev.id, story.eve.id, story.ada.id])
  }
}
