public import Custody
internal import CustodyLog
internal import CustodyMemory

/// An authorization code that comes back to a port of this machine (RFC 6749 section 4.1, RFC 7636, RFC 8252).
public struct BrowserLogin {
  private let login: Login
  private let listener: LoopbackListener
  private let key = ProofKey()
  /// For the person's browser.
  public let url: String
  private let name: String

  /// Listens from here on. `port` is for providers that want to know it beforehand.
  public init(_ login: Login, for token: TokenDetails, port: UInt16 = 0) throws(VaultError) {
    guard let authorize = login.preset.authorize else {
      throw VaultError(
        .badPreset, "provider \"\(login.preset.id)\" has no login by browser that Custody knows", subject: token.name,
        hint: "store the refresh token that the provider shows: leave out --login")
    }
    do { listener = try LoopbackListener(port: port) } catch {
      throw VaultError(
        .failed, "cannot listen on port \(port) of this machine: \(error.text)", subject: token.name,
        hint: "leave out --port, or name one that is free")
    }
    name = token.name
    url = try Self.address(authorize, login.request, key, port: listener.port)
    self.login = login
  }

  private var redirect: String { "http://127.0.0.1:\(listener.port)/callback" }

  private static func address(
    _ authorize: Preset.Authorize, _ request: ExchangeRequest, _ key: ProofKey, port: UInt16
  ) throws(VaultError) -> String {
    let endpoint: Endpoint
    do { endpoint = try request.preset.browserEndpoint(authorize.url, request.variables) } catch {
      throw VaultError(error, login: request.connectorID)
    }
    let scopes = [authorize.scope, request.scope].compactMap { $0 }.joined(separator: authorize.scopeSeparator)
    var values = [
      ("response_type", "code"), ("client_id", request.connectorID),
      ("redirect_uri", "http://127.0.0.1:\(port)/callback"), ("state", key.state),
    ]
    if !scopes.isEmpty { values.append(("scope", scopes)) }
    if authorize.pkce { values += [("code_challenge", key.challenge), ("code_challenge_method", "S256")] }
    values += authorize.fixed.map { ($0.name, $0.value) }
    let query = values.map { "\($0.0)=\(QueryText.encode($0.1))" }.joined(separator: "&")
    return endpoint.text + (endpoint.target.contains("?") ? "&" : "?") + query
  }

  /// Waits for the browser. Everyone else who knocks at the port is sent away, and the wait goes on.
  public func finish(within limit: Duration) throws(VaultError) -> Login.Grant {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
      let visit: LoopbackListener.Visit?
      do { visit = try listener.next(within: end - ContinuousClock.now) } catch {
        throw VaultError(.failed, "cannot listen for the browser: \(error.text)", subject: name)
      }
      guard let visit, let code = try code(visit) else { continue }
      var values = [("code", code), ("redirect_uri", redirect)]
      if login.preset.authorize?.pkce == true { values.append(("code_verifier", key.verifier)) }
      do { return try login.redeem("authorization_code", values.map { (name: $0.0, value: $0.1) }, .login) } catch {
        throw VaultError(error, login: name)
      }
    }
    throw VaultError(
      .timedOut, "nobody came back from the provider within \(limit.components.seconds / 60) minutes", subject: name,
      hint: "run the command again, and open the address in a browser on this machine")
  }

  private func code(_ visit: LoopbackListener.Visit) throws(VaultError) -> String? {
    guard let answer = CallbackRequest(visit.head, port: listener.port) else {
      visit.answer(CallbackPage.notHere)
      return nil
    }
    // What some page or program made up has another state: it changes nothing.
    guard key.hasState(answer["state"] ?? "") else {
      visit.answer(CallbackPage.notOurs)
      return nil
    }
    if let issuer = login.preset.authorize?.issuer, let given = answer["iss"], given != issuer {
      visit.answer(CallbackPage.failed)
      throw VaultError(
        .refusedByProvider, "cannot log in for \"\(name)\": the answer is of another provider", subject: name,
        hint: "run the command again; if it lasts, someone stands between the browser and the provider")
    }
    if let error = answer["error"] {
      visit.answer(CallbackPage.failed)
      let words = [error, answer["error_description"]].compactMap { $0 }.map { PrintableText.escape($0).prefix(200) }
      throw VaultError(
        .refusedByProvider, "cannot log in for \"\(name)\": the provider said \(words.joined(separator: ": "))",
        subject: name, hint: "allow it there, or ask who may; nothing was stored")
    }
    guard let code = answer["code"], !code.isEmpty else {
      visit.answer(CallbackPage.notOurs)
      return nil
    }
    visit.answer(CallbackPage.done)
    return code
  }
}
