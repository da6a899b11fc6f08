/// A C2SP signed note: text that ends in LF, a blank line, then signature lines.
public struct SignedNote: Equatable, Sendable {
  package static let limit = 1 << 20

  /// The signed text, its last LF included.
  public let text: [UInt8]
  /// The signature lines. They were parsed, not verified.
  public let signatures: [NoteSignature]

  package init(text: [UInt8], signatures: [NoteSignature]) { (self.text, self.signatures) = (text, signatures) }

  /// Parses a note strictly: the result formats back to the same bytes.
  package init?(parsing bytes: [UInt8]) {
    guard bytes.count <= Self.limit, let end = Self.endOfText(bytes),
      let text = String(validating: bytes[..<end], as: UTF8.self),
      text.utf8.allSatisfy({ ($0 >= 0x20 && $0 != 0x7f) || $0 == 0x0a }),
      let signatures = NoteSignature.lines(bytes[(end + 1)...])
    else { return nil }
    self.init(text: Array(bytes[..<end]), signatures: signatures)
  }

  /// The whole note.
  public var bytes: [UInt8] { text + [0x0a] + signatures.flatMap(\.bytes) }

  /// The end of the text: the index after the LF before the last blank line. The text may have other blank lines;
  /// signature lines are never blank.
  private static func endOfText(_ bytes: [UInt8]) -> Int? {
    var place = bytes.count - 1
    while place > 0 {
      if bytes[place] == 0x0a, bytes[place - 1] == 0x0a { return place }
      place -= 1
    }
    return nil
  }
}
