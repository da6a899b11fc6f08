package import CustodyEvidence
package import Custody

extension Preset {
  /// Whether it is OAuth 2.0 by hand, or that with the endpoints that a provider published: of all else a connector can be told.
  package var isGeneric: Bool { id == "oauth2" || id.hasPrefix("oauth2-") }

  /// With what a connector was told of its provider. What is not said stays as the preset has it.
  func told(_ facts: ProviderFacts) -> Preset {
    var preset = self
    if let said = facts.rotation.flatMap(Rotation.init) { preset.rotation = said }
    if let said = facts.oldToken.flatMap(OldToken.init) {
      (preset.oldToken, preset.oldTokenGraceSeconds) = (said, said == .grace ? facts.graceSeconds : nil)
    }
    preset.lifetimes.refreshDays = facts.refreshDays ?? lifetimes.refreshDays
    preset.lifetimes.idleDays = facts.idleDays ?? lifetimes.idleDays
    if let url = facts.authorizeURL { preset.authorize = authorize?.moved(to: url) ?? Authorize(at: url) }
    if let url = facts.deviceURL {
      preset.device = Device(url: url, scope: device?.scope, authenticates: device?.authenticates ?? true)
    }
    if let url = facts.revokeURL {
      preset.revoke = TokenCall(
        url: url, method: .post, token: revoke?.token ?? .form("token"), fixed: revoke?.fixed ?? [],
        authenticates: revoke?.authenticates ?? true)
    }
    return preset
  }
}

extension Preset.Authorize {
  fileprivate init(at url: String) {
    self.init(
      url: url, fixed: [], scope: nil, scopeSeparator: " ", pkce: true, issuer: nil, alwaysNamesIssuer: false)
  }

  fileprivate func moved(to url: String) -> Preset.Authorize {
    Preset.Authorize(
      url: url, fixed: fixed, scope: scope, scopeSeparator: scopeSeparator, pkce: pkce, issuer: issuer,
      alwaysNamesIssuer: alwaysNamesIssuer)
  }
}

extension ConnectorDetails {
  /// What an exchange could not go by is refused before it is kept.
  package func checkFacts() throws(VaultError) {
    guard facts != ProviderFacts() else { return }
    let preset = try Preset.forConnector(self)
    guard preset.isGeneric else {
      throw VaultError(
        .usage, "provider \"\(preset.id)\" has a preset that says how it rotates and what its URLs are", subject: name,
        hint: "these options are for provider oauth2; a preset of your own is added by \(step: .addProvider)")
    }
    try check(facts.rotation, among: Preset.Rotation.allCases.map(\.rawValue), as: "rotation")
    try check(facts.oldToken, among: Preset.OldToken.allCases.map(\.rawValue), as: "the old token")
    guard (facts.oldToken == Preset.OldToken.grace.rawValue) == (facts.graceSeconds != nil) else {
      throw VaultError(
        .usage, "an old token's grace and its length go together", subject: name,
        hint: "say how long the old token stays good: \(step: .give(.grace))")
    }
    for (purpose, url) in facts.urls.sorted(by: { $0.key < $1.key }) {
      do {
        // A browser opens the sign-in page; the others get secrets.
        _ = purpose == "authorize" ? try preset.browserEndpoint(url, [:]) : try preset.endpoint(url, [:])
      } catch {
        throw VaultError(.badEndpoint, "the \(purpose) URL: \(error.reason)", subject: name, hint: error.hint).caused(
          by: error)
      }
    }
  }

  private func check(_ value: String?, among known: [String], as option: String) throws(VaultError) {
    guard let value, !known.contains(value) else { return }
    throw VaultError(
      .usage, "\(option) can't be \"\(value)\"", subject: name, hint: "say \(known.joined(separator: ", "))")
  }
}
