import CustodyCrypto
import CustodyLog
import Testing

/// Stored folds: one that is restored has all that the next entry is checked against.
struct KeptFoldTests {
  private func refused(_ entry: Entry, by history: History) -> HistoryFault.Rule? {
    var history = history
    do throws(HistoryFault) {
      try history.append(entry)
      return nil
    } catch { return error.rule }
  }

  @Test func `what a whole fold refuses, one from a snapshot refuses`() throws {
    let story = try Story()
    let (connector, token) = try story.furnish()
    let kept = try #require(story.history.kept)
    let stranger = try Story.Person(story.arena)
    func enrolling(_ person: Story.Person, _ name: String) throws -> Entry {
      try story.entry(.memberEnroll, story.ada) {
        story.person(&$0, person, name, .developer)
        $0.set(.member, story.eve.id)
        $0.set(.requestSHA256, Story.hash)
      }
    }
    let entries: [(Entry, HistoryFault.Rule?)] = [
      (try enrolling(stranger, "dev"), .nameTwice), (try enrolling(story.dev, "eve"), .keyTwice),
      (try enrolling(stranger, "eve"), nil),
      (try story.entry(.connectorRetire, story.dev) { $0.set(.item, connector) }, .tokensInUse),
      (try story.entry(.tokenRetire, story.ada) { $0.set(.item, token) }, nil),
    ]
    for (entry, rule) in entries {
      #expect(refused(entry, by: story.history) == rule)
      #expect(refused(entry, by: kept) == rule)
    }
    try story.add(.tokenRetire, story.ada) { $0.set(.item, token) }
    let retiring = try story.entry(.connectorRetire, story.dev) { $0.set(.item, connector) }
    #expect(refused(retiring, by: story.history) == nil)
    #expect(refused(retiring, by: try #require(story.history.kept)) == nil)
  }
}
