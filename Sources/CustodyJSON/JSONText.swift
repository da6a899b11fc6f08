internal import CustodyValues

/// The text between a string's quotes. The scanner checks it once, and it is unescaped when the value is taken.
enum JSONText {
  /// Checks the escape at `position` and returns its length. A surrogate pair is one escape.
  static func checkEscape<S: JSONSource & ~Copyable>(at position: Int, of source: borrowing S) throws(JSONError) -> Int
  {
    guard let letter = source.byte(at: position + 1) else { throw JSONError(.syntax, at: position) }
    guard letter == UInt8(ascii: "u") else {
      guard simple(letter) != nil else { throw JSONError(.syntax, at: position) }
      return 2
    }
    guard let unit = unit(at: position, of: source) else { throw JSONError(.syntax, at: position) }
    switch unit {
    case 0xD800...0xDBFF:
      guard let low = self.unit(at: position + 6, of: source), 0xDC00...0xDFFF ~= low else {
        throw JSONError(.loneSurrogate, at: position)
      }
      return 12
    case 0xDC00...0xDFFF: throw JSONError(.loneSurrogate, at: position)
    default: return 6
    }
  }

  /// Checks the UTF-8 sequence at `position` and returns its length: shortest form, no surrogates, nothing above
  /// U+10FFFF.
  static func checkScalar<S: JSONSource & ~Copyable>(at position: Int, of source: borrowing S) throws(JSONError) -> Int
  {
    let first = source.byte(at: position) ?? 0
    let (length, second): (Int, ClosedRange<UInt8>)
    switch first {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: throw JSONError(.invalidUTF8, at: position)
    }
    for index in 1..<length {
      guard let byte = source.byte(at: position + index), (index == 1 ? second : 0x80...0xBF) ~= byte else {
        throw JSONError(.invalidUTF8, at: position)
      }
    }
    return length
  }

  /// Passes on the UTF-8 bytes of a checked string, unescaped.
  static func unescape<S: JSONSource & ~Copyable, E: Error>(
    _ range: Range<Int>, of source: borrowing S, to take: (UInt8) throws(E) -> Void
  ) throws(E) {
    var position = range.lowerBound
    while position < range.upperBound, let byte = source.byte(at: position) {
      guard byte == UInt8(ascii: "\\") else {
        try take(byte)
        position += 1
        continue
      }
      let letter = source.byte(at: position + 1) ?? 0
      if let plain = simple(letter) {
        try take(plain)
        position += 2
      } else if letter != UInt8(ascii: "u") || unit(at: position, of: source) == nil {
        // Only a tolerant scan lets this escape pass.
        for byte in UTF8.encodedReplacementCharacter { try take(byte) }
        position += 2
      } else {
        let (scalar, length) = scalar(at: position, of: source)
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { try take(byte) }
        position += length
      }
    }
  }

  private static func simple(_ letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: nil
    }
  }

  /// The value of `\u` and its four hex digits; nil where there are none.
  private static func unit<S: JSONSource & ~Copyable>(at position: Int, of source: borrowing S) -> UInt32? {
    guard source.byte(at: position) == UInt8(ascii: "\\"), source.byte(at: position + 1) == UInt8(ascii: "u") else {
      return nil
    }
    var unit: UInt32 = 0
    for index in 2..<6 {
      guard let digit = source.byte(at: position + index).flatMap(Hex.value) else { return nil }
      unit = unit << 4 | UInt32(digit)
    }
    return unit
  }

  private static func scalar<S: JSONSource & ~Copyable>(
    at position: Int, of source: borrowing S
  ) -> (Unicode.Scalar, length: Int) {
    let replacement: Unicode.Scalar = "\u{FFFD}"
    guard let high = unit(at: position, of: source) else { return (replacement, 6) }
    // Only a tolerant scan lets half of a surrogate pair pass.
    guard 0xD800...0xDBFF ~= high, let low = unit(at: position + 6, of: source), 0xDC00...0xDFFF ~= low else {
      return (Unicode.Scalar(high) ?? replacement, 6)
    }
    return (Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) ?? replacement, 12)
  }
}
