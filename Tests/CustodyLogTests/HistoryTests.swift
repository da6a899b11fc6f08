import CustodyCrypto
import CustodyLog
import CustodyValues
import Testing

/// Each rule of the fold, broken by an entry that its author really signed.
struct HistoryTests {
  let story: Story
  init() throws { story = try Story() }

  private func reveal(_ draft: inout EntryDraft, _ item: Identifier) { story.reveal(&draft, item) }

  @Test func `a proper story folds, and its grants are what was shared`() throws {
    let (_, token) = try story.furnish()
    try story.add(.tokenShare, story.ada) { story.share(&$0, token, story.dev) }
    try story.add(.tokenReveal, story.dev) { reveal(&$0, token) }
    #expect(story.holders(of: token) == [story.ada.id, story.dev.id])
    #expect(story.history.voids == [])
    #expect(story.history.members.count == 3)
  }

  @Test func `what founds a vault stands first, and nothing else does`() throws {
    #expect(
      try story.breaks(.vaultCreate, story.ada) {
        story.person(&$0, story.ada, "x", .admin); $0.set(.auditKey, story.audit)
      }
        == .notTheFirst)
    var fresh = History()
    let first = try story.entry(.memberDeny, story.ada) {
      $0.header.seen = Seen(size: 0, root: MerkleTree.emptyRoot)
      $0.set(.request, story.eve.id)
      $0.set(.requestSHA256, Story.hash)
    }
    #expect(throws: HistoryFault(position: 0, rule: .notTheFirst)) { try fresh.append(first) }
  }

  @Test func `headers: another log, a stranger, a counter, a checkpoint that was never there`() throws {
    let deny: (inout EntryDraft) -> Void = {
      $0.set(.request, Identifier.random()); $0.set(.requestSHA256, Story.hash)
    }
    #expect(
      try story.breaks(.memberDeny, story.ada) {
        deny(&$0); $0.header.origin = "other.example/log"
      } == .unknownActor)
    #expect(try story.breaks(.memberDeny, story.eve) { deny(&$0) } == .unknownActor)
    #expect(
      try story.breaks(.memberDeny, story.ada) {
        deny(&$0); $0.header.seq += 1
      } == .sequence(expected: story.ada.seq + 1))
    #expect(
      try story.breaks(.memberDeny, story.ada) {
        deny(&$0); $0.header.seq -= 1
      } == .sequence(expected: story.ada.seq + 1))
    let size = story.history.size
    #expect(
      try story.breaks(.memberDeny, story.ada) {
        deny(&$0); $0.header.seen = Seen(size: size, root: Story.hash)
      } == .seenUnknown)
    #expect(
      try story.breaks(.memberDeny, story.ada) {
        deny(&$0); $0.header.seen = Seen(size: size + 1, root: Story.hash)
      }
        == .seenUnknown)
    let empty = Seen(size: 0, root: MerkleTree.emptyRoot)
    #expect(
      try story.breaks(.memberDeny, story.ada) {
        deny(&$0); $0.header.seen = empty
      } == .seenUnknown)
  }

  @Test func `an entry in another's name does not hold`() throws {
    let entry = try story.entry(.logVerify, story.dev) { $0.set(.size, 1) }
    var bytes = entry.bytes
    // The actor's line and the signature's name say ada; the key is dev's.
    let (old, new) = (Array(story.dev.id.hex.utf8), Array(story.ada.id.hex.utf8))
    for place in bytes.indices where bytes[place...].starts(with: old) {
      bytes.replaceSubrange(place..<place + 32, with: new)
    }
    let seq = String(story.ada.seq + 1)
    let text = String(decoding: bytes, as: UTF8.self).replacing("seq \(story.dev.seq + 1)\n", with: "seq \(seq)\n")
    let forged = try Entry(parsing: Array(text.utf8))
    var trial = story.history
    #expect(throws: HistoryFault(position: story.history.size, rule: .badSignature)) {
      try trial.append(forged)
    }
  }

  @Test func `roles: each action by who may not sign it`() throws {
    let (connector, token) = try story.furnish()
    #expect(
      try story.breaks(.memberEnroll, story.dev) {
        story.person(&$0, story.eve, "eve", .admin)
        $0.set(.member, story.eve.id)
        $0.set(.requestSHA256, Story.hash)
      } == .roleMayNot(.developer, .memberEnroll))
    #expect(
      try story.breaks(.tokenShare, story.dev) { story.share(&$0, token, story.dev) }
        == .roleMayNot(.developer, .tokenShare))
    #expect(try story.breaks(.tokenReveal, story.audrey) { reveal(&$0, token) } == .roleMayNot(.auditor, .tokenReveal))
    #expect(
      try story.breaks(.connectorShare, story.audrey) { story.share(&$0, connector, story.dev) }
        == .roleMayNot(.auditor, .connectorShare))
    #expect(
      try story.breaks(.tokenStore, story.dev) {
        story.newToken(&$0, .random(), of: connector, tag: 9)
      }
        == .roleMayNot(.developer, .tokenStore))
  }

  @Test func `members: twice, in a taken name, with taken or unusable keys`() throws {
    func enroll(_ who: Story.Person, _ name: String, _ change: (inout EntryDraft) -> Void = { _ in }) throws
      -> HistoryFault.Rule?
    {
      try story.breaks(.memberEnroll, story.ada) {
        story.person(&$0, who, name, .developer)
        $0.set(.member, who.id)
        $0.set(.requestSHA256, Story.hash)
        change(&$0)
      }
    }
    #expect(try enroll(story.dev, "dev2") == .memberTwice)
    #expect(try enroll(story.eve, "dev") == .nameTwice)
    #expect(try enroll(story.eve, "eve") { $0.set(.boxKey, story.dev.keys.box.bytes) } == .keyTwice)
    #expect(try enroll(story.eve, "eve") { $0.set(.cosignKey, story.eve.keys.entries.bytes) } == .keyTwice)
    #expect(
      try enroll(story.eve, "eve") { $0.set(.boxKey, Digest([UInt8](repeating: 0, count: 32)) ?? Story.hash) }
        == .invalidKey)
    #expect(
      try enroll(story.eve, "eve") { $0.set(.signKey, Digest([UInt8](repeating: 0, count: 32)) ?? Story.hash) }
        == .invalidKey)
    #expect(try enroll(story.eve, "eve") == nil)
  }

  @Test func `items: twice, unknown, of the other kind, with a wrong count, of no connector`() throws {
    let (connector, token) = try story.furnish()
    #expect(try story.breaks(.connectorRegister, story.dev) { story.newItem(&$0, connector, tag: 9) } == .itemTwice)
    #expect(try story.breaks(.connectorRegister, story.dev) { story.newItem(&$0, .random(), tag: 1) } == .itemTwice)
    // A tag is of a kind: a connector under a token's tag, or one that comes before it, takes no name from it.
    #expect(try story.breaks(.connectorRegister, story.dev) { story.newItem(&$0, .random(), tag: 2) } == nil)
    #expect(try story.breaks(.tokenReveal, story.ada) { reveal(&$0, .random()) } == .unknownItem)
    #expect(try story.breaks(.tokenReveal, story.dev) { reveal(&$0, connector) } == .wrongKind)
    #expect(
      try story.breaks(.connectorRegister, story.dev) {
        story.newItem(&$0, .random(), tag: 9); $0.set(.revision, 2)
      }
        == .wrongRevision)
    #expect(
      try story.breaks(.connectorRegister, story.dev) {
        story.newItem(&$0, .random(), tag: 9); $0.set(.generation, 2)
      }
        == .wrongGeneration)
    #expect(
      try story.breaks(.tokenStore, story.ada) {
        story.newToken(&$0, .random(), of: token, tag: 9)
      }
        == .unknownConnector)
    #expect(
      try story.breaks(.connectorRegister, story.dev) {
        story.newItem(&$0, .random(), tag: 9)
        $0.set(.metadataGeneration, 2)
      } == .wrongMetadataKey)
  }

  @Test func `grants: to nobody, to an auditor, by who does not hold, of another revision`() throws {
    let (_, token) = try story.furnish()
    #expect(try story.breaks(.tokenShare, story.ada) { story.share(&$0, token, story.eve) } == .unknownRecipient)
    #expect(try story.breaks(.tokenShare, story.ada) { story.share(&$0, token, story.audrey) } == .auditorAsRecipient)
    #expect(try story.breaks(.tokenShare, story.ada) { story.share(&$0, token, story.dev, 2) } == .wrongRevision)
    #expect(try story.breaks(.tokenShare, story.ada) { story.share(&$0, token, story.dev, 1, 2) } == .wrongGeneration)
    #expect(try story.breaks(.tokenReveal, story.dev) { reveal(&$0, token) } == .notAHolder)
    #expect(
      try story.breaks(.tokenUnshare, story.ada) {
        $0.set(.item, token); $0.set(.to, story.dev.id)
      } == .notAGrantee)
    try story.enroll(story.eve, "eve", .admin)
    #expect(try story.breaks(.tokenShare, story.eve) { story.share(&$0, token, story.dev) } == .notAHolder)
    #expect(try story.breaks(.tokenRekey, story.eve) { story.rekeyed(&$0, token, 1, 2) } == .notAHolder)
    #expect(try story.breaks(.tokenConfirm, story.eve) { story.confirmed(&$0, token) } == .notAHolder)
  }

  @Test func `an exchange makes a revision only for a holder, and only the next one`() throws {
    let (_, token) = try story.furnish()
    func exchange(_ draft: inout EntryDraft, _ revision: UInt64) {
      story.values(&draft, token, revision, 1)
      draft.set(.how, "pipe")
    }
    #expect(try story.breaks(.tokenExchange, story.dev) { exchange(&$0, 2) } == .notAHolder)
    try story.add(.tokenShare, story.ada) { story.share(&$0, token, story.dev) }
    #expect(try story.breaks(.tokenExchange, story.dev) { exchange(&$0, 3) } == .wrongRevision)
    #expect(try story.breaks(.tokenExchange, story.dev) { exchange(&$0, 1) } == .wrongRevision)
    try story.add(.tokenExchange, story.dev) { exchange(&$0, 2) }
    #expect(story.history.items[token]?.revision == 2)
  }

  @Test func `an exchange keeps the data key and the value before, and an access token that was kept brings none`()
    throws
  {
    let (_, token) = try story.furnish()
    let before = try #require(story.item(token)).value
    let exchange: (inout EntryDraft, UInt64, UInt64) -> Void = {
      story.values(&$0, token, $1, $2)
      $0.set(.how, "pipe")
    }
    #expect(try story.breaks(.tokenExchange, story.ada) { exchange(&$0, 2, 2) } == .wrongGeneration)
    #expect(
      try story.breaks(.tokenExchange, story.ada) {
        exchange(&$0, 2, 1)
        $0.set(.source, "cache")
      } == .wrongRevision)
    try story.add(.tokenExchange, story.ada) { exchange(&$0, 2, 1) }
    let item = try #require(story.item(token))
    #expect(item.earlier?.value == before && item.earlier?.key == nil && item.generation == 1 && item.expiry == nil)
    #expect(item.value.entry == story.history.size - 1)
  }

  @Test func `a share outlasts no grant of its author's own`() throws {
    let (connector, _) = try story.furnish()
    let end = story.time.adding(milliseconds: 1000)
    try story.enroll(story.eve, "eve", .developer)
    try story.add(.connectorShare, story.dev) {
      story.share(&$0, connector, story.eve)
      $0.set(.until, end)
    }
    #expect(try story.breaks(.connectorShare, story.eve) { story.share(&$0, connector, story.eve) } == .outlastsGrant)
    #expect(
      try story.breaks(.connectorShare, story.eve) {
        story.share(&$0, connector, story.ada)
        $0.set(.until, end.adding(milliseconds: 1))
      } == .outlastsGrant)
    #expect(
      try story.breaks(.connectorShare, story.eve) {
        story.share(&$0, connector, story.ada)
        $0.set(.until, end)
      } == nil)
  }

  @Test func `what is retired is used no more, and its name is free`() throws {
    let (connector, token) = try story.furnish()
    try story.add(.tokenRetire, story.ada) { $0.set(.item, token) }
    #expect(try story.breaks(.tokenReveal, story.ada) { reveal(&$0, token) } == .retired)
    let next = Identifier.random()
    try story.add(.tokenStore, story.ada) {
      story.newToken(&$0, next, of: connector, tag: 2)
    }
    try story.add(.tokenRetire, story.ada) { $0.set(.item, next) }
    try story.add(.connectorRetire, story.dev) { $0.set(.item, connector) }
    #expect(
      try story.breaks(.tokenStore, story.ada) {
        story.newToken(&$0, .random(), of: connector, tag: 3)
      }
        == .unknownConnector)
  }

  @Test func `what was denied names its item and changes nothing, whoever signs it`() throws {
    let (_, token) = try story.furnish()
    try story.add(.tokenReveal, story.audrey) {
      $0.header.outcome = .denied; $0.set(.item, token)
    }
    try story.add(.memberEnroll, story.dev) { $0.header.outcome = .denied }
    #expect(story.history.members.count == 3)
    #expect(throws: EntryError.notAllowed(.how)) {
      try story.entry(.tokenReveal, story.dev) {
        $0.header.outcome = .denied; $0.set(.item, token); $0.set(.how, "pipe")
      }
    }
  }

  @Test func `a checkpoint has the root of its size and a member's signature`() throws {
    var history = story.history
    let checkpoint = Checkpoint(origin: story.origin, size: history.size, root: history.root())
    let key = try story.ada.seed.checkpointKey(in: story.arena)
    let signature = key.sign(checkpoint.text)
    try history.accept(checkpoint, signedBy: story.ada.id, signature)
    func rule(_ checkpoint: Checkpoint, _ signer: Identifier, _ signature: [UInt8]) -> HistoryFault.Rule? {
      do { try history.accept(checkpoint, signedBy: signer, signature) } catch { return error.rule }
      return nil
    }
    var bad = signature
    bad[7] ^= 1
    #expect(rule(checkpoint, story.ada.id, bad) == .checkpointSignature)
    // The signer is a member, but not the one whose transaction it ends.
    #expect(rule(checkpoint, story.dev.id, signature) == .checkpointSigner)
    #expect(rule(checkpoint, story.eve.id, signature) == .checkpointSigner)
    let other = Checkpoint(origin: story.origin, size: history.size, root: Story.hash)
    #expect(rule(other, story.ada.id, key.sign(other.text)) == .checkpointRoot)
    let shorter = Checkpoint(origin: story.origin, size: history.size - 1, root: history.root())
    #expect(rule(shorter, story.ada.id, key.sign(shorter.text)) == .checkpointRoot)
  }
}
