import CustodyCrypto
import CustodyLog
import CustodyValues
import Testing

/// The age of a value and its last use at the provider, from the log alone.
struct ValueLifeTests {
  let story: Story
  let token: Identifier

  init() throws {
    story = try Story()
    token = try story.furnish().token
    try story.add(.tokenShare, story.ada) { [story, token] in story.share(&$0, token, story.dev) }
  }

  private var life: Item.Life? { story.history.items[token]?.life }

  private func use(_ action: Action, revision: UInt64 = 1, generation: UInt64 = 1, source: Source? = nil) throws {
    try story.add(action, story.dev) {
      $0.set(.item, token)
      $0.set(.revision, revision)
      $0.set(.generation, generation)
      if action != .tokenCheck { $0.set(.how, Leaving.nowhere.rawValue) }
      if let source { $0.set(.source, source.rawValue) }
    }
  }

  private func value(_ action: Action, _ author: Story.Person, _ revision: UInt64, _ generation: UInt64) throws {
    try story.add(action, author) {
      guard action == .tokenExchange else { return story.rekeyed(&$0, token, revision, generation) }
      story.values(&$0, token, revision, generation)
      $0.set(.how, Leaving.pipe.rawValue)
    }
  }

  private func expect(given: UInt64, made: UInt64, used: UInt64?, _ place: SourceLocation = #_sourceLocation) throws {
    let life = try #require(life)
    #expect(
      (life.given.position, life.made.position, life.used?.position) == (given, made, used), sourceLocation: place)
    #expect(life.given.time == story.time, sourceLocation: place)
    // A stored fold has the same.
    #expect(story.history.kept?.items[token]?.life == life, sourceLocation: place)
  }

  @Test func `a stored value is given and made by its store`() throws { try expect(given: 4, made: 4, used: nil) }

  @Test func `an exchange is a sign of life; a kept access token, a reveal and a check are none`() throws {
    try use(.tokenReveal)
    try use(.tokenCheck)
    try use(.tokenExchange, source: .cache)
    try expect(given: 4, made: 4, used: nil)
    try use(.tokenExchange)
    try expect(given: 4, made: 4, used: 9)
    try use(.tokenExchange, source: .cache)
    try expect(given: 4, made: 4, used: 9)
  }

  @Test func `an exchange that failed or was denied is no sign of life`() throws {
    for outcome in [Outcome.error, .denied] {
      try story.add(.tokenExchange, story.dev) {
        $0.header.outcome = outcome
        $0.set(.item, token)
      }
    }
    try expect(given: 4, made: 4, used: nil)
  }

  @Test func `an exchange that brings a value makes it, of the same grant`() throws {
    try value(.tokenExchange, story.dev, 2, 1)
    try expect(given: 4, made: 6, used: 6)
  }

  @Test func `a rekey changes nothing of that`() throws {
    try use(.tokenExchange)
    try value(.tokenRekey, story.dev, 1, 2)
    try expect(given: 4, made: 4, used: 6)
  }

  @Test func `an admin's rotate begins anew`() throws {
    try value(.tokenExchange, story.dev, 2, 1)
    try value(.tokenRotate, story.ada, 3, 2)
    try expect(given: 7, made: 7, used: nil)
  }

  @Test func `a check is on record as an opening`() throws {
    try use(.tokenCheck)
    #expect(
      story.history.items[token]?.exposures[story.dev.id]?.opened == [.check: Moment(position: 6, time: story.time)])
    let rule = try story.breaks(.tokenCheck, story.eve) {
      $0.set(.item, token)
      $0.set(.revision, 1)
      $0.set(.generation, 1)
    }
    #expect(rule == .unknownActor)
  }

  @Test func `what left nowhere is no opening by a way out`() throws {
    try use(.tokenReveal)
    #expect(story.history.items[token]?.exposures[story.dev.id]?.opened == [:])
  }
}
