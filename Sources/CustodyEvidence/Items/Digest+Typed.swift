internal import CustodyCrypto
public import CustodyValues

extension Digest {
  /// The digest in base64, 44 characters, as people and signed notes see it. Hashes of files are shown in hex instead,
  /// as `sha256sum` prints them.
  public var text: String { String(decoding: Base64.encode(self), as: UTF8.self) }

  /// Parses a typed digest: 64 lower-case hex digits, or 44 characters of base64. Nil for anything else.
  public init?(typed text: String) {
    let bytes = Array(text.utf8)
    guard let digest = Digest(hex: bytes[...]) ?? Base64.digest(bytes[...]) else { return nil }
    self = digest
  }
}
