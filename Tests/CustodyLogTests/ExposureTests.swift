import CustodyLog
import CustodyValues
import Testing

/// Exposures of an item's newest value, by the keys that members were given.
struct ExposureTests {
  let story: Story
  let token: Identifier

  init() throws {
    story = try Story()
    token = try story.furnish().token
  }

  private var item: Item { get throws { try #require(story.history.items[token]) } }
  private func exposed(_ person: Story.Person) throws -> Exposure? { try item.exposed[person.id] }

  private func share(_ to: Story.Person, revision: UInt64 = 1, generation: UInt64 = 1) throws {
    try story.add(.tokenShare, story.ada) { self.story.share(&$0, self.token, to, revision, generation) }
  }
  private func unshare(_ from: Story.Person) throws {
    try story.add(.tokenUnshare, story.ada) { self.story.unshare(&$0, self.token, from) }
  }
  private func rotate(to revision: UInt64, generation: UInt64) throws {
    try story.add(.tokenRotate, story.ada) { self.story.rekeyed(&$0, self.token, revision, generation) }
  }
  private func rekey(revision: UInt64, generation: UInt64) throws {
    try story.add(.tokenRekey, story.ada) { self.story.rekeyed(&$0, self.token, revision, generation) }
  }
  /// The moment of an entry of this story, counted back from the end.
  private func moment(back: UInt64 = 1) -> Moment { Moment(position: story.history.size - back, time: story.time) }

  @Test func `who stored a token had it, and nobody else`() throws {
    #expect(try item.exposed.count == 1)
    #expect(try exposed(story.ada)?.opened.keys.map { $0 } == [.stored])
  }

  @Test func `a grant proves that someone could, an entry that they did`() throws {
    try share(story.dev)
    let since = moment()
    #expect(try exposed(story.dev) == item.exposures[story.dev.id])
    #expect(try exposed(story.dev)?.since == since)
    #expect(try exposed(story.dev)?.opened.isEmpty == true)
    for how in ["pipe", "tty", "pipe"] {
      try story.add(.tokenReveal, story.dev) {
        $0.set(.item, self.token); $0.set(.revision, 1); $0.set(.generation, 1); $0.set(.how, how)
      }
    }
    #expect(try exposed(story.dev)?.opened == [.pipe: moment(), .tty: moment(back: 2)])
    try story.add(.tokenExchange, story.dev) {
      $0.set(.item, self.token); $0.set(.revision, 1); $0.set(.generation, 1); $0.set(.how, "pipe")
    }
    #expect(try exposed(story.dev)?.opened[.exchange] == moment())
  }

  @Test func `taking back leaves what was open, a new data key too, and a new value ends it`() throws {
    try share(story.dev)
    try unshare(story.dev)
    #expect(try exposed(story.dev) != nil)
    try rekey(revision: 1, generation: 2)
    #expect(try exposed(story.dev) != nil)
    try rotate(to: 2, generation: 3)
    #expect(try exposed(story.dev) == nil)
    #expect(try exposed(story.ada)?.revision == 2)
  }

  @Test func `the value that an exchange brings opens by the old data key, also to who lost their grant`() throws {
    try story.enroll(story.eve, "eve", .developer)
    try share(story.dev)
    try share(story.eve)
    try unshare(story.dev)
    try story.remove(story.eve)
    try story.add(.tokenExchange, story.ada) {
      self.story.values(&$0, self.token, 2, 1)
      $0.set(.how, "pipe")
    }
    for person in [story.dev, story.eve, story.ada] { #expect(try exposed(person)?.since == moment()) }
    // A member left out of a new key can't decrypt the value after it.
    try rekey(revision: 2, generation: 2)
    try story.add(.tokenExchange, story.ada) {
      self.story.values(&$0, self.token, 3, 2)
      $0.set(.how, "pipe")
    }
    #expect(try Set(item.exposed.keys) == [story.ada.id])
  }

  @Test func `a change of details ends no exposure`() throws {
    try share(story.dev)
    try unshare(story.dev)
    try story.add(.tokenRenew, story.ada) { self.story.renewal(&$0, self.token, 2) }
    let before = try item.exposed
    try story.add(.tokenChange, story.ada) { self.story.changed(&$0, self.token, metadata: 2) }
    try story.add(.tokenConfirm, story.ada) { self.story.confirmed(&$0, self.token, metadata: 2) }
    #expect(try item.exposed == before && before[story.dev.id] != nil)
  }
}
