import CustodyLog
import CustodyValues
import CustodyTesting
import Testing

/// The grammar: an entry is read as exactly what was signed, and anything else is refused.
struct EntryTests {
  let story: Story
  let entry: Entry

  init() throws {
    let story = try Story()
    self.story = story
    let (_, token) = try story.furnish()
    entry = try story.entry(.tokenShare, story.ada) {
      story.share(&$0, token, story.dev)
      $0.set(.until, Timestamp(milliseconds: 1_830_000_000_000))
    }
  }

  private func parse(_ change: (String) -> String) -> EntryError? {
    do { _ = try Entry(parsing: Array(change(String(decoding: entry.bytes, as: UTF8.self)).utf8)) } catch {
      return error
    }
    return nil
  }

  @Test func `an entry comes back as it was`() throws {
    let back = try Entry(parsing: entry.bytes)
    #expect(back.bytes == entry.bytes)
    #expect(back.action == .tokenShare)
    #expect(back.identifier(.to) == story.dev.id)
    #expect(back.time(.until)?.milliseconds == 1_830_000_000_000)
    #expect(back.isSigned(by: story.ada.keys.entries.bytes))
    #expect(!back.isSigned(by: story.dev.keys.entries.bytes))
  }

  @Test func `every flipped bit is refused, or no longer signed`() throws {
    for place in 0..<(entry.bytes.count * 8) {
      var bytes = entry.bytes
      bytes[place / 8] ^= 1 << UInt8(place % 8)
      guard let changed = try? Entry(parsing: bytes) else { continue }
      #expect(!changed.isSigned(by: story.ada.keys.entries.bytes), "bit \(place)")
    }
  }

  @Test func `an unknown version or action can't be attested`() {
    #expect(parse { $0.replacing("custody-entry/v1", with: "custody-entry/v2") } == .unknownVersion)
    #expect(parse { $0.replacing("action token.share", with: "action token.give") } == .unknownAction)
  }

  @Test func `headers are there, in order, and canonical`() {
    #expect(parse { $0.replacing("log custody.local", with: "log  custody.local") } == .malformedLine("log"))
    #expect(parse { $0.replacing("\nseq ", with: "\nseq 0") } == .malformedLine("seq"))
    #expect(parse { $0.replacing("outcome ok", with: "outcome fine") } == .malformedLine("outcome"))
    #expect(parse { $0.replacing("actor ", with: "actor A") } == .malformedLine("actor"))
    #expect(parse { $0.replacing("\nseen ", with: "\nseen x") } == .malformedLine("seen"))
    #expect(parse { $0.replacing("\ntime ", with: "\nwhen ") } == .malformedLine("time"))
  }

  @Test func `details are those of the action, each once, in order`() {
    #expect(parse { $0.replacing("\nto ", with: "\nwhom ") } == .unknownDetail)
    #expect(parse { $0.replacing("revision 1\n", with: "") } == .missing(.revision))
    #expect(parse { $0.replacing("revision 1\n", with: "revision 1\nrevision 1\n") } == .outOfOrder(.revision))
    #expect(parse { $0.replacing("revision 1\n", with: "revision 1\nrole admin\n") } == .notAllowed(.role))
    #expect(parse { $0.replacing("revision 1\n", with: "revision 01\n") } == .malformed(.revision))
    let reason = "reason-sha256 \(String(repeating: "A", count: 43))=\nrevision 1\n"
    #expect(parse { $0.replacing("revision 1\n", with: reason) } == .missing(.sealedReasonSHA256))
    #expect(parse { $0.replacing("until 2", with: "until +2") } == .malformed(.until))
  }

  @Test func `line ends, marks and control characters are refused`() {
    #expect(parse { $0.replacing("revision 1\n", with: "revision 1\r\n") } == .malformed(.revision))
    #expect(parse { "\u{feff}" + $0 } == .unknownVersion)
    #expect(parse { $0 + "\n" } == .malformedNote)
    #expect(parse { String($0.dropLast()) } == .malformedNote)
    #expect(parse { $0 + $0 } != nil)
    #expect(parse { _ in "" } == .malformedNote)
  }

  @Test func `an entry of more than 16 KiB is refused`() {
    #expect(parse { $0 + String(repeating: "x", count: Entry.limit) } == .tooLong)
  }

  @Test func `two signatures are not one author's`() throws {
    let line = try #require(String(decoding: entry.bytes, as: UTF8.self).split(separator: "\n").last)
    let other = line.dropLast(8) + "AAAAAA=="
    let doubled = try? Entry(parsing: entry.bytes + Array("\(other)\n".utf8))
    #expect(doubled?.isSigned(by: story.ada.keys.entries.bytes) != true)
  }

  @Test(arguments: Action.allCases) func `every action has signers, and its details have a syntax`(action: Action) {
    #expect(!action.rule.signers.isEmpty)
    #expect(Set(action.rule.required).isDisjoint(with: action.rule.optional))
  }

  @Test func `detail keys are declared in byte order`() {
    let names = DetailKey.allCases.map { Array($0.rawValue.utf8) }
    for (one, next) in zip(names, names.dropFirst()) { #expect(one.lexicographicallyPrecedes(next)) }
  }

  @Test(arguments: ["ada", "a", "0", "a.b-c_d", String(repeating: "a", count: 64)]) func `names that are names`(
    name: String
  ) {
    #expect(Name.isValid(name.utf8))
  }

  @Test(arguments: ["", "A", ".a", "-a", "a b", "a\u{301}", "аda", "a\n", String(repeating: "a", count: 65)])
  func `names that could look like another are none`(name: String) { #expect(!Name.isValid(name.utf8)) }
}
