package import CustodyEvidence
package import Custody
internal import CustodyJSON
package import CustodySecrets
package import CustodyValues

/// Checks a refresh token's text without contacting anyone: if it is a refresh token, of this connector, and alive.
package struct TokenInspection: Sendable {
  /// The provider's preset; if nil, this machine has none of that name, and its checks are skipped.
  let preset: Preset?
  let token: TokenDetails
  /// The connector's details; nil if this member can't open them.
  let connector: ConnectorDetails?
  let now: Timestamp

  /// An inspection of tokens that are stored under these details.
  package init(_ token: TokenDetails, of connector: ConnectorDetails?, now: Timestamp = .now()) {
    preset = .forToken(token, connector)
    (self.token, self.connector, self.now) = (token, connector, now)
  }

  /// Examines a token's text.
  ///
  /// - Throws: `outOfMemory` if there is no guarded memory left.
  package func examine(_ given: borrowing SecureBytes) throws(VaultError) -> TokenExamination {
    do { return try look(at: given) } catch {
      throw VaultError(.outOfMemory, "cannot get memory that may hold a secret")
    }
  }

  private func look(at given: borrowing SecureBytes) throws(SecureMemoryError) -> TokenExamination {
    var found = TokenExamination()
    let shape = TokenShape(given)
    found.findings = shape.findings(of: given, field: preset?.reply.refreshToken?.steps.last ?? "refresh_token")
    // --force stores the token with what surrounds it; the inside is examined all the same.
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
