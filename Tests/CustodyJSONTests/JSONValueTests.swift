import CustodyJSON
import CustodyValues
import Foundation
import Testing

@Suite struct JSONValueTests {
  @Test func `keys keep their order, numbers their digits`() throws {
    let text = #"{"z":1,"a":[1.50,-0,1e2,12345678901234567890],"m":{"":null,"b":[true,false]},"e":{},"l":[]}"#
    #expect(try JSONValue(parsing: text).text() == text)
  }

  @Test func `the indented form is what people read`() {
    let value: JSONValue = ["name": "ada", "roles": ["admin", nil], "none": [:], "empty": []]
    #expect(
      value.text(.indented) == """
        {
          "name": "ada",
          "roles": [
            "admin",
            null
          ],
          "none": {},
          "empty": []
        }
        """)
  }

  @Test func `what could rewrite a terminal or a line is escaped`() throws {
    let text = "\u{1B}[2J\u{7F}\u{9B}\u{2028}\u{2029}\u{202E}\u{2066}\u{200F}\u{61C}\u{FEFF}\0"
    let written = JSONValue.string(text).text()
    #expect(written.utf8.allSatisfy { (0x20...0x7E).contains($0) })
    #expect(written.hasPrefix(#""\u001b[2J\u007f\u009b\u2028"#))
    #expect(try JSONValue(parsing: written).string == text)
    #expect(JSONValue.string("a/é😀\"\\\n").text() == #""a/é😀\"\\\n""#)
  }

  @Test func `a key is set, replaced and taken out`() {
    var object: JSONObject = ["a": 1, "b": 2]
    object["a"] = 3
    object["c"] = "x"
    object["b"] = nil as JSONValue?
    #expect(JSONValue.object(object).text() == #"{"a":3,"c":"x"}"#)
    #expect(object.keys == ["a", "c"])
  }

  @Test(arguments: ["", "01", "1.", "+1", "1 ", " 1", "x", "1e", "--1", "\"1\"", "[1]", "0x1"])
  func `text that is no number makes none`(text: String) { #expect(JSONNumber(text) == nil) }

  @Test func `a number that is one is kept as it is`() {
    #expect(JSONNumber("-1.5e+3")?.text == "-1.5e+3")
    #expect(JSONNumber("7")?.integer == 7)
  }

  // Any value is read back the same after writing, by us and by Foundation, in both layouts.
  @Test(arguments: 0..<200) func `parsing undoes writing`(seed: UInt64) throws {
    var chance = Chance(state: seed &+ 1)
    let value = chance.value(depth: 4)
    for layout in [JSONValue.Layout.compact, .indented] {
      let bytes = value.bytes(layout)
      let again = try JSONValue(parsing: bytes)
      #expect(again == value)
      #expect(again.bytes(layout) == bytes)
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed) }
      #expect(try judge(bytes).secret == nil)
    }
  }

  // Cut or changed text never crashes, and both forms say the same of it.
  @Test(arguments: 0..<100) func `both forms agree on damaged text`(seed: UInt64) throws {
    var chance = Chance(state: seed &+ 1000)
    var bytes = chance.value(depth: 3).bytes()
    for _ in 0..<20 {
      bytes[chance.below(bytes.count)] = UInt8(chance.below(256))
      let (open, secret) = try judge(bytes)
      #expect(open == secret)
      let cut = try judge(Array(bytes.prefix(chance.below(bytes.count))))
      #expect(cut.open == cut.secret)
    }
  }
}

/// Values by chance, the same ones for the same seed.
struct Chance {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }

  mutating func text() -> String {
    let scalars: [Unicode.Scalar] = [
      "a", "b", "\"", "\\", "\n", "\u{0}", "é", "\u{301}", "€", "😀", "\u{202E}", "/", "\u{10FFFF}",
    ]
    var text = ""
    for _ in 0..<below(6) { text.unicodeScalars.append(scalars[below(scalars.count)]) }
    return text
  }

  mutating func value(depth: Int) -> JSONValue {
    switch below(depth > 0 ? 8 : 5) {
    case 0: return .null
    case 1: return .bool(below(2) == 0)
    case 2: return .integer(Int64(below(1 << 30)) - 1 << 29)
    case 3, 4: return .string(text())
    case 5: return .array((0..<below(4)).map { _ in value(depth: depth - 1) })
    default:
      var object = JSONObject()
      for _ in 0..<below(5) { object[text()] = value(depth: depth - 1) }
      return .object(object)
    }
  }
}
