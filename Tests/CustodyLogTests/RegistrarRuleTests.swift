import CustodyLog
import CustodyValues
import Testing

/// Acts that take from others or set a token's destination: only for admins and a connector's registrar.
struct RegistrarRuleTests {
  let story: Story
  private let (connector, token): (Identifier, Identifier)

  /// dev registered the connector, and eve is a developer who holds it by a share, as the token.
  init() throws {
    story = try Story()
    (connector, token) = try story.furnish()
    try story.enroll(story.eve, "eve", .developer)
    try story.add(.connectorShare, story.dev) { [story, connector] in story.share(&$0, connector, story.eve) }
    try story.add(.tokenShare, story.ada) { [story, token] in story.share(&$0, token, story.eve) }
    try story.add(.tokenShare, story.ada) { [story, token] in story.share(&$0, token, story.dev) }
  }

  @Test func `a holder by a share changes no details, the registrar and an admin without a grant do`() throws {
    #expect(try story.breaks(.connectorChange, story.eve) { story.changed(&$0, connector) } == .notTheRegistrar)
    #expect(try story.breaks(.connectorChange, story.ada) { story.changed(&$0, connector) } == nil)
    let before = try #require(story.item(connector))
    try story.add(.connectorChange, story.dev) { story.changed(&$0, connector) }
    let after = try #require(story.item(connector))
    #expect(after.details.entry == story.history.size - 1 && after.details.author == story.dev.id)
    // A change of details leaves the value as it is.
    #expect((after.revision, after.generation, after.value) == (before.revision, before.generation, before.value))
    #expect(after.exposures == before.exposures)
    #expect((after.dataKey, after.metadataKey) == (before.dataKey, before.metadataKey))
  }

  @Test func `of a token an admin changes details, whoever holds it`() throws {
    for person in [story.dev, story.eve] {
      let rule = try story.breaks(.tokenChange, person) { story.changed(&$0, token) }
      #expect(rule == .roleMayNot(.developer, .tokenChange))
    }
    try story.add(.tokenChange, story.ada) { story.changed(&$0, token) }
    #expect(story.item(token)?.details.entry == story.history.size - 1)
  }

  @Test func `a destination is confirmed by an admin who holds the token, and stands until the next`() throws {
    let first = try #require(story.item(token)?.destination)
    #expect(first.author == story.ada.id && story.item(connector)?.destination == nil)
    for person in [story.dev, story.eve] {
      #expect(
        try story.breaks(.tokenConfirm, person) { story.confirmed(&$0, token) }
          == .roleMayNot(.developer, .tokenConfirm))
    }
    try story.change(story.dev, to: .admin)
    try story.add(.tokenConfirm, story.dev) { story.confirmed(&$0, token) }
    let second = try #require(story.item(token)?.destination)
    #expect(second.author == story.dev.id && second.entry == story.history.size - 1)
    try story.add(.tokenUnshare, story.ada) { story.unshare(&$0, token, story.ada) }
    #expect(try story.breaks(.tokenConfirm, story.ada) { story.confirmed(&$0, token) } == .notAHolder)
    // A new value, and a new data key, go where the value before went.
    try story.add(.tokenRotate, story.dev) { story.rekeyed(&$0, token, 2, 2) }
    try story.add(.tokenRekey, story.dev) { story.rekeyed(&$0, token, 2, 3) }
    #expect(story.item(token)?.destination == second)
  }

  @Test func `a holder by a share unshares nobody but themself`() throws {
    for (person, other) in [(story.eve, story.dev), (story.dev, story.eve)] {
      let isRegistrar = person === story.dev
      #expect(
        try story.breaks(.connectorUnshare, person) { story.unshare(&$0, connector, other) }
          == (isRegistrar ? nil : .notTheRegistrar))
      #expect(try story.breaks(.connectorUnshare, person) { story.unshare(&$0, connector, person) } == nil)
      #expect(try story.breaks(.tokenUnshare, person) { story.unshare(&$0, token, other) } == .notTheRegistrar)
      #expect(try story.breaks(.tokenUnshare, person) { story.unshare(&$0, token, story.ada) } == .notTheRegistrar)
      #expect(try story.breaks(.tokenUnshare, person) { story.unshare(&$0, token, person) } == nil)
    }
    #expect(try story.breaks(.connectorUnshare, story.ada) { story.unshare(&$0, connector, story.dev) } == nil)
  }

  @Test func `whoever gave up the connector that they registered is its registrar no more`() throws {
    #expect(story.history.isRegistrar(story.dev.id, of: try #require(story.item(connector))))
    try story.add(.connectorUnshare, story.dev) { story.unshare(&$0, connector, story.dev) }
    #expect(!story.history.isRegistrar(story.dev.id, of: try #require(story.item(connector))))
    #expect(
      try story.breaks(.connectorUnshare, story.dev) { story.unshare(&$0, connector, story.eve) } == .notTheRegistrar)
    #expect(try story.breaks(.connectorChange, story.dev) { story.changed(&$0, connector) } == .notTheRegistrar)
    // And is again once it was shared with them.
    try story.add(.connectorRenew, story.eve) { story.renewal(&$0, connector, 2) }
    try story.add(.connectorShare, story.eve) { story.share(&$0, connector, story.dev, metadata: 2) }
    #expect(try story.breaks(.connectorChange, story.dev) { story.changed(&$0, connector, metadata: 2) } == nil)
    #expect(!story.history.isRegistrar(story.eve.id, of: try #require(story.item(connector))))
    #expect(!story.history.isRegistrar(story.ada.id, of: try #require(story.item(token))))
  }

  @Test func `a registrar whose own grant has ended changes nothing`() throws {
    let end = story.time.adding(milliseconds: 1000)
    try story.add(.connectorShare, story.dev) {
      story.share(&$0, connector, story.dev)
      $0.set(.until, end)
    }
    #expect(try story.breaks(.connectorChange, story.dev) { story.changed(&$0, connector) } == nil)
    story.time = end
    #expect(try story.breaks(.connectorChange, story.dev) { story.changed(&$0, connector) } == .notTheRegistrar)
    #expect(
      try story.breaks(.connectorUnshare, story.dev) { story.unshare(&$0, connector, story.eve) } == .notTheRegistrar)
  }

  @Test func `a connector is retired by its registrar or an admin, once no token of it is in use`() throws {
    let retire: (inout EntryDraft) -> Void = { [connector] in $0.set(.item, connector) }
    #expect(story.item(connector)?.tokensInUse == 1)
    for person in [story.ada, story.dev] {
      #expect(try story.breaks(.connectorRetire, person, retire) == .tokensInUse)
    }
    #expect(try story.breaks(.connectorRetire, story.eve, retire) == .notTheRegistrar)
    for person in [story.dev, story.eve] {
      #expect(
        try story.breaks(.tokenRetire, person) { $0.set(.item, token) } == .roleMayNot(.developer, .tokenRetire))
    }
    try story.add(.tokenStore, story.ada) { story.newToken(&$0, .random(), of: connector, tag: 7) }
    #expect(story.item(connector)?.tokensInUse == 2)
    try story.add(.tokenRetire, story.ada) { $0.set(.item, token) }
    #expect(story.item(connector)?.tokensInUse == 1)
    #expect(try story.breaks(.tokenRetire, story.ada) { $0.set(.item, token) } == .retired)
    let other = try #require(story.history.items.first { $0.kind == .token && !$0.isRetired })
    try story.add(.tokenRetire, story.ada) { $0.set(.item, other.id) }
    #expect(try story.breaks(.connectorRetire, story.eve, retire) == .notTheRegistrar)
    #expect(try story.breaks(.connectorRetire, story.ada, retire) == nil)
    try story.add(.connectorRetire, story.dev, retire)
    #expect(story.item(connector)?.isRetired == true && story.history.tags.isEmpty)
  }

  @Test func `nothing is done to a retired item any more`() throws {
    try story.add(.tokenRetire, story.ada) { $0.set(.item, token) }
    for action in Action.allCases where action.kind == .token && ![.tokenStore, .tokenSettle].contains(action) {
      let broken = try story.breaks(action, story.ada) { draft in
        for key in action.rule.required { draft.set(key, Array(key.sample.utf8)) }
        draft.set(.item, token)
      }
      #expect(broken == .retired, "\(action)")
    }
  }
}
