internal import CustodyCrypto
internal import CustodyValues

/// A signature line of a C2SP signed note: `— NAME BASE64(key ID, signature)`.
public struct NoteSignature: Equatable, Sendable {
  /// Most signature lines in one note: more than anyone needs, few enough to bound a verifier's work.
  public static let limit = 16
  private static let dash: [UInt8] = [0xe2, 0x80, 0x94, 0x20]

  /// Name of the signing key.
  public let name: String
  /// The first 4 bytes, big-endian, of the key's hash: a hint which key of this name signed.
  public let keyID: UInt32
  /// The signature's bytes; for a cosignature, time and signature.
  public let signature: [UInt8]

  package init(name: String, keyID: UInt32, signature: [UInt8]) {
    (self.name, self.keyID, self.signature) = (name, keyID, signature)
  }

  /// Compares key ID, signature, and the name by its bytes: Swift's `==` for strings is too lax.
  public static func == (one: NoteSignature, other: NoteSignature) -> Bool {
    one.keyID == other.keyID && one.signature == other.signature && one.name.hasSameBytes(as: other.name)
  }

  /// The line as it stands in a note, LF included.
  public var bytes: [UInt8] {
    let id = UInt64(keyID).bigEndianBytes(4)
    return Self.dash + Array(name.utf8) + [0x20] + Base64.encode(id + signature) + [0x0a]
  }

  /// Parses one to sixteen different signature lines and nothing else.
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

  /// Parses the first line, and ignores what follows it.
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
      keyID: UInt32(UInt64(bigEndianBytes: decoded[..<4])), signature: Array(decoded[4...]))
  }

  /// True for a key's name: UTF-8, not empty, without Unicode whitespace, plus and control characters.
  static func isValid(name: some Collection<UInt8>) -> Bool {
    if name.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x2b }) { return !name.isEmpty }
    guard !name.isEmpty, let text = String(validating: name, as: UTF8.self) else { return false }
    return text.unicodeScalars.allSatisfy {
      !$0.properties.isWhitespace && $0 != "+" && $0.properties.generalCategory != .control
    }
  }
}
