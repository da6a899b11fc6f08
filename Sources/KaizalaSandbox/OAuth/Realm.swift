import Foundation

/// One OAuth provider with one client, in memory, by a clock that a script can move.
actor Realm {
  let name: String
  let rules: RealmRules
  let clientID = Chance.guid()
  let clientSecret = Chance.opaque()

  /// A refresh token: of which grant, when it was made, used, and replaced.
  struct RefreshToken {
    let family: Int
    let made: Int64
    var used: Int64
    var replaced: Int64?
  }

  struct AuthorizationCode {
    let redirect, challenge, scope: String
    let expires: Int64
  }

  struct DeviceCode {
    let userCode, scope: String
    let expires: Int64
    var polled: Int64 = 0
    var decision: Decision?
  }

  enum Decision: String, Decodable, Sendable { case allow, deny }

  struct Report: Encodable {
    var requests = 0, refreshes = 0, reuses = 0, familyKills = 0, revocations = 0, inFlightMost = 0
    var live: [String] = []

    enum CodingKeys: String, CodingKey {
      case requests, refreshes, reuses, revocations, live
      case familyKills = "family_kills"
      case inFlightMost = "in_flight_most"
    }
  }

  var refreshTokens: [String: RefreshToken] = [:]
  var accessTokens: [String: (family: Int, expires: Int64)] = [:]
  var codes: [String: AuthorizationCode] = [:]
  var devices: [String: DeviceCode] = [:]
  var faults: [Fault] = []
  private var families = 0
  private var ended: Set<Int> = []
  private var ahead: Int64 = 0
  private var counted = Report()
  private var inFlight = 0

  init(name: String, rules: RealmRules) { (self.name, self.rules) = (name, rules) }

  var now: Int64 { Int64(Date().timeIntervalSince1970) + ahead }

  func moveClock(by seconds: Int64) { ahead += seconds }

  func grant() -> String {
    families += 1
    return make(family: families)
  }

  func report() -> Report {
    var report = counted
    report.live = refreshTokens.keys.filter { state(of: $0) == .live }.sorted()
    return report
  }

  // MARK: Requests to the token endpoint

  func begin() -> Fault? {
    counted.requests += 1
    inFlight += 1
    counted.inFlightMost = max(counted.inFlightMost, inFlight)
    guard var fault = faults.first else { return nil }
    fault.count -= 1
    if fault.count > 0 { faults[0] = fault } else { faults.removeFirst() }
    return fault
  }

  func end() { inFlight -= 1 }

  func set(_ fault: Fault) { faults = fault.count > 0 ? [fault] : [] }

  // MARK: Tokens

  enum State { case live, dead, unknown }

  private func state(of text: String) -> State {
    guard let token = refreshTokens[text] else { return .unknown }
    let isOver =
      rules.refreshSeconds.map { now >= token.made + $0 } ?? false
      || rules.idleSeconds.map { now >= token.used + $0 } ?? false
    guard !ended.contains(token.family), !isOver else { return .dead }
    guard let replaced = token.replaced else { return .live }
    return rules.oldToken == .valid || rules.oldToken == .grace && now < replaced + rules.graceSeconds ? .live : .dead
  }

  private func make(family: Int) -> String {
    let text = "rt-" + Chance.opaque()
    refreshTokens[text] = RefreshToken(family: family, made: now, used: now)
    return text
  }

  func accessToken(family: Int) -> String {
    let text = "at-" + Chance.opaque()
    accessTokens[text] = (family, now + rules.accessSeconds)
    return text
  }

  func refresh(_ text: String, scope: String) throws(OAuthRefusal) -> TokenAnswer {
    guard state(of: text) == .live, let token = refreshTokens[text] else { throw refuse(text) }
    counted.refreshes += 1
    refreshTokens[text]?.used = now
    let isRenewed =
      switch rules.rotation {
      case .never: false
      case .always, .optional: true
      case .late: now - token.made >= rules.lateSeconds
      }
    var new: String?
    if isRenewed {
      new = make(family: token.family)
      if token.replaced == nil { refreshTokens[text]?.replaced = now }
    }
    return answer(family: token.family, refresh: new, scope: scope)
  }

  /// A token that was replaced, and its time is over: two hold it, and one of them may be a thief.
  private func refuse(_ text: String) -> OAuthRefusal {
    if let token = refreshTokens[text], token.replaced != nil, !ended.contains(token.family) {
      counted.reuses += 1
      if rules.reuseKillsFamily {
        counted.familyKills += 1
        ended.insert(token.family)
      }
    }
    return .init("invalid_grant", "The refresh token is unknown, expired, or was used before.")
  }

  func first(scope: String) -> TokenAnswer {
    families += 1
    return answer(family: families, refresh: make(family: families), scope: scope)
  }

  private func answer(family: Int, refresh: String?, scope: String) -> TokenAnswer {
    TokenAnswer(
      accessToken: accessToken(family: family), expiresIn: rules.accessSeconds, refreshToken: refresh,
      scope: scope.isEmpty ? nil : scope)
  }

  /// RFC 7009: what is unknown is no error. A refresh token takes its whole grant with it.
  func revoke(_ text: String) {
    counted.revocations += 1
    if let token = refreshTokens[text] { ended.insert(token.family) }
    accessTokens[text] = nil
  }

  /// RFC 7662.
  func isActive(_ text: String) -> Bool {
    if let token = accessTokens[text] { return now < token.expires && !ended.contains(token.family) }
    return state(of: text) == .live
  }
}

/// RFC 6749, section 5.1.
struct TokenAnswer: Encodable, Sendable {
  let accessToken: String
  var tokenType = "Bearer"
  let expiresIn: Int64
  let refreshToken, scope: String?

  enum CodingKeys: String, CodingKey {
    case scope
    case accessToken = "access_token"
    case tokenType = "token_type"
    case expiresIn = "expires_in"
    case refreshToken = "refresh_token"
  }
}

/// RFC 6749, section 5.2.
struct OAuthRefusal: Error, Encodable {
  let error, description: String
  var status = 400

  init(_ error: String, _ description: String, status: Int = 400) {
    (self.error, self.description, self.status) = (error, description, status)
  }

  enum CodingKeys: String, CodingKey {
    case error
    case description = "error_description"
  }
}
