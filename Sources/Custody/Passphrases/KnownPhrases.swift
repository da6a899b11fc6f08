internal import CustodySecrets
internal import CustodyValues

/// Famous phrases. Attackers try each as one word, however it is spaced.
enum KnownPhrases {
  private static let texts: [[UInt8]] = [
    "correcthorsebatterystaple", "thequickbrownfoxjumpsoverthelazydog", "thequickbrownfox",
    "tobeornottobethatisthequestion", "tobeornottobe", "maytheforcebewithyou", "loremipsumdolorsitamet", "iamthewalrus",
    "callmeishmael",
    "theanswertolifetheuniverseandeverything", "fourscoreandsevenyearsago", "youshallnotpass", "winteriscoming",
    "inthebeginningwastheword", "itwasthebestoftimesitwastheworstoftimes", "allworkandnoplaymakesjackadullboy",
    "onceuponatime", "happilyeverafter", "openthepodbaydoorshal",
  ].map { Array($0.utf8) }

  /// Returns the length in bytes of the longest known phrase at a position, 0 if there is none. Ignores case and
  /// anything but letters between the words.
  static func longest(in passphrase: borrowing SecureBytes, at place: Int) -> Int {
    var longest = 0
    for text in texts { longest = max(longest, length(of: text, in: passphrase, at: place)) }
    return longest
  }

  private static func length(of text: [UInt8], in passphrase: borrowing SecureBytes, at place: Int) -> Int {
    var (known, end) = (0, place)
    while known < text.count, let byte = passphrase.byte(at: end) {
      if CommonWords.folded(byte) == text[known] {
        known += 1
      } else if known == 0 || isLetter(byte) {
        return 0
      }
      end += 1
    }
    return known == text.count ? end - place : 0
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte | 0x20) || byte >= 0x80 }
}
