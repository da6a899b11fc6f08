internal import CustodyEvidence
internal import CustodySecrets
internal import CustodyValues

/// The shape of a pasted text: spaces and quotes around a token, or something else that was pasted in its place.
struct TokenShape {
  /// The range of the text without spaces, line ends and one pair of quotation marks.
  let core: Range<Int>
  private let hasSurroundings, hasQuotes: Bool

  init(_ given: borrowing SecureBytes) {
    let trimmed = Self.trim(0..<given.count, of: given)
    hasQuotes =
      trimmed.count > 1 && given.byte(at: trimmed.lowerBound).map(Self.isQuote) ?? false
      && given.byte(at: trimmed.lowerBound) == given.byte(at: trimmed.upperBound - 1)
    let bare = hasQuotes ? Self.trim(trimmed.lowerBound + 1..<trimmed.upperBound - 1, of: given) : trimmed
    hasSurroundings = trimmed != 0..<given.count || hasQuotes && bare.count != trimmed.count - 2
    core = bare
  }

  func findings(of given: borrowing SecureBytes, field: String) -> [TokenFinding] {
    var findings: [TokenFinding] = []
    if hasSurroundings {
      findings.append(
        TokenFinding(
          .error, .surroundings, "it has a space or a line end before or behind it", "give the token alone"))
    }
    if hasQuotes {
      findings.append(
        TokenFinding(.error, .quotes, "it stands in quotation marks", "give what is between them"))
    }
    if let instead = instead(given, field) {
      findings.append(instead)
    } else if !Self.isPlain(given, core) {
      findings.append(
        TokenFinding(
          .error, .characters, "it has a space, a line end or another character that no token has",
          "give the token alone, in one line"))
    }
    return findings
  }

  private func instead(_ given: borrowing SecureBytes, _ field: String) -> TokenFinding? {
    if ["https://", "http://"].contains(where: { given.has($0, at: core.lowerBound) }) {
      return TokenFinding(
        .error, .url, "it is a URL, not a token", "give the refresh token; a code in a URL is none yet")
    }
    let labels = ["{", "[", "\(field)=", "\(field):", "\"\(field)\"", "access_token=", "Bearer ", "Authorization:"]
    guard labels.contains(where: { given.has($0, at: core.lowerBound) }) else { return nil }
    return TokenFinding(
      .error, .reply, "it is a reply or a line out of one, not the token alone",
      "give only what stands behind \"\(field)\"")
  }

  private static func trim(_ range: Range<Int>, of given: borrowing SecureBytes) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, let byte = given.byte(at: start), isSpace(byte) { start += 1 }
    while start < end, let byte = given.byte(at: end - 1), isSpace(byte) { end -= 1 }
    return start..<end
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }

  private static func isQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`")
  }

  private static func isPlain(_ given: borrowing SecureBytes, _ range: Range<Int>) -> Bool {
    for index in range {
      guard let byte = given.byte(at: index), 0x21...0x7E ~= byte else { return false }
    }
    return true
  }
}

extension SecureBytes {
  /// True if these bytes begin with the text, which is no secret. The comparison is not constant-time.
  borrowing func begins(with text: String) -> Bool {
    for (index, wanted) in text.utf8.enumerated() where byte(at: index) != wanted { return false }
    return true
  }

  /// True if the text stands at `start`, in letters of either case.
  borrowing func has(_ text: String, at start: Int) -> Bool {
    for (offset, wanted) in text.utf8.enumerated() {
      guard let byte = byte(at: start + offset), Self.lower(byte) == Self.lower(wanted) else { return false }
    }
    return true
  }

  private static func lower(_ byte: UInt8) -> UInt8 {
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte + 32 : byte
  }
}
