public import Custody
public import CustodyLog
public import CustodyMemory

/// What an exchange gives to who asked for it. The refresh token, if a new one came, is in the vault already.
public struct AccessToken: ~Copyable {
  public let value: SecureBytes
  /// When it ends, in milliseconds since 1970, where the provider says so.
  public let expires: Int64?
  public let scopes: [String]
  public let apiBase: String?
  public let rotated: Bool
}

extension Session {
  /// Exchanges a refresh token. Opened after every check; recorded, and a rotated token durable, before it returns.
  public func exchange(
    _ token: String, how: Leaving, caFile: String? = nil, timeLimit: Duration = .seconds(30)
  ) throws(VaultError) -> AccessToken {
    let materials = try exchangeMaterials(token)
    let revision = materials.revision
    var request = try ExchangeRequest(materials)
    request.caFile = caFile
    request.timeLimit = timeLimit
    let reply: ExchangeReply
    do {
      reply = try request.exchange(
        connectorSecret: materials.connectorSecret, refreshToken: materials.refreshToken)
    } catch {
      try keepRescued(error, token, how, revision)
      throw VaultError(error, token: token)
    }
    let (expires, scopes, apiBase) = (reply.expires, reply.scopes, reply.apiBase)
    var tokens = reply.tokens()
    let new = tokens.refresh.take()
    let rotated = new != nil
    switch new {
    case .some(let secret): try recordRotation(token, how: how, revision: revision, to: secret)
    case .none: try recordExchange(token, how: how, revision: revision)
    }
    return AccessToken(value: tokens.access, expires: expires, scopes: scopes, apiBase: apiBase, rotated: rotated)
  }

  /// A reply that is no good may have brought a new refresh token all the same, and the old one may be dead.
  private func keepRescued(
    _ error: ExchangeError, _ token: String, _ how: Leaving, _ revision: UInt64
  ) throws(VaultError) {
    if let rescued = error.rescued?.take() {
      try recordRotation(token, how: how, revision: revision, to: rescued)
    } else {
      recordFailedExchange(token)
    }
  }
}

extension ExchangeRequest {
  fileprivate init(_ materials: borrowing ExchangeMaterials) throws(VaultError) {
    let connector = materials.connector
    self.init(preset: try .forConnector(connector), connectorID: connector.connectorID)
    variables["tenant"] = materials.token.providerTenant ?? materials.token.tenant
    endpoint = connector.endpoint
    scope = connector.scope
  }
}

extension Preset {
  /// A connector's preset, in the form that its way of authenticating asks for.
  public static func forConnector(_ connector: ConnectorDetails) throws(VaultError) -> Preset {
    let wanted = connector.clientAuthentication == "post" ? "\(connector.provider)-post" : connector.provider
    guard let preset = Preset.named(wanted) ?? Preset.named(connector.provider) else {
      throw VaultError(
        .badPreset, "there is no provider \"\(connector.provider)\"", subject: connector.provider,
        hint: "list them: \"custody provider list\"")
    }
    return preset
  }
}

extension ConnectorDetails {
  /// Whether secrets may go where this connector exchanges; said before anything is kept.
  public func checkEndpoint() throws(VaultError) {
    let preset = try Preset.forConnector(self)
    guard endpoint != nil || preset.url == nil else { return }
    var request = ExchangeRequest(preset: preset, connectorID: connectorID)
    request.endpoint = endpoint
    do { _ = try request.resolvedEndpoint() } catch {
      throw VaultError(.badEndpoint, error.reason, subject: name, hint: error.hint)
    }
  }
}

extension VaultError {
  fileprivate init(_ error: ExchangeError, token: String) {
    let code = error.code == .noMemory ? Code.outOfMemory : Code(named: error.code.description)
    let said = error.providerCode.map { ": \($0)" } ?? ""
    let more = error.providerText.map { " (\($0))" } ?? ""
    let wait = error.retryAfter.map { "; the provider says to wait \($0) s" } ?? ""
    self.init(
      code, "cannot exchange \"\(token)\": \(error.reason)\(said)\(more)", subject: token, hint: error.hint + wait)
  }
}
