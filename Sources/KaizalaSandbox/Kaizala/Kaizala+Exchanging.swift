extension Kaizala {
  func exchange(_ text: String, connector id: String, secret: String) throws(RESTRefusal) -> AccessTokenReply {
    let connector = try counted(id)
    guard connector.secret == secret else { throw .wrongConnector }
    guard let token = refreshTokens[text], token.connector == connector.id, token.expires > clock.now else {
      throw .invalidToken
    }
    let access = accessToken(from: token, for: connector)
    let newer = renewal(of: token, for: connector)
    counted.exchanges += 1
    counted.renewals += newer == nil ? 0 : 1
    return AccessTokenReply(
      accessToken: access.text, endpointUrl: base, accessTokenExpiry: access.expiryInMilliseconds,
      refreshToken: newer?.text ?? "", scope: connector.scope)
  }

  func holder(ofAccessToken text: String) throws(RESTRefusal) -> Token {
    guard let token = accessTokens[text], token.expires > clock.now else { throw .invalidToken }
    _ = try counted(token.connector)
    return token
  }

  func sendPIN(to number: String, connector id: String) throws(RESTRefusal) {
    let connector = try counted(id)
    guard connector.isActive else { throw .deactivated }
    let login = AppLogin(number: try Self.number(number), connector: connector.id)
    let pin = Chance.pin()
    appPINs[login] = pin
    SandboxConsole.say("PIN for \(login.number) at connector \(connector.id): \(pin)")
  }

  /// Turns a PIN into a refresh token of user level. Only the portal makes tenant-level ones.
  func logIn(_ asked: LoginQuestion) throws(RESTRefusal) -> LoginReply {
    let connector = try counted(asked.applicationId)
    if let secret = asked.applicationSecret, secret != connector.secret { throw .wrongConnector }
    guard connector.isActive else { throw .deactivated }
    let login = AppLogin(number: try Self.number(asked.mobileNumber), connector: connector.id)
    guard let pin = appPINs[login], pin == asked.pin.number else { throw .wrongPIN }
    appPINs[login] = nil
    let issued = generate(for: connector, phone: login.number, reach: .user)
    return LoginReply(
      refreshToken: issued.text, grantedScope: connector.scope, refreshTokenExpiry: issued.expiryInMilliseconds)
  }

  /// Looks up a connector and counts one call of it against the throttle.
  private func counted(_ id: String) throws(RESTRefusal) -> Connector {
    guard let connector = connectors[id.lowercased()] else { throw .wrongConnector }
    if let seconds = throttle.wait(of: connector.id, now: clock.now) { throw .throttled(seconds: seconds) }
    return connector
  }

  private static func number(_ text: String) throws(RESTRefusal) -> String {
    do { return try Line.phone(text) } catch { throw .badParameters(error.text) }
  }
}
