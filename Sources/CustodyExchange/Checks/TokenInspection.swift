package import CustodyEvidence
package import Custody
internal import CustodyJSON
package import CustodySecrets
package import CustodyValues

/// Looks at a refresh token without asking anyone: is it one, of this connector, alive?
package struct TokenInspection: Sendable {
  /// Nothing where this machine has no preset of that name; what it would say is passed over.
  let preset: Preset?
  let token: TokenDetails
  /// Nothing where its names can't be opened.
  let connector: ConnectorDetails?
  let now: Timestamp

  package init(_ token: TokenDetails, of connector: ConnectorDetails?, now: Timestamp = .now()) {
    preset = .forToken(token, connector)
    (self.token, self.connector, self.now) = (token, connector, now)
  }

  package func examine(_ given: borrowing SecureBytes) throws(VaultError) -> TokenExamination {
    do { return try look(at: given) } catch {
      throw VaultError(.outOfMemory, "cannot get memory that may hold a secret")
    }
  }

  private func look(at given: borrowing SecureBytes) throws(SecureMemoryError) -> TokenExamination {
    var found = TokenExamination()
    let shape = TokenShape(given)
    found.findings = shape.findings(of: given, field: preset?.reply.refreshToken?.steps.last ?? "refresh_token")
    // With --force it is stored with what is around it: what is inside is looked at all the same.
    let token = try given.slice(shape.core)
    var isJWT = false
    switch JWTClaims.read(token) {
    case .some(let claims):
      isJWT = true
      look(at: claims, &found)
    case .none: break
    }
    if found.errors.isEmpty { found.findings += prefix(of: token, isJWT) }
    if found.errors.isEmpty { found.findings += dataCentre() }
    return found
  }

  private func prefix(of token: borrowing SecureBytes, _ isJWT: Bool) -> [TokenFinding] {
    guard let preset else { return [] }
    if preset.signs.accessPrefixes.contains(where: { token.begins(with: $0) }) {
      return [accessToken("it begins as access tokens of \(preset.id) do", .error)]
    }
    let prefixes = preset.signs.refreshPrefixes
    let isLike = preset.signs.isJWT ? isJWT : prefixes.isEmpty || prefixes.contains { token.begins(with: $0) }
    guard !isLike else { return [] }
    let usual = preset.signs.isJWT ? "are JSON web tokens" : "begin with \(prefixes.joined(separator: " or "))"
    return [
      TokenFinding(
        .warning, .unlike, "it does not look like a refresh token of \(preset.id): those \(usual)",
        "compare it with what the provider shows")
    ]
  }

  func accessToken(_ words: String, _ severity: TokenFinding.Severity) -> TokenFinding {
    TokenFinding(
      severity, .accessToken, "\(words): that is an access token, which brings no others",
      "give the refresh token, which lives for long")
  }
}
