internal import CustodySecrets
internal import CustodyValues

/// Takes the secrets that were sent out of what a provider says about them.
///
/// A part of a secret is hidden too, from eight bytes on: an error text is often cut by whoever wrote it. No more than is
/// shown is looked at, and eight bytes at a time, because who wrote the text may have made the token as well: one that is like
/// itself all over, and an echo as long as a reply can be, would take minutes to compare.
struct Scrubber: ~Copyable {
  private static let part = 8
  private static let mostBytes = 800
  private static let mostCharacters = 200

  private var text: SecureBuffer
  private var ranges: [Range<Int>] = []

  init() throws(SecureMemoryError) { text = try SecureBuffer() }

  /// Hides the value, and its form-encoded spelling where that is another.
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

  /// The words without the secrets, with controls escaped, of 200 characters at most.
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

  /// How many bytes from `position` on are a telling part of a secret, or the whole of a short one. What is longer shows part
  /// by part, each a byte further on.
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
