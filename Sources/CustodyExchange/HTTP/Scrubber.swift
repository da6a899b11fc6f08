internal import CustodySecrets
internal import CustodyValues

/// Removes the secrets that were sent from a provider's texts.
///
/// Parts of a secret are removed too, from eight bytes on: error texts are often cut. Only as much as is shown is
/// examined, eight bytes at a time. Otherwise a hostile provider, which may also have made the token, could choose a
/// repetitive token and a long echo that take minutes to compare.
struct Scrubber: ~Copyable {
  private static let part = 8
  private static let mostBytes = 800
  private static let mostCharacters = 200

  private var text: SecureBuffer
  private var ranges: [Range<Int>] = []

  init() throws(SecureMemoryError) { text = try SecureBuffer() }

  /// Adds a value to be removed, and its form-encoded spelling if that differs.
  mutating func hide(_ value: borrowing SecureBytes) throws(SecureMemoryError) {
    let encoded = try SecureBytes.formEncoded(value)
    try add(value)
    if !encoded.equals(value) { try add(encoded) }
  }

  private mutating func add(_ value: borrowing SecureBytes) throws(SecureMemoryError) {
    guard !value.isEmpty else { return }
    ranges.append(text.count..<(text.count + value.count))
    try text.append(value)
  }

  /// The text without the secrets, with control characters escaped, at most 200 characters.
  borrowing func clean(_ words: borrowing SecureBytes) -> String {
    var (kept, hiddenTo): ([UInt8], Int) = ([], 0)
    for position in 0..<min(words.count, Self.mostBytes) {
      let end = position + echo(in: words, at: position)
      if end > max(position, hiddenTo) {
        if position >= hiddenTo { kept += Array("[removed]".utf8) }
        hiddenTo = end
      }
      if position >= hiddenTo, let byte = words.byte(at: position) { kept.append(byte) }
    }
    return String(PrintableText.escape(bytes: kept).prefix(Self.mostCharacters))
  }

  /// Number of bytes from `position` on that repeat a part of a secret, or the whole of a short one; 0 if none do. A
  /// longer repetition is found part by part, one byte further on each time.
  private borrowing func echo(in words: borrowing SecureBytes, at position: Int) -> Int {
    var longest = 0
    for range in ranges where longest < Self.part {
      let wanted = min(Self.part, range.count)
      if wanted > longest, has(words, at: position, wanted, in: range) { longest = wanted }
    }
    return longest
  }

  private borrowing func has(
    _ words: borrowing SecureBytes, at position: Int, _ wanted: Int, in range: Range<Int>
  ) -> Bool {
    guard position + wanted <= words.count else { return false }
    for start in range.lowerBound...(range.upperBound - wanted) {
      var length = 0
      while length < wanted, words.byte(at: position + length) == text.byte(at: start + length) { length += 1 }
      if length == wanted { return true }
    }
    return false
  }
}
