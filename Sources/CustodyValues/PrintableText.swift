/// Makes text from outside fit for a terminal, a table or a log: nothing in it can move the cursor, hide or reorder
/// text.
package enum PrintableText {
  /// Escapes control, bidirectional, invisible and separator characters as `\u{1B}`, and bytes that are not UTF-8 as
  /// `\x{FF}`.
  package static func escape(_ text: String) -> String {
    if isClean(text) { return text }
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { append(scalar, to: &shown) }
    return String(shown)
  }

  package static func escape(bytes: some Sequence<UInt8>) -> String {
    let bytes = [UInt8](bytes)
    var (shown, parser, source, position) = (String.UnicodeScalarView(), UTF8.ForwardParser(), bytes.makeIterator(), 0)
    while true {
      switch parser.parseScalar(from: &source) {
      case .valid(let encoded):
        append(UTF8.decode(encoded), to: &shown)
        position += encoded.count
      case .error(let length):
        for byte in bytes[position..<position + length] {
          shown.append(contentsOf: "\\x{\(hex(UInt32(byte)))}".unicodeScalars)
        }
        position += length
      case .emptyInput:
        return String(shown)
      }
    }
  }

  /// Quotes somebody else's words: on one line, at most 400 characters, between quotes that they can't end. Runs of
  /// spaces become one, because they could push words to the beginning of a terminal's line.
  package static func quote(_ text: String) -> String {
    var words = ""
    for character in escape(text).prefix(2 * mostQuoted) where character != " " || words.last != " " {
      words.append(character == "\"" ? "'" : character)
    }
    return "\"\(words.prefix(mostQuoted))\(words.count > mostQuoted ? "…" : "")\""
  }

  private static let mostQuoted = 400

  /// True if `escape` would change nothing. Names are refused otherwise.
  package static func isClean(_ text: String) -> Bool { text.unicodeScalars.allSatisfy { !isUnfit($0) } }

  /// The columns that escaped text takes on a terminal.
  package static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + width($1) }
  }

  private static func append(_ scalar: Unicode.Scalar, to shown: inout String.UnicodeScalarView) {
    if isUnfit(scalar) {
      shown.append(contentsOf: "\\u{\(hex(scalar.value))}".unicodeScalars)
    } else {
      shown.append(scalar)
    }
  }

  private static func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return digits.count < 2 ? "0" + digits : digits
  }

  private static func isUnfit(_ scalar: Unicode.Scalar) -> Bool {
    if (0x20...0x7E).contains(scalar.value) { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: return true
    // Invisible characters, except the sixteen variation selectors, which choose how the character before them is
    // drawn.
    default: return scalar.properties.isDefaultIgnorableCodePoint && !(0xFE00...0xFE0F).contains(scalar.value)
    }
  }

  /// Unicode's East Asian wide and full-width blocks, roughly. An error of a column only bends a table.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x25FD...0x25FE, 0x2614...0x2615,
    0x2648...0x2653, 0x26AA...0x26AB, 0x2705...0x2705, 0x270A...0x270B, 0x2728...0x2728, 0x274C...0x274C,
    0x2753...0x2755, 0x2795...0x2797, 0x2B1B...0x2B1C, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF,
    0x4E00...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60,
    0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    if (0x20...0x7E).contains(scalar.value) { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: return wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }
  }
}
