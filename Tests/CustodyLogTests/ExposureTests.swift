import CustodyLog
import CustodyMemory
import Testing

/// Who could open the newest value of an item, by the keys they were given.
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
    try story.add(.tokenUnshare, story.ada) {
      $0.set(.item, self.token); $0.set(.to, from.id)
    }
  }
  private func rotate(to revision: UInt64, generation: UInt64 = 1) throws {
    try story.add(.tokenRotate, story.ada) { self.story.values(&$0, self.token, revision, generation) }
  }
  private func rekey(revision: UInt64, generation: UInt64) throws {
    try story.add(.tokenRekey, story.ada) {
      self.story.values(&$0, self.token, revision, generation)
      for key in [DetailKey.commitment, .envelopesSHA256, .previousSHA256] { $0.set(key, Story.hash) }
    }
  }

  @Test func `who stored a token had it, and nobody else`() throws {
    #expect(try item.exposed.count == 1)
    #expect(try exposed(story.ada)?.opened.keys.map { $0 } == [.stored])
  }

  @Test func `a grant proves that someone could, an entry that they did`() throws {
    let since = story.history.size
    try share(story.dev)
    #expect(try exposed(story.dev) == item.exposures[story.dev.id])
    #expect(try exposed(story.dev)?.since == since)
    #expect(try exposed(story.dev)?.opened.isEmpty == true)
    for how in ["pipe", "tty", "pipe"] {
      try story.add(.tokenReveal, story.dev) {
        $0.set(.item, self.token); $0.set(.revision, 1); $0.set(.generation, 1); $0.set(.how, how)
      }
    }
    #expect(try exposed(story.dev)?.opened == [.pipe: story.history.size - 1, .tty: story.history.size - 2])
    try story.add(.tokenExchange, story.dev) {
      $0.set(.item, self.token); $0.set(.revision, 1); $0.set(.generation, 1); $0.set(.how, "pipe")
    }
    #expect(try exposed(story.dev)?.opened[.exchange] == story.history.size - 1)
  }

  @Test func `taking back leaves what was open, and a rotation under a new key ends it`() throws {
    try share(story.dev)
    try unshare(story.dev)
    #expect(try exposed(story.dev) != nil)
    try rekey(revision: 1, generation: 2)
    #expect(try exposed(story.dev) != nil)
    try rotate(to: 2, generation: 2)
    #expect(try exposed(story.dev) == nil)
    #expect(try exposed(story.ada)?.revision == 2)
  }

  @Test func `without a rekey the old key opens the next revision too`() throws {
    try share(story.dev)
    try unshare(story.dev)
    let rotated = story.history.size
    try rotate(to: 2)
    #expect(try exposed(story.dev)?.since == rotated)
  }

  @Test func `a snapshot folds on as the fold itself would`() throws {
    try share(story.dev)
    try unshare(story.dev)
    try rekey(revision: 1, generation: 2)
    try rotate(to: 2, generation: 2)
    let bytes = story.history.snapshot
    var copy = try #require(History(snapshot: bytes))
    #expect(copy.root() == story.history.root())
    #expect(copy.items[token]?.exposures == story.history.items[token]?.exposures)
    #expect(copy.items[token]?.keyEntries == story.history.items[token]?.keyEntries)
    let size = story.entries.count
    try share(story.dev, revision: 2, generation: 2)
    try copy.append(story.entries[size], .everything)
    #expect(copy.root() == story.history.root())
    for cut in [0, 1, bytes.count / 2, bytes.count - 1] { #expect(History(snapshot: Array(bytes[..<cut])) == nil) }
    #expect(History(snapshot: bytes + [0]) == nil)
  }
}
