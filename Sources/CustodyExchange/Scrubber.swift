internal import CustodyMemory

/// Takes the secrets that were sent out of what a provider says about them (ATTACKS T22).
///
/// A part of a secret is hidden too, from eight bytes on: an error text is often cut by whoever wrote it.
struct Scrubber: ~Copyable {
  private static let shortestPart = 8
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
    var (kept, position): ([UInt8], Int) = ([], 0)
    while let byte = words.byte(at: position), kept.count < Self.mostBytes {
      let echo = echo(in: words, at: position)
      kept.append(contentsOf: echo > 0 ? Array("[removed]".utf8) : [byte])
      position += max(echo, 1)
    }
    return String(PrintableText.escape(bytes: kept).prefix(Self.mostCharacters))
  }

  /// How many bytes from `position` on are a secret or a telling part of one.
  private borrowing func echo(in words: borrowing SecureBytes, at position: Int) -> Int {
    var longest = 0
    for range in ranges {
      for start in range {
        var length = 0
        while start + length < range.upperBound, let byte = words.byte(at: position + length),
          byte == text.byte(at: start + length)
        { length += 1 }
        if length >= min(Self.shortestPart, range.count) { longest = max(longest, length) }
      }
    }
    return longest
  }
}
