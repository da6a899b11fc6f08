/// Just enough of Swift's grammar to count braces: which characters are code, and which are comment or string.
struct SwiftText {
  /// The text with comments and string contents blanked, line for line as it was.
  let code: String
  /// The text of its strings, each on lines of its own. `_` stands for an interpolated value.
  let strings: [Substring]

  init(_ text: String) {
    var scanner = Scanner(text)
    scanner.scanCode(until: nil)
    code = String(decoding: scanner.kept, as: UTF8.self)
    strings = String(decoding: scanner.said, as: UTF8.self).split(separator: "\n")
  }

  struct Function: Equatable {
    let name: String
    let line: Int
    let length: Int
  }

  /// Functions, initialisers and subscripts that have a body, with the lines from their first to their closing brace.
  var functions: [Function] {
    let bytes = [UInt8](code.utf8)
    var (found, line, index, previous) = ([Function](), 1, 0, UInt8(0))
    while index < bytes.count {
      guard Self.isWord(bytes[index]) else {
        if bytes[index] == UInt8(ascii: "\n") { line += 1 }
        if bytes[index] > 0x20 { previous = bytes[index] }
        index += 1
        continue
      }
      let start = index
      while index < bytes.count, Self.isWord(bytes[index]) { index += 1 }
      let word = String(decoding: bytes[start..<index], as: UTF8.self)
      let declares = ["func", "init", "deinit", "subscript"].contains(word) && previous != UInt8(ascii: ".")
      if declares, let lines = Self.body(bytes, from: index) {
        let rest = bytes[index...].drop { $0 == 0x20 }.prefix { Self.isWord($0) }
        found.append(
          Function(name: rest.isEmpty ? word : String(decoding: rest, as: UTF8.self), line: line, length: lines))
      }
      previous = bytes[index - 1]
    }
    return found
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    byte == 0x5F || byte >= 0x80 || (48...57).contains(byte) || (65...90).contains(byte)
      || (97...122).contains(byte)
  }

  /// The lines up to the brace that closes the body; nil where none begins before the declaration ends.
  private static func body(_ bytes: [UInt8], from start: Int) -> Int? {
    var (depth, parentheses, lines, lastSeen) = (0, 0, 1, UInt8(0))
    for byte in bytes[start...] {
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"): parentheses -= 1
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"):
        depth -= 1
        if depth < 0 { return nil }
        if depth == 0, parentheses == 0 { return lines }
      case UInt8(ascii: "\n"):
        lines += 1
        // A requirement of a protocol: the next declaration starts where its line ended.
        if depth == 0, parentheses == 0, lastSeen == UInt8(ascii: "\n") { return nil }
      default: break
      }
      if byte != 0x20 { lastSeen = byte }
      if parentheses < 0 { return nil }
    }
    return nil
  }
}

/// Walks through the text once and copies what is code.
private struct Scanner {
  private let bytes: [UInt8]
  private var index = 0
  private(set) var kept: [UInt8] = []
  /// The text of the strings found so far.
  private(set) var said: [UInt8] = []

  init(_ text: String) { bytes = [UInt8](text.utf8) }

  private func starts(with text: String) -> Bool { bytes[index...].starts(with: text.utf8) }

  private mutating func keep() {
    kept.append(bytes[index])
    index += 1
  }

  private mutating func blank(_ count: Int = 1) {
    for _ in 0..<count where index < bytes.count {
      kept.append(bytes[index] == UInt8(ascii: "\n") ? bytes[index] : UInt8(ascii: " "))
      index += 1
    }
  }

  /// Up to the parenthesis that closes an interpolation, or to the end.
  mutating func scanCode(until closing: UInt8?) {
    var depth = 0
    while index < bytes.count {
      if starts(with: "//") {
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { blank() }
      } else if starts(with: "/*") {
        skipComment()
      } else if bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "#") {
        scanString()
      } else if bytes[index] == UInt8(ascii: "`") {
        // A name in backticks may hold anything, quotes and braces too.
        blank()
        while index < bytes.count, bytes[index] != UInt8(ascii: "`") { blank() }
        blank()
      } else {
        if bytes[index] == UInt8(ascii: "(") { depth += 1 }
        if bytes[index] == closing {
          if depth == 0 { return blank() }
          depth -= 1
        }
        keep()
      }
    }
  }

  private mutating func skipComment() {
    var depth = 0
    repeat {
      if starts(with: "/*") {
        depth += 1
      } else if starts(with: "*/") {
        depth -= 1
      } else {
        blank()
        continue
      }
      blank(2)
    } while depth > 0 && index < bytes.count
  }

  private mutating func scanString() {
    let hashes = bytes[index...].prefix { $0 == UInt8(ascii: "#") }.count
    let rest = bytes[(index + hashes)...]
    guard rest.first == UInt8(ascii: "\"") else { return (0..<hashes).forEach { _ in keep() } }
    let quotes = rest.starts(with: "\"\"\"".utf8) ? "\"\"\"" : "\""
    let marks = String(repeating: "#", count: hashes)
    blank(hashes + quotes.count)
    // A string within a string stands behind the whole of it.
    var own: [UInt8] = []
    while index < bytes.count, !starts(with: quotes + marks) {
      if starts(with: "\\" + marks + "(") {
        own.append(UInt8(ascii: "_"))
        blank(2 + hashes)
        scanCode(until: UInt8(ascii: ")"))
      } else if starts(with: "\\" + marks) {
        blank(2 + hashes)
      } else {
        own.append(bytes[index])
        blank()
      }
    }
    said += own + [UInt8(ascii: "\n")]
    blank(quotes.count + hashes)
  }
}
