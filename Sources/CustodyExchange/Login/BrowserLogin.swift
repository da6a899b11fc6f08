public import Custody
internal import CustodyLog
internal import CustodySystem
internal import CustodyValues

/// A login by browser: an authorization code that returns to a port of this machine (RFC 6749 section 4.1, RFC 7636,
/// RFC 8252).
public struct BrowserLogin {
  private let login: Login
  private let listener: LoopbackListener
  private let key = ProofKey()
  private let issuer: (name: String?, isAlwaysNamed: Bool)
  private let redirect: String
  /// The address to open in the person's browser.
  public let url: String

  /// Begins to listen on 127.0.0.1.
  ///
  /// - Parameters:
  ///   - login: the login to make.
  ///   - port: the port to listen on, for providers that require a registered one; 0 takes any free one.
  /// - Throws: `badPreset` if the provider has no login by browser, `failed` if the port can't be had.
  public init(_ login: Login, port: UInt16 = 0) throws(VaultError) {
    guard let authorize = login.preset.authorize else {
      throw VaultError(
        .badPreset, "provider \"\(login.preset.id)\" has no login by browser that Custody knows", subject: login.token,
        hint: "store the refresh token that the provider shows: leave out \(step: .leaveOut(.login))")
    }
    do { listener = try LoopbackListener(port: port) } catch {
      throw VaultError(
        .failed, "cannot listen on port \(port) of this machine: \(error.text)", subject: login.token,
        hint: "leave out \(step: .leaveOut(.port)), or name one that is free"
      ).caused(by: error)
    }
    redirect = "http://127.0.0.1:\(listener.port)/callback"
    url = try Self.address(authorize, login, key, redirect)
    issuer = (authorize.issuer, authorize.alwaysNamesIssuer)
    self.login = login
  }

  private static func address(
    _ authorize: Preset.Authorize, _ login: Login, _ key: ProofKey, _ redirect: String
  ) throws(VaultError) -> String {
    let request = login.request
    let endpoint: Endpoint
    do { endpoint = try request.preset.browserEndpoint(authorize.url, request.variables) } catch {
      throw login.failure(error)
    }
    let scopes = [authorize.scope, request.scope].compactMap { $0 }.joined(separator: authorize.scopeSeparator)
    var values = [
      ("response_type", "code"), ("client_id", request.connectorID), ("redirect_uri", redirect), ("state", key.state),
    ]
    if !scopes.isEmpty { values.append(("scope", scopes)) }
    if authorize.pkce { values += [("code_challenge", key.challenge), ("code_challenge_method", "S256")] }
    values += authorize.fixed.map { ($0.name, $0.value) }
    let query = values.map { "\(QueryText.encode($0.0))=\(QueryText.encode($0.1))" }.joined(separator: "&")
    return endpoint.text + (endpoint.target.contains("?") ? "&" : "?") + query
  }

  /// Waits for the browser's answer and exchanges its code for tokens. Other requests to the port are turned away, and
  /// the wait goes on.
  ///
  /// - Parameter limit: the longest wait.
  /// - Returns: the refresh token, to be stored.
  /// - Throws: `timedOut` if no answer came, `refusedByProvider` if the person or the provider said no, otherwise the
  ///   code of the failed exchange.
  public func finish(within limit: Duration) throws(VaultError) -> Login.Grant {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
      let visit: LoopbackVisit?
      do { visit = try listener.next(within: end - ContinuousClock.now) } catch {
        throw VaultError(.failed, "cannot listen for the browser: \(error.text)", subject: login.token).caused(
          by: error)
      }
      guard let visit, let code = try code(visit) else { continue }
      listener.stop()
      return try redeem(code)
    }
    throw VaultError(
      .timedOut, "nobody came back from the provider within \(TimeSpan(seconds: limit.components.seconds).text)",
      subject: login.token, hint: "run the command again, and open the address in a browser on this machine")
  }

  private func redeem(_ code: String) throws(VaultError) -> Login.Grant {
    let preset = login.preset
    do {
      return try login.redeem("authorization_code", .login) { writer throws(ExchangeError) in
        try writer.put(code, at: preset.inBody("code"), as: "code")
        try writer.hide(text: code)
        try writer.put(redirect, at: preset.inBody("redirect_uri"), as: "address")
        guard preset.authorize?.pkce == true else { return }
        try writer.put(key.verifier, at: preset.inBody("code_verifier"), as: "code verifier")
        try writer.hide(text: key.verifier)
      }
    } catch {
      login.recordFailure()
      throw login.failure(error)
    }
  }

  private func code(_ visit: LoopbackVisit) throws(VaultError) -> String? {
    guard let answer = CallbackRequest(visit.head, port: listener.port) else {
      visit.answer(CallbackPage.notHere)
      return nil
    }
    // A request that some page or program made up has another state: it changes nothing.
    guard key.hasState(answer["state"] ?? "") else {
      visit.answer(CallbackPage.notOurs)
      return nil
    }
    guard isOfIssuer(answer["iss"]) else {
      visit.answer(CallbackPage.failed)
      throw VaultError(
        .refusedByProvider, "cannot log in for \"\(login.token)\": the answer is of another provider",
        subject: login.token,
        hint: "run the command again; if it lasts, someone stands between the browser and the provider")
    }
    if let error = answer["error"] {
      visit.answer(CallbackPage.failed)
      throw refusal(error, answer["error_description"])
    }
    guard let code = answer["code"], !code.isEmpty else {
      visit.answer(CallbackPage.notOurs)
      return nil
    }
    visit.answer(CallbackPage.done)
    return code
  }

  /// True if the answer is from the expected issuer (RFC 9207). Without the check, a mixed-up answer would send one
  /// provider's code to another.
  private func isOfIssuer(_ given: String?) -> Bool {
    guard let name = issuer.name else { return true }
    return given.map { $0.utf8.elementsEqual(name.utf8) } ?? !issuer.isAlwaysNamed
  }

  private func refusal(_ error: String, _ description: String?) -> VaultError {
    let words = PrintableText.quote([error, description].compactMap { $0 }.joined(separator: ": "))
    return VaultError(
      .refusedByProvider, "cannot log in for \"\(login.token)\": the provider said: \(words)", subject: login.token,
      hint: error == "access_denied"
        ? "allow it there, or ask who may; nothing was stored"
        : "check the connector's ID, its scope, and the address that it may come back to (\(redirect)); nothing was stored"
    )
  }
}
