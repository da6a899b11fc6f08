package import CustodyEvidence
package import Custody

extension Preset {
  /// True for the presets of plain OAuth 2.0, `oauth2` and those from discovery. Only there can a connector state facts
  /// about its provider.
  package var isGeneric: Bool { id == "oauth2" || id.hasPrefix("oauth2-") }

  /// Returns the preset with the facts that a connector states about its provider; facts it does not state stay as they
  /// are.
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
  /// Throws if an exchange could not use the provider facts. Called before they are stored.
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
        // The sign-in page opens in a browser, so its host is free; the others receive secrets.
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
