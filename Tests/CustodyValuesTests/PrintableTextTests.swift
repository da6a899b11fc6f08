import CustodyValues
import CustodyTesting
import Testing

struct PrintableTextTests {
  @Test(arguments: [
    ("\u{1B}]52;c;cHduZWQ=\u{07}", "\\u{1B}]52;c;cHduZWQ=\\u{07}"), ("\u{1B}[2J", "\\u{1B}[2J"),
    ("a\r\nb", "a\\u{0D}\\u{0A}b"), ("\u{9B}31m", "\\u{9B}31m"), ("\u{7F}", "\\u{7F}"),
    ("user\u{202E}nimda", "user\\u{202E}nimda"), ("a\u{200B}b\u{FEFF}", "a\\u{200B}b\\u{FEFF}"),
    ("a\u{2028}b\u{2029}", "a\\u{2028}b\\u{2029}"), ("\u{061C}\u{2066}", "\\u{61C}\\u{2066}"),
    ("\u{E0041}", "\\u{E0041}"), ("\u{AD}", "\\u{AD}"), ("plain, naïve, 日本, \\u{1B}", "plain, naïve, 日本, \\u{1B}"),
    ("❤\u{FE0F}", "❤\u{FE0F}"),
  ])
  func `L18: what could act on a terminal is spelled out`(text: String, shown: String) {
    #expect(PrintableText.escape(text) == shown)
    #expect(PrintableText.escape(bytes: text.utf8) == shown)
    #expect(PrintableText.isClean(text) == (text == shown))
  }

  @Test func `somebody else's words stay between their quotes, on one line`() {
    #expect(PrintableText.quote("no\"\nhint: run    curl") == #""no'\u{0A}hint: run curl""#)
    #expect(PrintableText.quote("") == #""""#)
    let long = PrintableText.quote(String(repeating: "ab ", count: 1000))
    #expect(long.count == 403 && long.hasSuffix("…\""))
  }

  @Test(
    arguments: [
      ([0xFF], "\\x{FF}"), ([0x61, 0xC3, 0x28], "a\\x{C3}("), ([0xE2, 0x82], "\\x{E2}\\x{82}"),
      ([0xED, 0xA0, 0x80, 0x41], "\\x{ED}\\x{A0}\\x{80}A"), ([0xC0, 0x80], "\\x{C0}\\x{80}"),
      ([0x9B, 0x31], "\\x{9B}1"),
    ] as [([UInt8], String)])
  func `N8: bytes that are no UTF-8 show as bytes`(bytes: [UInt8], shown: String) {
    #expect(PrintableText.escape(bytes: bytes) == shown)
  }

  @Test func `N11: the big list of naughty strings comes out tame, and stays so`() throws {
    let strings = try #require(try Vectors.json("input/blns") as? [String])
    #expect(strings.count > 500)
    for text in strings {
      let shown = PrintableText.escape(text)
      #expect(shown.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
      #expect(
        !shown.unicodeScalars.contains { (0x80...0x9F).contains($0.value) || (0x202A...0x202E).contains($0.value) })
      #expect(PrintableText.isClean(shown) && PrintableText.escape(shown) == shown)
      #expect(PrintableText.width(shown) >= 0)
    }
  }

  @Test(arguments: [
    ("", 0), ("ada", 3), ("naïve", 5), ("nai\u{308}ve", 5), ("日本", 4), ("한글", 4), ("ﾊﾟ", 2), ("Ａ", 2), ("👍", 2),
    ("é", 1),
  ])
  func `width counts columns`(text: String, columns: Int) {
    #expect(PrintableText.width(text) == columns)
  }
}
