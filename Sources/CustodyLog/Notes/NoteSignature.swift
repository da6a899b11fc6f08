internal import CustodyCrypto
internal import CustodyValues

/// One signature line: `— NAME BASE64(key ID, signature)`.
public struct NoteSignature: Equatable, Sendable {
  /// Of lines in one note. More than anyone needs, few enough to bound the work.
  public static let limit = 16
  private static let dash: [UInt8] = [0xe2, 0x80, 0x94, 0x20]

  public let name: String
  public let keyID: UInt32
  public let signature: [UInt8]

  package init(name: String, keyID: UInt32, signature: [UInt8]) {
    (self.name, self.keyID, self.signature) = (name, keyID, signature)
  }

  public static func == (one: NoteSignature, other: NoteSignature) -> Bool {
    one.keyID == other.keyID && one.signature == other.signature && one.name.hasSameBytes(as: other.name)
  }

  public var bytes: [UInt8] {
    let id = (0..<4).map { UInt8(truncatingIfNeeded: keyID >> UInt32(24 - 8 * $0)) }
    return Self.dash + Array(name.utf8) + [0x20] + Base64.encode(id + signature) + [0x0a]
  }

  /// One to sixteen lines, no two alike, and nothing else.
  static func lines(_ bytes: ArraySlice<UInt8>) -> [NoteSignature]? {
    var rest = bytes
    var lines: [NoteSignature] = []
    while !rest.isEmpty {
      guard lines.count < limit, let end = rest.firstIndex(of: 0x0a), let line = NoteSignature(parsing: rest[..<end]),
        !lines.contains(line)
      else { return nil }
      lines.append(line)
      rest = rest[(end + 1)...]
    }
    return lines.isEmpty ? nil : lines
  }

  /// The first line, whatever stands behind it.
  static func first(_ bytes: ArraySlice<UInt8>) -> NoteSignature? {
    bytes.firstIndex(of: 0x0a).flatMap { NoteSignature(parsing: bytes[..<$0]) }
  }

  private init?(parsing line: ArraySlice<UInt8>) {
    guard line.starts(with: Self.dash) else { return nil }
    let words = line.dropFirst(Self.dash.count)
    guard let space = words.firstIndex(of: 0x20), Self.isValid(name: words[..<space]),
      let decoded = Base64.decode(words[(space + 1)...]), decoded.count > 4
    else { return nil }
    self.init(
      name: String(decoding: words[..<space], as: UTF8.self),
      keyID: decoded[..<4].reduce(0) { $0 << 8 | UInt32($1) }, signature: Array(decoded[4...]))
  }

  /// A key's name has no Unicode space, no plus and no control character.
  static func isValid(name: some Collection<UInt8>) -> Bool {
    if name.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x2b }) { return !name.isEmpty }
    guard !name.isEmpty, let text = String(validating: name, as: UTF8.self) else { return false }
    return text.unicodeScalars.allSatisfy {
      !$0.properties.isWhitespace && $0 != "+" && $0.properties.generalCategory != .control
    }
  }
}
