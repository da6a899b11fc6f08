package import CustodySecrets
internal import CustodyValues

extension SecureBuffer {
  /// Appends a secret as a JSON string with its quotes. Throws if it is not UTF-8, which JSON can't carry.
  package mutating func appendJSON(_ secret: borrowing SecureBytes) throws(JSONError) {
    var checked = 0
    while let byte = secret.byte(at: checked) {
      checked += byte < 0x80 ? 1 : try JSONText.checkScalar(at: checked, of: secret)
    }
    do {
      try append("\"")
      for index in 0..<secret.count { try append(inJSON: secret.byte(at: index) ?? 0) }
      try append("\"")
    } catch {
      throw JSONError(.noMemory, at: 0)
    }
  }

  /// Appends one byte of a JSON string, escaped if need be.
  mutating func append(inJSON byte: UInt8) throws(SecureMemoryError) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      try append(UInt8(ascii: "\\"))
      try append(byte)
    case 0..<0x20, 0x7F:
      try append("\\u00")
      try append(Self.hex(byte >> 4))
      try append(Self.hex(byte & 15))
    default: try append(byte)
    }
  }

  private static func hex(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }
}
