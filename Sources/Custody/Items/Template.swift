package import CustodySecrets
internal import CustodyValues

/// A file with references in it: `custody://contoso/crm-sync/access-token`, or, if other text follows directly,
/// `{{custody://contoso/crm-sync/access-token}}`. All other bytes are copied; they need not be text.
///
/// A reference begins at `custody://` and extends over ASCII letters, digits, `.`, `_`, `-` and `/`. Those must form a
/// whole reference; a malformed reference is an error.
package struct Template: Sendable {
  /// A position to show to a person. Line and column count from 1, the column in bytes.
  package struct Place: Hashable, Sendable {
    package let line: Int
    package let column: Int
  }

  /// A malformed reference at this offset.
  package struct Malformed: Error, Hashable, Sendable {
    package let offset: Int
    /// The malformed text, or the beginning of it.
    package let text: String

    fileprivate init(offset: Int, _ bytes: ArraySlice<UInt8>) {
      self.offset = offset
      text = String(decoding: bytes.prefix(200), as: UTF8.self)
    }
  }

  /// One use of a value: its range in the template, and the index of its reference.
  private struct Use {
    let range: Range<Int>
    let reference: Int
  }

  package static let limit = 64 << 20
  private static let scheme = Array("custody://".utf8)

  private let bytes: [UInt8]
  private var uses: [Use] = []
  /// The references, each once, with the offset of its first use.
  package private(set) var references: [(reference: Reference, offset: Int)] = []
  package var useCount: Int { uses.count }

  package init(_ bytes: [UInt8]) throws(Malformed) {
    self.bytes = bytes
    var known: [Reference: Int] = [:]
    var spelled: [ArraySlice<UInt8>: Int] = [:]
    var position = 0
    while let start = Self.next(in: bytes, from: position) {
      let end = bytes[(start + Self.scheme.count)...].firstIndex { !Self.isPart($0) } ?? bytes.count
      let text = bytes[start..<end]
      // Each spelling is parsed only once.
      let number: Int
      if let before = spelled[text] {
        number = before
      } else {
        guard let reference = Self.reference(text.dropFirst(Self.scheme.count)) else {
          throw Malformed(offset: start, text)
        }
        number = known[reference] ?? references.count
        if number == references.count { references.append((reference, start)) }
        known[reference] = number
        spelled[text] = number
      }
      let range = try Self.braced(start..<end, in: bytes, from: position)
      uses.append(Use(range: range, reference: number))
      position = range.upperBound
    }
  }

  /// Writes the filled text in pieces: the template's own bytes to `open`, and values to `secret`.
  package func fill(
    _ values: [SecretBox], open: (ArraySlice<UInt8>) throws -> Void, secret: (borrowing SecureBytes) throws -> Void
  ) throws {
    var position = 0
    for use in uses {
      if position < use.range.lowerBound { try open(bytes[position..<use.range.lowerBound]) }
      try secret(values[use.reference].bytes)
      position = use.range.upperBound
    }
    if position < bytes.count { try open(bytes[position...]) }
  }

  package func place(of offset: Int) -> Place { Self.place(of: offset, in: bytes) }

  package static func place(of offset: Int, in bytes: [UInt8]) -> Place {
    let before = bytes[..<min(offset, bytes.count)]
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    return Place(line: before.count { $0 == 0x0A } + 1, column: offset - lineStart + 1)
  }

  private static func next(in bytes: [UInt8], from start: Int) -> Int? {
    var position = start
    while position + scheme.count <= bytes.count {
      guard let found = bytes[position...].firstIndex(of: scheme[0]) else { return nil }
      if bytes[found...].starts(with: scheme) { return found }
      position = found + 1
    }
    return nil
  }

  private static func reference(_ text: ArraySlice<UInt8>) -> Reference? {
    let parts = text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard let field = parts.last else { return nil }
    return Reference(item: parts.dropLast(), field: field)
  }

  /// Extends the range over double braces and the spaces within them, if both pairs are present. An opening pair alone
  /// is malformed.
  private static func braced(
    _ range: Range<Int>, in bytes: [UInt8], from start: Int
  ) throws(Malformed) -> Range<Int> {
    var (lower, upper) = (range.lowerBound, range.upperBound)
    while lower > start, bytes[lower - 1] == 0x20 { lower -= 1 }
    while upper < bytes.count, bytes[upper] == 0x20 { upper += 1 }
    let opens = lower - 2 >= start && bytes[lower - 1] == UInt8(ascii: "{") && bytes[lower - 2] == UInt8(ascii: "{")
    let closes = upper + 1 < bytes.count && bytes[upper] == UInt8(ascii: "}") && bytes[upper + 1] == UInt8(ascii: "}")
    guard opens else { return range }
    guard closes else {
      throw Malformed(offset: range.lowerBound, bytes[lower - 2..<range.upperBound])
    }
    return lower - 2..<upper + 2
  }

  private static func isPart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: "/"):
      true
    default: false
    }
  }
}
