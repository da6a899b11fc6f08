/// Hexadecimal digits, two a byte.
package enum Hex {
  private static let digits = [UInt8]("0123456789abcdef".utf8)

  /// In lower case.
  package static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return text
  }

  /// The value of one digit, in either case. Nil for what is none.
  package static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
      (digit | 0x20) - UInt8(ascii: "a") + 10
    default: nil
    }
  }

  /// Decodes lower-case digits, two a byte: exactly what `encode` makes. Nil for any other text.
  package static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    guard text.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 2)
    var place = text.startIndex
    while place < text.endIndex {
      let (first, second) = (text[place], text[place + 1])
      guard let high = value(first), let low = value(second), isLower(first), isLower(second) else { return nil }
      bytes.append(high << 4 | low)
      place += 2
    }
    return bytes
  }

  /// Returns true unless the hexadecimal digit is a capital letter.
  static func isLower(_ digit: UInt8) -> Bool { digit & 0x60 != 0x40 }
}
