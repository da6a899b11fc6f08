internal import Custody
internal import CustodyJSON
internal import CustodySecrets
internal import CustodyValues

/// One item of an import file, not yet checked.
struct ImportRow: Sendable {
  var place: ImportPlace
  var fields: [ImportField: String] = [:]
  var secret: SecretPlace?
}

extension VaultError {
  /// The error for a malformed file, with the place.
  static func malformed(_ place: String, _ what: String, hint: Hint? = nil) -> VaultError {
    VaultError(
      .badInput, "\(place): \(what); nothing is imported",
      hint: hint ?? "mend the file, and look with \(step: .use(.dryRun))")
  }
}

extension SecureBytes {
  /// Passes each byte of a range to `take`, unescaped. The escapes were checked when the range was found.
  borrowing func unescaped(
    _ range: Range<Int>, _ escape: SecretPlace.Escape, _ take: (UInt8) throws -> Void
  ) rethrows {
    var position = range.lowerBound
    while position < range.upperBound, let byte = byte(at: position) {
      position += 1
      switch (escape, byte) {
      case (.doubled, UInt8(ascii: "\"")):
        try take(byte)
        position += 1
      case (.backslash, UInt8(ascii: "\\")):
        try take(self.byte(at: position) ?? byte)
        position += 1
      case (.env, UInt8(ascii: "\\")):
        let letter = self.byte(at: position) ?? byte
        try take(EnvText.escapes[letter] ?? letter)
        position += 1
      default: try take(byte)
      }
    }
  }

  /// A range as text, for parts that are not secret. Nil if it is not UTF-8.
  borrowing func text(_ range: Range<Int>, _ escape: SecretPlace.Escape) -> String? {
    var bytes: [UInt8] = []
    unescaped(range, escape) { bytes.append($0) }
    return String(validating: bytes, as: UTF8.self)
  }

  var hasByteOrderMark: Bool { byte(at: 0) == 0xEF && byte(at: 1) == 0xBB && byte(at: 2) == 0xBF }
}
