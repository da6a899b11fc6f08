internal import CustodyJSON
internal import CustodySecrets
internal import CustodyValues

/// Reads when a reply's tokens end, as far as it says so credibly.
extension ReplyReader {
  private static let mostSeconds: Int64 = 10 * 366 * 86_400
  /// Tolerated difference of the provider's clock and this one, backwards.
  private static let day: Int64 = 86_400_000

  /// End of the access token, in milliseconds since 1970. If the reply does not say, the sooner of what the token and
  /// the preset say. An impossible value counts as unknown: the token is handed out and not kept.
  mutating func expires(of accessToken: borrowing SecureBytes) -> Int64? {
    if let expiry = preset.reply.expiry, says(expiry.field) {
      if let number = number(at: expiry.field), let end = moment(number, expiry), end > asked - Self.day { return end }
      warn(
        "the reply's \(expiry.field.shown) is no time within ten years from now: nobody knows when the access token ends,"
          + " and it is not kept")
      return nil
    }
    let usual = preset.lifetimes.accessSeconds.map { asked + $0 * 1000 }
    guard preset.reply.expiryFromJWT, let life = JWTLife(of: accessToken), let end = life.end(from: asked) else {
      return usual
    }
    return usual.map { min($0, end) } ?? end
  }

  /// End of the refresh token, in milliseconds since 1970; nil if the reply does not say.
  mutating func refreshExpires() -> Int64? {
    guard let expiry = preset.reply.refreshExpiry, says(expiry.field) else { return nil }
    if let number = number(at: expiry.field) {
      // Some providers state 0 for a token without end.
      if number == 0 { return nil }
      if let end = moment(number, expiry), end > asked { return end }
    }
    warn("the reply's \(expiry.field.shown) is no time that lies ahead, and was passed over")
    return nil
  }

  /// The whole number at `path`, also if it is quoted. One with a fraction or an exponent is rounded down, with a
  /// warning.
  private mutating func number(at path: JSONPath) -> Int64? {
    guard let text = json.number(at: path) ?? json.string(at: path) else { return nil }
    if let plain = Endpoint.decimal(text[...]) { return Int64(plain) }
    guard 1...40 ~= text.utf8.count, text.utf8.allSatisfy({ "+-.0123456789Ee".utf8.contains($0) }),
      let number = Double(text), number.magnitude < 9e15
    else { return nil }
    let whole = Int64(number.rounded(.down))
    if whole > 0 { warn("the reply's \(path.shown) is no plain whole number: it was taken for \(whole)") }
    return whole
  }

  /// The time that a number means, in milliseconds since 1970. Beyond ten years it is nil: then seconds were read as
  /// milliseconds, or worse.
  private borrowing func moment(_ number: Int64, _ expiry: Preset.Expiry) -> Int64? {
    guard number > 0 else { return nil }
    let (milliseconds, overflow) = number.multipliedReportingOverflow(by: expiry.unit == .seconds ? 1000 : 1)
    let (end, beyond) = milliseconds.addingReportingOverflow(expiry.kind == .relative ? asked : 0)
    guard !overflow, !beyond, end <= asked + Self.mostSeconds * 1000 else { return nil }
    return end
  }
}
