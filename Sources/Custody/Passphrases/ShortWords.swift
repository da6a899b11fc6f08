internal import CustodyCrypto
internal import CustodySecrets
internal import CustodyValues

/// The 1,296 words of the EFF's first short list for dice (https://www.eff.org/dice, by Joseph Bonneau, CC BY 3.0 US).
/// Each is worth 10.3 bits.
enum ShortWords {
  private static let text = PackageResources.short_words_txt
  private static let words: [Range<Int>] = {
    var (words, start) = ([Range<Int>](), 0)
    for place in text.indices where text[place] == 0x0a {
      words.append(start..<place)
      start = place + 1
    }
    return words
  }()

  /// Draws random words. Their letters go straight into guarded memory.
  static func phrase(of count: Int) throws -> SecureBytes {
    var buffer = try SecureBuffer(capacity: count * 8)
    for place in 0..<count {
      if place > 0 { try buffer.append(0x20) }
      for letter in words[Sodium.random(below: words.count)] { try buffer.append(text[letter]) }
    }
    return try buffer.finish()
  }
}
