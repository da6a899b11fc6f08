public import Custody
public import CustodyLog
public import CustodyMemory

/// Getting a refresh token from the provider straight into the vault: nobody sees it on the way.
///
/// A person consents in a browser; what comes back is tied to this process by a state and PKCE, and exchanged here.
public final class Login {
  let request: ExchangeRequest
  let secret: SecureBytes

  /// What came of a login. The refresh token is for `Transaction.store`, with its source.
  public struct Grant: ~Copyable {
    public let refreshToken: SecureBytes
    public let source: Source
    /// When it ends, where the provider says so.
    public let expires: Timestamp?
    public let scopes: [String]

    public consuming func takeToken() -> SecureBytes { refreshToken }
  }

  /// The connector's secret is opened for it: who logs in holds the connector.
  public init(
    _ token: TokenDetails, in session: borrowing Session, for action: Action, caFile: String? = nil
  ) throws(VaultError) {
    let materials = try session.connectorMaterials(token.connector, for: action)
    let subject = ExchangeSubject(token: token, connector: materials.connector, revision: 0)
    var request = try ExchangeRequest(subject)
    request.caFile = caFile
    self.request = request
    do { secret = try materials.secret.copy() } catch {
      throw VaultError(.outOfMemory, "cannot get memory that may hold a secret")
    }
  }

  var preset: Preset { request.preset }

  /// The token endpoint's answer to a code, of whichever kind.
  func redeem(
    _ type: String, _ values: [(name: String, value: String)], _ source: Source
  ) throws(ExchangeError) -> Grant {
    let endpoint = try request.resolvedEndpoint()
    let transport = CurlTransport()
    let now = transport.now
    let prepared = try PreparedRequest.grant(request, secret, type, values, .init(endpoint: endpoint, now: now))
    let call = ExchangeCall(request: request, endpoint: endpoint, prepared: prepared, asked: now)
    var mayHaveArrived = false
    let nothing: SecureBytes
    do { nothing = try SecureBytes(count: 0) } catch {
      throw ExchangeError(.noMemory, "there is no memory for secrets")
    }
    let answer = try call.send(over: transport, mayHaveArrived: &mayHaveArrived)
    let reply = try call.read(answer, sent: nothing)
    let (expires, scopes) = (reply.refreshExpires.map { Timestamp(milliseconds: $0) }, reply.scopes)
    var tokens = reply.tokens()
    guard let token = tokens.refresh.take() else {
      throw ExchangeError(
        .replyIncomplete,
        "the provider gave an access token and no refresh token: the app may lack the right to one, or the scope that asks "
          + "for it (offline_access, access_type=offline)")
    }
    return Grant(refreshToken: token, source: source, expires: expires, scopes: scopes)
  }
}

extension VaultError {
  init(_ error: ExchangeError, login token: String) {
    let failure = error.failure
    self.init(
      Code(named: failure.code), "cannot log in for \"\(token)\": \(failure.reason)", subject: token, hint: error.advice
    )
  }
}
