import CustodyCrypto
import CustodyLog
import CustodyValues
import Testing

/// Entries that stop the fold: no active member signed them, or this program can't understand them. The state before
/// them stays.
struct StoppedFoldTests {
  let story: Story
  private let (connector, token): (Identifier, Identifier)

  init() throws {
    story = try Story()
    (connector, token) = try story.furnish()
  }

  /// The rule that stops the fold at these bytes, or nil. Also checks that nothing has changed.
  private func stops(_ bytes: [UInt8], _ place: SourceLocation = #_sourceLocation) -> HistoryFault.Rule? {
    var history = story.history
    do throws(HistoryFault) {
      try history.fold(bytes)
      return nil
    } catch {
      #expect(error.position == story.history.size, sourceLocation: place)
      #expect(history.size == story.history.size && history.voids == [], sourceLocation: place)
      #expect(history.tree.root == story.history.tree.root, sourceLocation: place)
      expectAlike(history, story.history, place)
      return error.rule
    }
  }

  private func verified(_ author: Story.Person) throws -> String {
    String(decoding: try story.entry(.logVerify, author) { $0.set(.size, 1) }.text, as: UTF8.self)
  }

  @Test func `shares and registrations in an admin's name with junk signatures are nothing`() throws {
    let share = try story.entry(.tokenShare, story.ada) { story.share(&$0, token, story.dev) }
    let register = try story.entry(.connectorRegister, story.ada) { story.newItem(&$0, .random(), tag: 9) }
    for entry in [share, register] {
      let text = String(decoding: entry.text, as: UTF8.self)
      #expect(stops(try story.signed(text, as: story.ada, by: story.eve)) == .badSignature)
      #expect(stops(try story.signed(text, as: story.ada, by: story.dev)) == .badSignature)
      let line = try #require(entry.signatures.first)
      for signature in [
        [], [0], [UInt8](repeating: 0, count: 64), Array(line.signature.dropLast()), line.signature + [0],
      ] {
        let junk = NoteSignature(name: line.name, keyID: line.keyID, signature: signature)
        #expect(stops(entry.text + [0x0a] + junk.bytes) != nil)
      }
      let other = NoteSignature(name: line.name, keyID: line.keyID ^ 1, signature: line.signature)
      #expect(stops(entry.text + [0x0a] + other.bytes) == .badSignature)
      #expect(stops(entry.text + [0x0a]) == .grammar(.malformedNote))
      #expect(stops(entry.text) == .grammar(.malformedNote))
      #expect(stops(entry.bytes) == nil)
    }
  }

  @Test func `an entry of a stranger, of another log and of who was removed ends the fold`() throws {
    #expect(stops(try story.signed(try verified(story.eve), as: story.eve)) == .unknownActor)
    let text = Array(try verified(story.ada).utf8)
    let key = try story.ada.seed.entryKey(in: story.arena)
    for name in ["other.example/log/" + story.ada.id.hex, story.origin, story.ada.id.hex, story.origin + "/ada"] {
      let line = VerifierKey(name: name, ed25519: key.publicKey).line(signature: key.sign(text))
      #expect(stops(text + [0x0a] + line.bytes) == .unknownActor, "\(name)")
    }
    try story.remove(story.dev)
    #expect(stops(try story.signed(try verified(story.dev), as: story.dev)) == .removedActor)
    #expect(stops(try story.signed("custody-entry/v1\nlog x\n", as: story.dev)) == .removedActor)
  }

  @Test func `an unknown version ends it, whoever signed that and however it goes on`() throws {
    let text = try verified(story.ada)
    for other in ["custody-entry/v2", "custody-entry/v1 ", "custody-entry/v10", "hello"] {
      let changed = text.replacing("custody-entry/v1", with: other)
      #expect(stops(try story.signed(changed, as: story.ada)) == .grammar(.unknownVersion), "\(other)")
    }
    let long = text.replacing("custody-entry/v1", with: "custody-entry/v2") + String(repeating: "x", count: Entry.limit)
    #expect(stops(try story.signed(long + "\n", as: story.ada)) == .grammar(.unknownVersion))
    #expect(stops(Array("custody-entry/v2\n\njunk".utf8)) == .grammar(.unknownVersion))
  }

  @Test func `what is no signed note ends it`() throws {
    let text = try verified(story.ada)
    for bytes in ["", "\n", "\n\n", "junk", text, text + "\n", text + "\njunk\n", text + "\n— \(story.origin) AAAA\n"] {
      #expect(stops(Array(bytes.utf8)) == .grammar(.malformedNote), "\(bytes)")
    }
  }

  @Test func `a signature is checked before anything else that an entry breaks`() throws {
    let forged = try story.signed(
      try verified(story.dev).replacing("action log.verify", with: "action log.sing"), as: story.dev, by: story.eve)
    #expect(stops(forged) == .badSignature)
    let removal = try story.entry(.memberRemove, story.dev) { story.leave(&$0, story.ada) }
    let text = String(decoding: removal.text, as: UTF8.self)
    #expect(stops(try story.signed(text, as: story.dev, by: story.eve)) == .badSignature)
    #expect(stops(removal.bytes) == nil)
  }

  @Test func `the founding entry is never void`() throws {
    let first = story.entries[0]
    let text = String(decoding: try Entry(parsing: first).text, as: UTF8.self)
    func founds(_ bytes: [UInt8]) -> HistoryFault.Rule? {
      var fresh = History()
      do { try fresh.fold(bytes) } catch { return error.rule }
      return nil
    }
    #expect(founds(first) == nil)
    let second = text.replacing("role admin", with: "role auditor")
    #expect(founds(try story.signed(second, as: story.ada)) == .notTheFirst)
    #expect(
      founds(try story.signed(text.replacing("vault.create", with: "vault.found"), as: story.ada))
        == .grammar(.unknownAction))
    #expect(founds(try story.signed(text, as: story.ada, by: story.eve)) == .badSignature)
    #expect(founds(story.entries[1]) == .notTheFirst)
    #expect(story.history.voids.isEmpty)
  }

  @Test func `a check that was put off says what fails and where`() throws {
    let forged = try story.signed(try verified(story.ada), as: story.ada, by: story.eve)
    var (history, checks) = (story.history, [SignatureCheck]())
    try history.fold(forged, attest: { checks.append($0) })
    let check = try #require(checks.first)
    #expect(checks.count == 1 && !check.holds)
    #expect(check.fault == HistoryFault(position: story.history.size, rule: .badSignature))
  }
}
