public import CustodyEvidence
public import Custody
public import CustodyLog
public import CustodySecrets
package import CustodySystem
public import CustodyValues

/// A login at the provider whose refresh token goes straight into the vault, seen by nobody.
///
/// A person consents in a browser. The answer is tied to this process by a state and PKCE, and is exchanged for tokens
/// here. Begin a `BrowserLogin` or a `DeviceLogin` with it.
public final class Login {
  /// Host of the token endpoint, which receives the connector's secret and issues the tokens.
  public let host: String
  let request: ExchangeRequest
  let secret: SecureBytes
  let token: String
  /// Logs that the connector's secret was sent to the provider and no token came of it.
  let recordFailure: () -> Void

  /// The result of a login. Store the refresh token with its source by `Transaction.store`.
  public struct Grant: ~Copyable {
    /// The refresh token, in guarded memory.
    public let refreshToken: SecureBytes
    /// The way in which the token came, for the log.
    public let source: Source
    /// End of the refresh token; nil if the provider does not say.
    public let expires: Timestamp?
    /// Oddities in the provider's reply, one line each.
    public let warnings: [String]
    /// The scopes that were asked for and not granted; nil if all were. A refresh that repeats them would be refused.
    public let ungranted: Ungranted?
    /// Holds signals back until the grant is released: Ctrl-C now would leave a token at the provider that nobody has.
    package let signals: HeldSignals

    /// Hands out the refresh token, which ends this value.
    public consuming func takeToken() -> SecureBytes { refreshToken }
  }

  /// A scope of which only a part was granted.
  public struct Ungranted: Equatable, Sendable {
    /// The whole scope as it was asked for.
    public let scope: String
    /// The scopes asked for and not granted.
    public let missing: [String]
    /// The scopes granted.
    public let granted: [String]
  }

  /// Decrypts the connector's secret for a login; this member must have access to the connector.
  ///
  /// - Parameters:
  ///   - token: details of the token that the login is for.
  ///   - session: the session of the member who logs in.
  ///   - action: the action to log, `.tokenStore` or `.tokenRotate`.
  ///   - shown: the destination of the secret, as the member was shown it.
  ///   - caFile: a file of certificate authorities, PEM, that alone are trusted; the system's if nil.
  /// - Throws: `conflict` if the details name another destination by now; `notFound`, `notShared` or `expired` if the
  ///   connector can't be used.
  public init(
    _ token: TokenDetails, in session: borrowing Session, for action: Action, to shown: Destination,
    caFile: String? = nil
  ) throws(VaultError) {
    let materials = try session.connectorMaterials(for: token, to: shown, action)
    let subject = ExchangeSubject(token: token, connector: materials.connector, revision: 0)
    var request = try ExchangeRequest(subject)
    // A login asks for the connector's whole scope, whatever a refresh repeats.
    (request.caFile, request.scope) = (caFile, materials.connector.scope)
    (self.request, self.token) = (request, token.name)
    do { host = try request.resolvedEndpoint().host } catch {
      throw VaultError(endpoint: error, of: token.name)
    }
    recordFailure = session.failedLogin(token, for: action)
    do { secret = try materials.secret.copy() } catch {
      throw VaultError(.outOfMemory, "cannot get memory that may hold a secret")
    }
  }

  var preset: Preset { request.preset }

  /// Exchanges a code of either kind at the token endpoint. The access token that comes along is dropped.
  func redeem(
    _ type: String, _ source: Source, _ values: (inout RequestWriter) throws(ExchangeError) -> Void
  ) throws(ExchangeError) -> Grant {
    let endpoint = try request.resolvedEndpoint()
    let transport = CurlTransport()
    let now = transport.now
    let occasion = PreparedRequest.Occasion(endpoint: endpoint, now: now)
    let prepared = try PreparedRequest.grant(request, secret, type, occasion, values)
    let call = ExchangeCall(request: request, endpoint: endpoint, prepared: prepared, asked: now)
    let signals = HeldSignals()
    do throws(ExchangeError) {
      var mayHaveArrived = false
      let answer = try call.send(over: transport, mayHaveArrived: &mayHaveArrived)
      let reply = try call.read(answer, sent: Self.nothing())
      let expires = reply.refreshExpires.map { Timestamp(milliseconds: $0) }
      let (warnings, ungranted, flaw) = (reply.warnings, ungranted(reply.scopes), reply.refreshFlaw)
      var tokens = reply.tokens()
      guard let token = tokens.refresh.take() else { throw flaw ?? noRefreshToken }
      return Grant(
        refreshToken: token, source: source, expires: expires, warnings: warnings, ungranted: ungranted,
        signals: signals)
    } catch {
      // The code is spent, so the refresh token is kept whatever else is wrong with the reply.
      guard let token = error.rescued?.take() else { throw error }
      return Grant(
        refreshToken: token, source: source, expires: nil, warnings: [error.reason + error.http], ungranted: nil,
        signals: signals)
    }
  }

  /// The scopes that were not granted. RFC 6749, section 5.1: a reply without a scope granted all. `offline_access`
  /// asks for a refresh token; it is granted with one, and some providers don't list it.
  private func ungranted(_ granted: [String]) -> Ungranted? {
    guard let scope = request.scope, !granted.isEmpty else { return nil }
    let separator = (preset.authorize?.scopeSeparator ?? " ").first
    let known = Set(granted.map { $0.lowercased() } + ["offline_access"])
    let missing = scope.split { $0 == " " || $0 == separator }.map(String.init).filter {
      !known.contains($0.lowercased())
    }
    return missing.isEmpty ? nil : Ungranted(scope: scope, missing: missing, granted: granted)
  }

  private static func nothing() throws(ExchangeError) -> SecureBytes {
    do { return try SecureBytes(count: 0) } catch {
      throw ExchangeError(.noMemory, "cannot ask the provider: there is no memory for secrets")
    }
  }

  private var noRefreshToken: ExchangeError {
    var error = ExchangeError(
      .replyIncomplete, "the provider gave an access token and no refresh token; nothing was stored")
    error.advice =
      "most providers give one only to who asks for it by a scope, often offline_access: "
      + "\(step: .changeScope(connector: connector)); or the app lacks the right to one"
    return error
  }

  private var connector: String { String(token.drop { $0 != "/" }.dropFirst()) }

  /// A failure in the words of a login.
  func failure(_ error: ExchangeError) -> VaultError {
    let failure = error.failure
    guard error.code == .refusedByProvider else {
      return VaultError(
        failure.code, "cannot log in for \"\(token)\": \(failure.reason)", subject: token, hint: error.remedy
      ).caused(by: error.withoutToken)
    }
    let said = error.http + (error.said.map { "; \($0)" } ?? "")
    return VaultError(
      .refusedByProvider, "cannot log in for \"\(token)\": the provider did not take the code\(said)",
      subject: token, hint: "run the command again: a code is good once, and not for long"
    ).caused(by: error.withoutToken)
  }
}
