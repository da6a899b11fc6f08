internal import CustodyCrypto
public import CustodyValues

extension Digest {
  /// As people are shown it, and as signed notes have it: base64. A file's hash is in hex, as `sha256sum` prints it.
  public var text: String { String(decoding: Base64.encode(self), as: UTF8.self) }

  /// As somebody types it: 64 hex digits, or 44 characters of base64.
  public init?(typed text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 64 else {
      guard let digest = Base64.digest(bytes[...]) else { return nil }
      self = digest
      return
    }
    guard let high = Identifier(hex: bytes[..<32]), let low = Identifier(hex: bytes[32...]) else { return nil }
    self.init(high.bytes + low.bytes)
  }
}
