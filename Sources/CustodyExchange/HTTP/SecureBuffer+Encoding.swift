package import CustodySecrets
internal import CustodyValues

/// Encodings of secrets that stay in guarded memory.
extension SecureBuffer {
  /// Appends in the encoding `application/x-www-form-urlencoded`.
  mutating func appendForm(_ value: borrowing SecureBytes) throws(SecureMemoryError) {
    for index in 0..<value.count { try appendForm(value.byte(at: index) ?? 0) }
  }

  mutating func appendForm(_ text: String) throws(SecureMemoryError) {
    for byte in text.utf8 { try appendForm(byte) }
  }

  private mutating func appendForm(_ byte: UInt8) throws(SecureMemoryError) {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
      try append(byte)
    case 0x20: try append(UInt8(ascii: "+"))
    default:
      try append(UInt8(ascii: "%"))
      try append(Self.hex(byte >> 4))
      try append(Self.hex(byte & 15))
    }
  }

  private static func hex(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
  }

  /// Appends in base64 with padding (RFC 4648, section 4).
  package mutating func appendBase64(_ value: borrowing SecureBytes) throws(SecureMemoryError) {
    for start in stride(from: 0, to: value.count, by: 3) {
      let group = (value.byte(at: start), value.byte(at: start + 1), value.byte(at: start + 2))
      let bits = UInt32(group.0 ?? 0) << 16 | UInt32(group.1 ?? 0) << 8 | UInt32(group.2 ?? 0)
      try append(Self.base64(bits >> 18))
      try append(Self.base64(bits >> 12))
      try append(group.1 == nil ? UInt8(ascii: "=") : Self.base64(bits >> 6))
      try append(group.2 == nil ? UInt8(ascii: "=") : Self.base64(bits))
    }
  }

  private static func base64(_ bits: UInt32) -> UInt8 {
    let six = UInt8(truncatingIfNeeded: bits & 63)
    return switch six {
    case 0..<26: UInt8(ascii: "A") + six
    case 26..<52: UInt8(ascii: "a") + six - 26
    case 52..<62: UInt8(ascii: "0") + six - 52
    case 62: UInt8(ascii: "+")
    default: UInt8(ascii: "/")
    }
  }
}

extension SecureBytes {
  /// The credentials of HTTP Basic: user and password, each form-encoded first (RFC 6749, section 2.3.1), in base64.
  static func basic(user: String, password: borrowing SecureBytes) throws(SecureMemoryError) -> SecureBytes {
    var pair = try SecureBuffer()
    try pair.appendForm(user)
    try pair.append(UInt8(ascii: ":"))
    try pair.appendForm(password)
    var text = try SecureBuffer()
    try text.appendBase64(pair.finish())
    return try text.finish()
  }

  static func formEncoded(_ value: borrowing SecureBytes) throws(SecureMemoryError) -> SecureBytes {
    var buffer = try SecureBuffer(capacity: value.count)
    try buffer.appendForm(value)
    return try buffer.finish()
  }
}
