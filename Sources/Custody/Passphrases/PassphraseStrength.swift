internal import CustodySecrets
internal import CustodyValues

/// Estimates how hard a passphrase is to guess. It counts characters, and counts what attackers try first as fewer. No
/// maintained Swift library does this, and the C ports of zxcvbn leave the passphrase in unguarded memory.
enum PassphraseStrength {
  static let least = 12
  /// A word from the list is one of 8,000, which is worth two to three random characters.
  private static let word = 3
  private static let run = 2
  private static let repetition = 1

  /// Splits the passphrase from the left into the longest pieces that attackers know, and adds up their weights.
  static func weight(of passphrase: borrowing SecureBytes) -> Int {
    var (place, weight) = (0, 0)
    while place < passphrase.count {
      let run = runLength(in: passphrase, at: place)
      let repetition = repetitionLength(in: passphrase, at: place)
      let word = max(
        CommonWords.longest(in: passphrase, at: place), KnownPhrases.longest(in: passphrase, at: place))
      switch max(run, repetition, word) {
      case 0: weight += isCounted(passphrase.byte(at: place)) ? 1 : 0
      case repetition: weight += Self.repetition
      case run: weight += Self.run
      default: weight += Self.word
      }
      place += max(run, repetition, word, 1)
    }
    return weight
  }

  /// Returns false for separators between words, and for all but the first byte of a character of several bytes.
  private static func isCounted(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return ![0x20, 0x2d, 0x2e, 0x5f].contains(byte) && byte & 0xc0 != 0x80
  }

  /// Returns the length of a run as in aaaa, 1234 and cba, 0 if there is none.
  private static func runLength(in text: borrowing SecureBytes, at place: Int) -> Int {
    guard let first = text.byte(at: place), let second = text.byte(at: place + 1) else { return 0 }
    let step = Int(second) - Int(first)
    guard (-1...1).contains(step) else { return 0 }
    var count = 2
    while let last = text.byte(at: place + count - 1), let next = text.byte(at: place + count),
      Int(next) - Int(last) == step
    {
      count += 1
    }
    return count > 2 ? count : 0
  }

  /// Returns how many bytes from a position on repeat earlier ones, 0 if fewer than three.
  private static func repetitionLength(in text: borrowing SecureBytes, at place: Int) -> Int {
    var longest = 0
    for start in 0..<place {
      var count = 0
      while let here = text.byte(at: place + count), let there = text.byte(at: start + count),
        CommonWords.folded(here) == CommonWords.folded(there)
      {
        count += 1
      }
      longest = max(longest, count)
    }
    return longest > 2 ? longest : 0
  }
}
