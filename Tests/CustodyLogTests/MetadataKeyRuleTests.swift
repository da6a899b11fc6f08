import CustodyLog
import CustodyValues
import Testing

/// Stale metadata keys: nothing more is written under a key held by somebody who lost the right to read.
struct MetadataKeyRuleTests {
  let story: Story
  private let (connector, token): (Identifier, Identifier)

  /// dev registered the connector, and holds the token; eve, a developer, holds the connector until `end`.
  private let end: Timestamp

  init() throws {
    story = try Story()
    (connector, token) = try story.furnish()
    end = story.time.adding(milliseconds: 10_000)
    try story.enroll(story.eve, "eve", .developer)
    try story.add(.tokenShare, story.ada) { [story, token] in story.share(&$0, token, story.dev) }
    try story.add(.connectorShare, story.dev) { [story, connector, end] in
      story.share(&$0, connector, story.eve)
      $0.set(.until, end)
    }
  }

  /// The rule that writing a reason under the key of a generation breaks, or nil.
  private func writing(_ generation: UInt64, by person: Story.Person? = nil) throws -> HistoryFault.Rule? {
    try story.breaks(.connectorShare, person ?? story.dev) {
      story.share(&$0, connector, story.ada, metadata: generation)
      story.reason(&$0, metadata: generation)
    }
  }

  private func renew(_ person: Story.Person, _ generation: UInt64) throws {
    try story.add(.connectorRenew, person) { story.renewal(&$0, connector, generation) }
  }

  private func has(_ person: Story.Person) throws -> Bool {
    let item = try #require(story.item(connector))
    return story.history.grant(of: person.id, in: item)?.metadataEnvelope != nil
  }

  @Test func `a renewal is the next one, and by an admin, or where it is due by a holder`() throws {
    for generation in [0, 1, 3] as [UInt64] {
      #expect(
        try story.breaks(.connectorRenew, story.ada) { story.renewal(&$0, connector, generation) }
          == .wrongMetadataKey)
    }
    // Nobody can check a new key's envelopes: if a renewal were not due, a holder could make a key that opens to
    // nobody.
    for person in [story.dev, story.eve] {
      #expect(try story.breaks(.connectorRenew, person) { story.renewal(&$0, connector, 2) } == .renewalNotDue)
    }
    #expect(
      try story.breaks(.connectorRenew, story.audrey) { story.renewal(&$0, connector, 2) }
        == .roleMayNot(.auditor, .connectorRenew))
    #expect(try story.breaks(.tokenRenew, story.eve) { story.renewal(&$0, token, 2) } == .notAHolder)
    #expect(try story.breaks(.connectorRenew, story.ada) { story.renewal(&$0, connector, 2) } == nil)
    let before = try #require(story.item(connector))
    try renew(story.ada, 2)
    try story.remove(story.audrey)
    #expect(try story.breaks(.connectorRenew, story.dev) { story.renewal(&$0, connector, 3) } == nil)
    try renew(story.eve, 3)
    let item = try #require(story.item(connector))
    let position = story.history.size - 1
    #expect(item.metadataKey.generation == 3 && item.metadataKey.renewals == [position - 2, position])
    #expect(item.metadataKey.key.entry == position && item.metadataKey.key.count == 3)
    #expect(try has(story.dev) && has(story.eve))
    let envelope = story.history.grant(of: story.eve.id, in: item)?.metadataEnvelope
    #expect(envelope?.entry == position && envelope?.sha256 == nil)
    // A renewal changes neither data key nor value.
    #expect((item.dataKey, item.value, item.details) == (before.dataKey, before.value, before.details))
  }

  @Test func `a list of many renewals is added to, and not copied for each`() throws {
    // Otherwise 100,000 renewals of an item would copy 100,000 lists.
    var (places, moves) = ([UnsafeRawPointer?](), 0)
    for generation in 2..<66 as Range<UInt64> {
      try renew(story.ada, generation)
      story.item(connector)?.metadataKey.renewals.withUnsafeBytes { places.append($0.baseAddress) }
    }
    for (one, next) in zip(places, places.dropFirst()) where one != next { moves += 1 }
    #expect(places.count == 64 && moves < 16, "\(moves)")
  }

  @Test func `what is written names the newest metadata key`() throws {
    #expect(try writing(1) == nil)
    #expect(try writing(2) == .wrongMetadataKey)
    try renew(story.ada, 2)
    #expect(try writing(1) == .wrongMetadataKey)
    #expect(try writing(2) == nil)
    for (action, person) in [(Action.connectorChange, story.dev), (.connectorRotate, story.dev)] {
      func written(_ generation: UInt64) throws -> HistoryFault.Rule? {
        try story.breaks(action, person) {
          if action == .connectorChange { return story.changed(&$0, connector, metadata: generation) }
          story.rekeyed(&$0, connector, 2, 2)
          story.expiry(&$0, metadata: generation)
        }
      }
      #expect(try written(1) == .wrongMetadataKey)
      #expect(try written(2) == nil)
    }
    #expect(
      try story.breaks(.tokenConfirm, story.ada) { story.confirmed(&$0, token, metadata: 2) } == .wrongMetadataKey)
  }

  @Test func `notes are counted by the sealed texts that entries name`() throws {
    // The two items' details, and a destination.
    #expect(story.history.notes == 3)
    try story.add(.connectorShare, story.dev) {
      story.share(&$0, connector, story.ada)
      story.reason(&$0)
    }
    try story.add(.tokenConfirm, story.ada) {
      story.confirmed(&$0, token)
      story.reason(&$0)
    }
    try story.add(.connectorRotate, story.dev) {
      story.rekeyed(&$0, connector, 2, 2)
      story.expiry(&$0)
      story.reason(&$0)
    }
    #expect(story.history.notes == 8)
    try renew(story.ada, 2)
    #expect(story.history.notes == 8)
  }

  @Test func `who is unshared makes it stale, until a key that they don't get`() throws {
    #expect(story.isStale(connector, for: story.dev) == false)
    try story.add(.connectorUnshare, story.dev) { story.unshare(&$0, connector, story.eve) }
    #expect(story.isStale(connector, for: story.dev) == true)
    #expect(try writing(1) == .staleMetadataKey)
    // Changes of values and grants without a text need no new key.
    #expect(try story.breaks(.connectorShare, story.dev) { story.share(&$0, connector, story.ada) } == nil)
    #expect(try story.breaks(.connectorRotate, story.dev) { story.rekeyed(&$0, connector, 2, 2) } == nil)
    try renew(story.dev, 2)
    #expect(story.isStale(connector, for: story.dev) == false && story.item(connector)?.metadataKey.key.count == 2)
    #expect(try writing(2) == nil)
  }

  @Test func `an unshare says why under the old key, or brings the new one and says it under that`() throws {
    func unshare(_ change: (inout EntryDraft) -> Void) throws -> HistoryFault.Rule? {
      try story.breaks(.connectorUnshare, story.dev) {
        story.unshare(&$0, connector, story.eve)
        change(&$0)
      }
    }
    let renewal: (inout EntryDraft, UInt64) -> Void = { story.renewal(&$0, connector, $1) }
    #expect(try unshare { story.reason(&$0) } == nil)
    #expect(try unshare { story.reason(&$0, metadata: 2) } == .wrongMetadataKey)
    #expect(try unshare { renewal(&$0, 3) } == .wrongMetadataKey)
    #expect(try unshare { renewal(&$0, 1) } == .wrongMetadataKey)
    try story.add(.connectorUnshare, story.dev) {
      story.unshare(&$0, connector, story.eve)
      renewal(&$0, 2)
      story.reason(&$0, metadata: 2)
    }
    let key = try #require(story.item(connector)?.metadataKey)
    // The auditors' envelope, and dev's.
    #expect(key.generation == 2 && key.key.count == 2 && key.renewals == [story.history.size - 1])
    #expect(story.isStale(connector, for: story.dev) == false)
    #expect(try writing(2) == nil)
    // An author who gives up their own grant would know the key that they make.
    #expect(
      try story.breaks(.connectorUnshare, story.dev) {
        story.unshare(&$0, connector, story.dev)
        story.renewal(&$0, connector, 3)
      } == .notAHolder)
    // Nothing is written under a key to which somebody else lost the right before.
    try story.add(.connectorShare, story.dev) { story.share(&$0, connector, story.eve, metadata: 2) }
    try story.remove(story.audrey)
    #expect(
      try story.breaks(.connectorUnshare, story.dev) {
        story.unshare(&$0, connector, story.eve)
        story.reason(&$0, metadata: 2)
      } == .staleMetadataKey)
  }

  @Test func `who is left out of a new data key makes it stale`() throws {
    try story.add(.connectorRekey, story.dev) { story.rekeyed(&$0, connector, 1, 2, without: [story.eve]) }
    #expect(story.isStale(connector, for: story.dev) == true)
    try renew(story.dev, 2)
    try story.add(.connectorShare, story.dev) { story.share(&$0, connector, story.eve, 1, 2, metadata: 2) }
    try story.add(.connectorRotate, story.dev) {
      story.rekeyed(&$0, connector, 2, 3, without: [story.eve])
      // The reason is written before they lose the right.
      story.reason(&$0, metadata: 2)
    }
    #expect(story.isStale(connector, for: story.dev) == true)
  }

  @Test func `a grant that has ended by an admin's time makes it stale, and by a developer's own clock not`() throws {
    story.time = end
    #expect(story.isStale(connector, for: story.dev) == false)
    #expect(story.isStale(connector, for: story.ada) == true)
    #expect(try writing(1) == nil)
    #expect(try story.breaks(.connectorChange, story.ada) { story.changed(&$0, connector) } == .staleMetadataKey)
    // A developer's renewal still includes holders whose grant has not ended by an admin's time.
    let item = try #require(story.item(connector))
    #expect(
      Set(story.history.metadataRecipients(of: item, for: story.dev.id, at: end)) == [story.dev.id, story.eve.id])
    #expect(story.history.metadataRecipients(of: item, for: story.ada.id, at: end) == [story.dev.id])
    try story.add(.logVerify, story.ada) { $0.set(.size, 1) }
    #expect(story.isStale(connector, for: story.dev) == true)
    #expect(try writing(1) == .staleMetadataKey)
    try renew(story.dev, 2)
    #expect(try writing(2) == nil && !has(story.eve) && story.item(connector)?.metadataKey.key.count == 2)
    // eve keeps the data key until somebody leaves her out.
    #expect(story.holders(of: connector) == [story.dev.id, story.eve.id])
    let again = end.adding(milliseconds: 60_000)
    try story.add(.connectorShare, story.dev) {
      story.share(&$0, connector, story.eve, metadata: 2)
      $0.set(.until, again)
    }
    #expect(try has(story.eve) && story.isStale(connector, for: story.ada) == false)
  }

  @Test func `who makes a new one has the right to it, by an admin's time and not by their own clock`() throws {
    story.time = end
    try story.add(.logVerify, story.ada) { $0.set(.size, 1) }
    // eve's grant has ended: she would know the key that she makes, and could read the next text.
    story.time = end.adding(milliseconds: -1)
    #expect(try story.breaks(.connectorRenew, story.eve) { story.renewal(&$0, connector, 2) } == .notAHolder)
    #expect(try story.breaks(.connectorRenew, story.dev) { story.renewal(&$0, connector, 2) } == nil)
  }
}
