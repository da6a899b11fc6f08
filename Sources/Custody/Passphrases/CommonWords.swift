internal import CustodySecrets
internal import CustodyValues

/// The words that attackers try first: the 4,000 commonest passwords, words of English texts and films, and names, with
/// 3 to 16 letters and digits. From the frequency lists of zxcvbn 4.5.0 (MIT licence,
/// https://github.com/dropbox/zxcvbn), sorted.
enum CommonWords {
  private static let text = PackageResources.common_words_txt
  /// Offset of each word, and of the end of the text.
  private static let starts: [Int] = [0] + text.indices.filter { text[$0] == 0x0a }.map { $0 + 1 }
  private static let longest = 16

  /// Returns the length in bytes of the longest word at a position, 0 if there is none. Ignores case, and reads digits
  /// as letters, as in p4ssw0rd.
  static func longest(in passphrase: borrowing SecureBytes, at place: Int) -> Int {
    let most = min(longest, passphrase.count - place)
    guard most >= 3 else { return 0 }
    for count in stride(from: most, through: 3, by: -1) {
      if contains(passphrase, place, count, folded) || contains(passphrase, place, count, unmasked) { return count }
    }
    return 0
  }

  static func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5a).contains(byte) ? byte | 0x20 : byte }

  private static func unmasked(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "0"): UInt8(ascii: "o")
    case UInt8(ascii: "1"), UInt8(ascii: "!"): UInt8(ascii: "i")
    case UInt8(ascii: "3"): UInt8(ascii: "e")
    case UInt8(ascii: "4"), UInt8(ascii: "@"): UInt8(ascii: "a")
    case UInt8(ascii: "5"), UInt8(ascii: "$"): UInt8(ascii: "s")
    case UInt8(ascii: "7"): UInt8(ascii: "t")
    default: folded(byte)
    }
  }

  /// Searches by bisection, and compares in place so that the passphrase is never copied.
  private static func contains(
    _ passphrase: borrowing SecureBytes, _ place: Int, _ count: Int, _ letter: (UInt8) -> UInt8
  ) -> Bool {
    var (low, high) = (0, starts.count - 1)
    while low < high {
      let middle = (low + high) / 2
      let (start, end) = (starts[middle], starts[middle + 1] - 1)
      switch order(passphrase, place, count, letter, start..<end) {
      case 0: return true
      case ..<0: high = middle
      default: low = middle + 1
      }
    }
    return false
  }

  private static func order(
    _ passphrase: borrowing SecureBytes, _ place: Int, _ count: Int, _ letter: (UInt8) -> UInt8, _ word: Range<Int>
  ) -> Int {
    for step in 0..<min(count, word.count) {
      let (typed, known) = (letter(passphrase.byte(at: place + step) ?? 0), text[word.lowerBound + step])
      if typed != known { return Int(typed) - Int(known) }
    }
    return count - word.count
  }
}
