import CustodyJSON
import CustodyValues
import Testing

@Suite struct JSONStrictnessTests {
  static let refused: [(text: [UInt8], reason: JSONError.Reason)] = [
    // The same key by its bytes, by an escape, and deeper down.
    (Array(#"{"access_token":"A","access_token":"B"}"#.utf8), .duplicateKey),
    (Array(#"{"access_token":"A","access\u005ftoken":"B"}"#.utf8), .duplicateKey),
    (Array(#"{"a":[{"b":1,"c":2,"b":1}]}"#.utf8), .duplicateKey),
    (Array(#"{"😀":1,"\ud83d\ude00":2}"#.utf8), .duplicateKey),
    ([0xEF, 0xBB, 0xBF, 0x7B, 0x7D], .byteOrderMark),
    (Array("{} x".utf8), .trailingBytes),
    (Array("{}{}".utf8), .trailingBytes),
    (Array("{}\0".utf8), .trailingBytes),
    (Array(#"{"a":1,}"#.utf8), .syntax),
    (Array("[1,]".utf8), .syntax),
    (Array("[01]".utf8), .syntax),
    (Array("[+1]".utf8), .syntax),
    (Array("[1.]".utf8), .syntax),
    (Array("[NaN]".utf8), .syntax),
    (Array("['a']".utf8), .syntax),
    (Array("[\"a\nb\"]".utf8), .syntax),
    (Array("[\"\\x41\"]".utf8), .syntax),
    (Array("\"\\u12".utf8), .syntax),
    (Array("".utf8), .syntax),
    (Array("  ".utf8), .syntax),
    (Array(#"["\ud800"]"#.utf8), .loneSurrogate),
    (Array(#"["\udc00"]"#.utf8), .loneSurrogate),
    (Array(#"["\ud800\ud800"]"#.utf8), .loneSurrogate),
    (Array(#"["\ud800\n"]"#.utf8), .loneSurrogate),
    ([0x22, 0xFF, 0x22], .invalidUTF8),
    ([0x22, 0xC0, 0xAF, 0x22], .invalidUTF8),
    ([0x22, 0xED, 0xA0, 0x80, 0x22], .invalidUTF8),
    ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], .invalidUTF8),
    ([0x22, 0xE2, 0x82], .invalidUTF8),
  ]

  @Test(arguments: refused.indices)
  func `what JSON does not allow is refused with its reason`(index: Int) throws {
    let (text, reason) = Self.refused[index]
    let (open, secret) = try judge(text)
    #expect(open?.reason == reason)
    #expect(secret?.reason == reason)
  }

  @Test func `two spellings of é are two keys`() throws {
    let value = try JSONValue(parsing: "{\"caf\u{E9}\":1,\"cafe\u{301}\":2}")
    #expect(value["caf\u{E9}"]?.integer == 1)
    #expect(value["cafe\u{301}"]?.integer == 2)
  }

  @Test func `nesting is allowed to 64 levels and no further`() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    #expect(try judge(nested(64)).open == nil)
    #expect(try judge(nested(64)).secret == nil)
    for depth in [65, 100_000] {
      #expect(try judge(nested(depth)).open?.reason == .tooDeep)
      #expect(try judge(nested(depth)).secret?.reason == .tooDeep)
    }
    #expect(try judge(Array(String(repeating: #"{"a":"#, count: 100_000).utf8)).secret?.reason == .tooDeep)
  }

  @Test func `an error says where`() throws {
    #expect(try judge(Array(#"{"a":1,"a":2}"#.utf8)).open?.offset == 7)
    #expect(try judge(Array("[1, x]".utf8)).open?.offset == 4)
  }
}
