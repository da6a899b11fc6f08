/// The escaping of text in an entry: `%`, line breaks, other control characters and characters that change the
/// direction of text are written `%XX`.
package enum LogValue {
  package static func escape(_ text: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      for byte in String(scalar).utf8 {
        guard needsEscape(scalar) else {
          out.append(byte)
          continue
        }
        out.append(0x25)
        out.append(digits[Int(byte >> 4)])
        out.append(digits[Int(byte & 15)])
      }
    }
    return out
  }

  /// Undoes the escaping. Nil if the value is not the canonical form: something is escaped needlessly, or not escaped
  /// that must be.
  package static func unescape(_ value: some Collection<UInt8>) -> [UInt8]? {
    var out: [UInt8] = []
    var rest = Array(value)[...]
    while let byte = rest.popFirst() {
      guard byte == 0x25 else {
        out.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(nibble), let low = rest.popFirst().flatMap(nibble) else { return nil }
      out.append(high << 4 | low)
    }
    guard String(validating: out, as: UTF8.self) != nil, escape(out) == Array(value) else { return nil }
    return out
  }

  /// The text of an escaped value, or the value itself if it is malformed.
  package static func shown(_ value: String) -> String {
    unescape(value.utf8).map { String(decoding: $0, as: UTF8.self) } ?? value
  }

  package static func isCanonical(_ value: some Collection<UInt8>) -> Bool {
    guard let text = unescape(value), let first = text.first, let last = text.last else { return false }
    return first != 0x20 && last != 0x20
  }

  private static let digits = [UInt8]("0123456789ABCDEF".utf8)

  private static func nibble(_ digit: UInt8) -> UInt8? {
    digits.firstIndex(of: digit).map { UInt8($0) }
  }

  private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x25, 0x00...0x1f, 0x7f...0x9f, 0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a...0x202e, 0x2066...0x2069,
      0xfeff:
      true
    default: false
    }
  }
}
