public import CustodyEvidence
public import Custody
public import CustodyLog
public import CustodySecrets
package import CustodySystem
public import CustodyValues

/// Getting a refresh token from the provider straight into the vault: nobody sees it on the way.
///
/// A person consents in a browser; what comes back is tied to this process by a state and PKCE, and exchanged here.
public final class Login {
  /// Where the connector's secret goes, and the token comes from.
  public let host: String
  let request: ExchangeRequest
  let secret: SecureBytes
  let token: String
  /// That the connector's secret went to its provider, and nothing came of it.
  let recordFailure: () -> Void

  /// What came of a login. The refresh token is for `Transaction.store`, with its source.
  public struct Grant: ~Copyable {
    public let refreshToken: SecureBytes
    public let source: Source
    /// When it ends, where the provider says so.
    public let expires: Timestamp?
    /// What else is odd about the reply that brought it.
    public let warnings: [String]
    /// What the connector's scope asks for beyond what was granted; a refresh would be refused that repeats it.
    public let ungranted: Ungranted?
    /// Ctrl-C now would leave a token at the provider that nobody has: it waits until this is let go of.
    package let signals: HeldSignals

    public consuming func takeToken() -> SecureBytes { refreshToken }
  }

  /// Less was granted than was asked for.
  public struct Ungranted: Equatable, Sendable {
    /// As it was asked for.
    public let scope: String
    /// What was asked for and not granted.
    public let missing: [String]
    public let granted: [String]
  }

  /// The connector's secret is opened for it: who logs in holds the connector.
  ///
  /// - Parameters:
  ///   - shown: where the secret goes, as whoever logs in was shown it.
  /// - Throws: `conflict` where the details lead elsewhere by now.
  public init(
    _ token: TokenDetails, in session: borrowing Session, for action: Action, to shown: Destination,
    caFile: String? = nil
  ) throws(VaultError) {
    let materials = try session.connectorMaterials(for: token, to: shown, action)
    let subject = ExchangeSubject(token: token, connector: materials.connector, revision: 0)
    var request = try ExchangeRequest(subject)
    // A login asks for all of it, whatever a refresh repeats.
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

  /// The token endpoint's answer to a code, of whichever kind. Its access token is not kept.
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
      // Whatever else is wrong with the reply: the code is spent, and this is what it brought.
      guard let token = error.rescued?.take() else { throw error }
      return Grant(
        refreshToken: token, source: source, expires: nil, warnings: [error.reason + error.http], ungranted: nil,
        signals: signals)
    }
  }

  /// RFC 6749, section 5.1: a reply that says nothing of the scope has granted what was asked for. That a refresh token is wanted
  /// is granted with one, and some don't say so.
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
