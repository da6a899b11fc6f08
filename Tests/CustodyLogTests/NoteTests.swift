import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// JSONSerialization's numbers.
protocol NSNumberLike { var uint64: UInt64 { get } }
extension NSNumber: NSNumberLike { var uint64: UInt64 { uint64Value } }

struct NoteVectorTests {
  @Test func `signed notes with their verdicts, a real checkpoint of sum.golang.org among them`() throws {
    let file = try #require(try Vectors.json("signed-notes") as? [String: Any])
    let notes = try #require(file["notes"] as? [[String: Any]])
    #expect(notes.count == 8)
    for vector in notes {
      let bytes = Array(vector.text("note").utf8)
      let keys = (vector["vkeys"] as? [String] ?? []).compactMap { VerifierKey(parsing: $0) }
      #expect(keys.count == (vector["vkeys"] as? [String])?.count)
      let note = SignedNote(parsing: bytes)
      let holds = note.map { note in keys.allSatisfy { $0.verify(note) } } ?? false
      #expect(holds == (vector["valid"] as? Bool ?? false), "\(vector.text("name"))")
      if let note { #expect(note.bytes == bytes) }
    }
  }
}

/// Malformed notes, one by one.
struct NoteTests {
  private let line = "— example.com/key " + Data(repeating: 7, count: 68).base64EncodedString()

  @Test func `a note comes back as it was`() throws {
    let bytes = Array("one\ntwo é\n\n\(line)\n".utf8)
    let note = try #require(SignedNote(parsing: bytes))
    #expect(note.bytes == bytes)
    #expect(note.signatures.map(\.name) == ["example.com/key"])
  }

  @Test(arguments: [
    "", "\n", "\n\n", "text\n", "text\n\n", "text\n\nLINE", "text\nLINE\n", "text\r\n\nLINE\n", "te\u{0}xt\n\nLINE\n",
    "te\u{7f}xt\n\nLINE\n",
    "text\n\nLINE\nmore\n", "text\n\nLINE\nLINE\n", "text\n\n— example.com/key\n", "text\n\n— a+b QUJDREVG\n",
    "text\n\n— a b QUJDREVG\n", "text\n\n- example.com/key QUJDREVG\n", "text\n\n— example.com/key QUJDREV=\n",
    "text\n\n— example.com/key QUJD\n", "text\n\n— example.com/key QUJDREVH \n", "text\n\n—  QUJDREVG\n",
  ])
  func `what is not a note is refused`(text: String) {
    let bytes = Array(text.replacingOccurrences(of: "LINE", with: line).utf8)
    #expect(SignedNote(parsing: bytes) == nil)
  }

  @Test func `every cut of a note is refused`() {
    let bytes = Array("one\ntwo\n\n\(line)\n".utf8)
    for count in bytes.indices { #expect(SignedNote(parsing: Array(bytes[..<count])) == nil, "\(count)") }
  }

  @Test func `a note holds at most 1 MiB`() {
    let rest = Array("\n\n\(line)\n".utf8)
    let longest = [UInt8](repeating: 0x61, count: SignedNote.limit - rest.count)
    #expect(SignedNote(parsing: longest + rest)?.text.count == longest.count + 1)
    #expect(SignedNote(parsing: [0x61] + longest + rest) == nil)
  }

  /// A note may turn text round and have blank lines; an entry of ours may not.
  @Test(arguments: ["a\u{202e}b\n", "a\n\n\nb\n", "\u{feff}a\n", "— example.com/key QUJDREVG\n\ntext\n", "\n"])
  func `what C2SP allows is read, and comes back as it was`(text: String) throws {
    let bytes = Array("\(text)\n\(line)\n".utf8)
    let note = try #require(SignedNote(parsing: bytes))
    #expect(note.text == Array(text.utf8))
    #expect(note.bytes == bytes)
    #expect(throws: EntryError.self) { try Entry(parsing: bytes) }
  }

  @Test(arguments: ["a\u{a0}b", "a\u{2003}b", "a\u{2028}b", "a\u{85}b", "a\u{3000}b", "a\u{7f}b", "a\u{9}b", ""])
  func `a key's name has no space of any kind`(name: String) {
    #expect(SignedNote(parsing: Array("text\n\n— \(name) QUJDREVG\n".utf8)) == nil)
    #expect(SignedNote(parsing: Array("text\n\n— näme QUJDREVG\n".utf8)) != nil)
  }

  @Test func `bytes that are not UTF-8, and more than sixteen signatures, are refused`() {
    #expect(SignedNote(parsing: [0x61, 0xff, 0x0a, 0x0a] + Array("\(line)\n".utf8)) == nil)
    let lines = (0..<17).map { number in
      "— k\(number) " + Data(repeating: UInt8(number), count: 68).base64EncodedString() + "\n"
    }
    #expect(SignedNote(parsing: Array(("t\n\n" + lines.prefix(16).joined()).utf8)) != nil)
    #expect(SignedNote(parsing: Array(("t\n\n" + lines.joined()).utf8)) == nil)
  }

  @Test(arguments: [
    "example.com/log\n1\nROOT\n\nextension\n", "example.com/log\n01\nROOT\n", "example.com/log\n+1\nROOT\n",
    "example.com/log\n1\nROOT", "example.com/log\n1\nROOT\nextra\n", "\n1\nROOT\n", "exa mple\n1\nROOT\n",
    "a+b\n1\nROOT\n",
    "custody-entry/v1\n1\nROOT\n", "cosignature/v1\n1\nROOT\n", "custody-request/v1\n1\nROOT\n",
    "example.com/log\n1\nAAAA\n",
    "exämple\n1\nROOT\n", "example.com/log\n18446744073709551616\nROOT\n",
  ])
  func `what is not a checkpoint is refused`(text: String) {
    let root = Data(repeating: 3, count: 32).base64EncodedString()
    #expect(Checkpoint(parsing: Array(text.replacingOccurrences(of: "ROOT", with: root).utf8)) == nil)
    #expect(Checkpoint(parsing: Array("example.com/log\n1\n\(root)\n".utf8)) != nil)
  }

  @Test func `decimals have no sign and no leading zero`() {
    for text in ["", "+5", "-1", "007", "1 ", " 1", "1a", "18446744073709551616", "٣"] {
      #expect(Decimal.parse(text.utf8) == nil, "\(text)")
    }
    for value in [0, 1, 10, UInt64.max] { #expect(Decimal.parse(Decimal.format(value)) == value) }
  }

  @Test func `values are escaped where they could look like something else, and in one way`() throws {
    let hostile = "a%b\nc\u{202e}d\u{2028}e\u{85}f\u{feff}g\u{0}h é"
    let escaped = LogValue.escape(Array(hostile.utf8))
    #expect(LogValue.unescape(escaped) == Array(hostile.utf8))
    #expect(!escaped.contains { $0 < 0x20 })
    #expect(String(decoding: escaped, as: UTF8.self).hasPrefix("a%25b%0Ac%E2%80%AEd"))
    for text in ["%41", "%0a", "%", "%4", "%zz", "a\nb", "\u{202e}", "%FF"] {
      #expect(LogValue.unescape(text.utf8) == nil, "\(text)")
    }
    for text in ["", " a", "a "] { #expect(!LogValue.isCanonical(text.utf8)) }
  }
}
