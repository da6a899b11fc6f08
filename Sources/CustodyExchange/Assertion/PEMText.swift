/// The blocks of a PEM text (RFC 7468), each with its `BEGIN` and `END` lines.
struct PEMText {
  struct Block {
    let label: String
    let text: String
  }

  let blocks: [Block]

  /// Splits a text into its blocks. Text outside of blocks is for people and is ignored.
  init(_ text: String) {
    var (blocks, label, lines): ([Block], String?, [Substring]) = ([], nil, [])
    for line in text.split(whereSeparator: \.isNewline) {
      if let begun = Self.label(line, "-----BEGIN ") { (label, lines) = (begun, []) }
      lines.append(line)
      guard let ended = Self.label(line, "-----END "), ended == label else { continue }
      blocks.append(Block(label: ended, text: lines.joined(separator: "\n") + "\n"))
      label = nil
    }
    self.blocks = blocks
  }

  private static func label(_ line: Substring, _ mark: String) -> String? {
    guard line.hasPrefix(mark), line.hasSuffix("-----") else { return nil }
    return String(line.dropFirst(mark.utf8.count).dropLast(5))
  }
}

extension PEMText.Block {
  /// The decoded base64 of the block; nil if it is none.
  var bytes: [UInt8]? {
    var (bytes, bits, count): ([UInt8], UInt32, Int) = ([], 0, 0)
    for line in text.split(separator: "\n").dropFirst().dropLast() {
      for byte in line.utf8 where byte != UInt8(ascii: "=") {
        guard let digit = Self.digit(byte) else { return nil }
        (bits, count) = (bits << 6 | digit, count + 6)
        guard count >= 8 else { continue }
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return bytes
  }

  private static func digit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
