internal import CustodyEvidence
internal import Custody
internal import CustodyJSON
internal import CustodyValues

/// Checks of a JSON web token's claims. The signature is not verified, and no claim about a person is shown.
extension TokenInspection {
  private static let day: Int64 = 86_400_000
  private static let soon = 30 * day
  /// Life below which a JWT is taken for an access token where the preset sets no limit, in seconds: no refresh token
  /// lives only a day.
  private static let shortLife: Int64 = 25 * 3600

  func look(at claims: borrowing SecretJSON, _ found: inout TokenExamination) {
    let (ends, begins) = (claims.seconds("exp"), claims.seconds("nbf"))
    found.expires = ends.map { Timestamp(milliseconds: $0 * 1000) }
    if let ends, let life = life(claims, ends), let finding = tooShort(life) { found.findings.append(finding) }
    if let expires = found.expires { found.findings += end(expires) }
    if let begins, let finding = notYet(Timestamp(milliseconds: begins * 1000)) { found.findings.append(finding) }
    if let finding = otherConnector(claims) { found.findings.append(finding) }
  }

  private func life(_ claims: borrowing SecretJSON, _ ends: Int64) -> Int64? {
    (claims.seconds("iat") ?? claims.seconds("nbf")).map { ends - $0 }
  }

  private func tooShort(_ seconds: Int64) -> TokenFinding? {
    let limit = preset?.signs.accessSeconds
    guard seconds <= limit ?? Self.shortLife else { return nil }
    let life = TimeSpan(seconds: max(0, seconds)).text
    return accessToken("it is made to live for \(life) in all", limit == nil ? .warning : .error)
  }

  private func end(_ expires: Timestamp) -> [TokenFinding] {
    let rotate: Hint = "have the provider's portal make a new one, and store that"
    guard expires > now else {
      return [TokenFinding(.error, .expired, "it ended at \(expires.text)", rotate)]
    }
    guard expires.milliseconds - now.milliseconds < Self.soon else { return [] }
    let days = (expires.milliseconds - now.milliseconds) / Self.day
    let left = days == 0 ? "in less than a day" : days == 1 ? "in a day" : "in \(days) days"
    let renews = preset?.rotation == .late || preset?.rotation == .always
    let remedy: Hint = renews ? "exchange it before: that brings a new one" : rotate
    return [TokenFinding(.warning, .endsSoon, "it ends \(left), at \(expires.text)", remedy)]
  }

  private func notYet(_ begins: Timestamp) -> TokenFinding? {
    guard begins > now.adding(ExchangeOptions.skew) else { return nil }
    return TokenFinding(
      .warning, .notYetValid, "it is good only from \(begins.text) on", "check this machine's clock, or wait")
  }

  private func otherConnector(_ claims: borrowing SecretJSON) -> TokenFinding? {
    guard let preset, let connector, let named = claims.text(along: preset.signs.connectorClaim[...]),
      named.lowercased() != connector.connectorID.lowercased()
    else { return nil }
    let whose = Self.isID(named) ? "the connector with the ID \(named)" : "another connector"
    return TokenFinding(
      .error, .otherConnector, "it is of \(whose), and \(connector.name) has \(connector.connectorID)",
      "make one for this connector in the provider's portal, or store it for that connector")
  }

  /// True if the text is hex digits and hyphens; no other claim value is printed.
  private static func isID(_ text: String) -> Bool {
    8...64 ~= text.utf8.count
      && text.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
          UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }
}

extension SecretJSON {
  /// The claim in seconds since 1970; nil if it is missing or no possible time.
  borrowing func seconds(_ claim: String) -> Int64? {
    guard let seconds = integer(at: JSONPath(steps: [claim])), 0...253_402_300_799 ~= seconds else { return nil }
    return seconds
  }

  /// The text at a path of keys. Each further key is looked up in the text before, parsed as JSON: Kaizala's claim is
  /// JSON within JSON.
  borrowing func text(along keys: ArraySlice<String>) -> String? {
    guard let first = keys.first else { return nil }
    let (path, rest) = (JSONPath(steps: [first]), keys.dropFirst())
    guard !rest.isEmpty else { return string(at: path) }
    guard let text = try? secret(at: path), let inner = try? SecretJSON(text) else { return nil }
    return inner.text(along: rest)
  }
}
