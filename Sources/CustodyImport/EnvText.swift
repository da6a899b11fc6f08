internal import Custody
internal import CustodySecrets
internal import CustodyValues

/// A strict parser of `.env` files: `KEY=value`, `export KEY=value` and comments.
///
/// Text in single quotes is literal. Double quotes allow `\n`, `\r`, `\t`, `\"`, `\\` and `\$`. Nothing is expanded: a
/// `$` or backtick that a shell would expand is an error.
struct EnvText {
  struct Entry {
    let key: String
    let value: Range<Int>
    let escape: SecretPlace.Escape
    let line: Int
  }

  static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09, UInt8(ascii: "\""): UInt8(ascii: "\""),
    UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "$"): UInt8(ascii: "$"),
  ]

  private var position = 0
  private var line = 1
  private(set) var entries: [Entry] = []

  static func read(_ source: borrowing SecureBytes) throws -> [Entry] {
    var text = EnvText()
    if source.hasByteOrderMark { text.position = 3 }
    var lines: [String: Int] = [:]
    while text.position < source.count {
      guard let entry = try text.next(in: source) else { continue }
      if let before = lines.updateValue(entry.line, forKey: entry.key) {
        throw VaultError.malformed("line \(entry.line)", "\(entry.key) stands in line \(before) already")
      }
      text.entries.append(entry)
    }
    return text.entries
  }

  /// Reads the next line. Nil if it is empty or a comment.
  private mutating func next(in source: borrowing SecureBytes) throws -> Entry? {
    skipBlanks(source)
    let start = line
    switch source.byte(at: position) {
    case .none, 0x0A, 0x0D, UInt8(ascii: "#"):
      try endLine(source)
      return nil
    default: break
    }
    var key = word(source)
    if key == "export", source.byte(at: position) == 0x20 {
      skipBlanks(source)
      key = word(source)
    }
    guard let first = key.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= first) else {
      throw malformed("there is no name of a variable")
    }
    guard source.byte(at: position) == UInt8(ascii: "=") else { throw malformed("\(key) has no \"=\" right behind it") }
    position += 1
    let (value, escape) = try value(source)
    try endLine(source)
    return Entry(key: key, value: value, escape: escape, line: start)
  }

  private mutating func value(_ source: borrowing SecureBytes) throws -> (Range<Int>, SecretPlace.Escape) {
    switch source.byte(at: position) {
    case UInt8(ascii: "'"): return (try quoted(UInt8(ascii: "'"), source), .none)
    case UInt8(ascii: "\""): return (try quoted(UInt8(ascii: "\""), source), .env)
    default: return (try unquoted(source), .none)
    }
  }

  private mutating func quoted(_ quote: UInt8, _ source: borrowing SecureBytes) throws -> Range<Int> {
    let opened = line
    position += 1
    let start = position
    while let byte = source.byte(at: position), byte != quote {
      if byte == 0x0A { line += 1 }
      if quote == UInt8(ascii: "\"") {
        try checkExpansion(byte)
        if byte == UInt8(ascii: "\\") {
          guard let letter = source.byte(at: position + 1), Self.escapes[letter] != nil else {
            throw malformed("a backslash stands before something else than n, r, t, \", \\ or $")
          }
          position += 1
        }
      }
      position += 1
    }
    guard source.byte(at: position) == quote else {
      line = opened
      throw malformed("a quote is never closed")
    }
    position += 1
    return start..<position - 1
  }

  private mutating func unquoted(_ source: borrowing SecureBytes) throws -> Range<Int> {
    let start = position
    var end = start
    while let byte = source.byte(at: position), byte != 0x0A, byte != 0x0D {
      let isBlank = byte == 0x20 || byte == 0x09
      if byte == UInt8(ascii: "#"), end < position { break }
      try checkExpansion(byte)
      guard ![UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "\\")].contains(byte) else {
        throw malformed("a quote or a backslash stands within an open value", hint: "put all of it in single quotes")
      }
      position += 1
      if !isBlank { end = position }
    }
    return start..<end
  }

  private func checkExpansion(_ byte: UInt8) throws {
    guard byte == UInt8(ascii: "$") || byte == UInt8(ascii: "`") else { return }
    throw malformed("a $ or a backtick could mean another value", hint: "put the value in single quotes")
  }

  private mutating func word(_ source: borrowing SecureBytes) -> String {
    var word = ""
    while let byte = source.byte(at: position), Self.isNameByte(byte) {
      word.unicodeScalars.append(Unicode.Scalar(byte))
      position += 1
    }
    return word
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private mutating func skipBlanks(_ source: borrowing SecureBytes) {
    while let byte = source.byte(at: position), byte == 0x20 || byte == 0x09 { position += 1 }
  }

  /// Skips blanks, a comment and the line's end. Anything else is an error.
  private mutating func endLine(_ source: borrowing SecureBytes) throws {
    skipBlanks(source)
    if source.byte(at: position) == UInt8(ascii: "#") {
      while let byte = source.byte(at: position), byte != 0x0A { position += 1 }
    }
    if source.byte(at: position) == 0x0D { position += 1 }
    guard let byte = source.byte(at: position) else { return }
    guard byte == 0x0A else { throw malformed("something stands behind the value") }
    position += 1
    line += 1
  }

  private func malformed(_ what: String, hint: Hint? = nil) -> VaultError {
    .malformed("line \(line)", what, hint: hint)
  }
}
