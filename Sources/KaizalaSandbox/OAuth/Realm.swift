import Foundation

/// One OAuth provider with one client, in memory, with a clock that a script can move forward.
actor Realm {
  let name: String
  let rules: RealmRules
  let clientID = Chance.guid()
  let clientSecret = Chance.opaque()

  /// All tokens that came of one consent.
  struct Family {
    let scope: String
    let began: Int64
    var refreshes = 0
    var isEnded = false
  }

  /// A refresh token's family, and the times at which it was made, last used, and replaced.
  struct RefreshToken {
    let family: Int
    let made: Int64
    var used: Int64
    var replaced: Int64?
  }

  struct AccessToken {
    let family: Int
    let scope: String
    let made, expires: Int64
  }

  private(set) var families: [Family] = []
  private(set) var refreshTokens: [String: RefreshToken] = [:]
  private(set) var accessTokens: [String: AccessToken] = [:]
  var codes: [String: AuthorizationCode] = [:]
  var devices: [String: DeviceCode] = [:]
  private var faults = FaultQueue()
  private var ahead: Int64 = 0
  private var counted = RealmReport()

  init(name: String, rules: RealmRules) { (self.name, self.rules) = (name, rules) }

  var now: Int64 { nowInMilliseconds / 1000 }
  var nowInMilliseconds: Int64 { Int64(Date().timeIntervalSince1970 * 1000) + ahead * 1000 }

  func moveClock(by seconds: Int64) { ahead += seconds }

  func order(_ fault: Fault) { faults.order(fault) }

  /// Counts a request to the token endpoint, and returns the fault that it shall meet.
  func beginCall() -> Fault? {
    counted.requests += 1
    return faults.next()
  }

  func report(inFlightMost: Int) -> RealmReport {
    var report = counted
    report.inFlightMost = inFlightMost
    report.live = refreshTokens.filter { isLive($0.value) }.keys.sorted()
    return report
  }

  // MARK: Grants

  /// A refresh token of a new grant, as an admin gets one by consenting.
  func grant(scope: String) -> String { make(family: begin(scope: scope)) }

  func first(scope: String) -> (answer: TokenAnswer, family: Int) {
    let family = begin(scope: scope)
    return (answer(family, refresh: make(family: family), scope: scope), family)
  }

  private func begin(scope: String) -> Int {
    families.append(Family(scope: scope, began: now))
    return families.count - 1
  }

  func end(_ family: Int) { families[family].isEnded = true }

  private func make(family: Int) -> String {
    let text = "rt-" + Chance.opaque()
    refreshTokens[text] = RefreshToken(family: family, made: now, used: now)
    return text
  }

  private func answer(_ family: Int, refresh: String?, scope: String) -> TokenAnswer {
    let text = "at-" + Chance.opaque()
    accessTokens[text] = AccessToken(family: family, scope: scope, made: now, expires: now + rules.accessSeconds)
    return TokenAnswer(
      accessToken: text, expiresIn: rules.accessSeconds, refreshToken: refresh, scope: scope.isEmpty ? nil : scope)
  }

  // MARK: Refreshing

  /// The time at which a token ends if nobody uses it: the earliest of its lifetimes. A replaced token ends with its
  /// time of grace.
  private func end(of token: RefreshToken) -> Int64? {
    var ends = [
      rules.refreshSeconds.map { token.made + $0 }, rules.idleSeconds.map { token.used + $0 },
      rules.familySeconds.map { families[token.family].began + $0 },
    ].compactMap(\.self)
    if let replaced = token.replaced, rules.oldToken != .valid {
      ends.append(rules.oldToken == .grace ? replaced + rules.graceSeconds : replaced)
    }
    return ends.min()
  }

  private func isLive(_ token: RefreshToken) -> Bool {
    !families[token.family].isEnded && end(of: token).map { now < $0 } ?? true
  }

  func refresh(_ text: String, scope: String) throws(OAuthRefusal) -> TokenAnswer {
    guard let token = refreshTokens[text], isLive(token) else { throw refuse(text) }
    let granted = families[token.family].scope
    guard Self.isWithin(scope, granted) else {
      throw OAuthRefusal("invalid_scope", "The scope goes beyond what was granted.")
    }
    counted.refreshes += 1
    families[token.family].refreshes += 1
    refreshTokens[text]?.used = now
    var new: String?
    if isRenewed(token) {
      new = make(family: token.family)
      // A retry within the time of grace does not prolong it.
      if token.replaced == nil { refreshTokens[text]?.replaced = now }
    }
    return answer(token.family, refresh: new, scope: scope.isEmpty ? granted : scope)
  }

  /// True if a refresh brings a new refresh token. With `optional` it does every other time, and always for a token
  /// that was replaced already: its replacement may have been lost.
  private func isRenewed(_ token: RefreshToken) -> Bool {
    switch rules.rotation {
    case .never: false
    case .always: true
    case .late: now - token.made >= rules.lateSeconds
    case .optional: token.replaced != nil || families[token.family].refreshes.isMultiple(of: 2)
    }
  }

  /// True if a scope asks for no more than was granted (RFC 6749, section 6). A grant without a scope has no bounds.
  private static func isWithin(_ scope: String, _ granted: String) -> Bool {
    granted.isEmpty || Set(scope.split(separator: " ")).isSubset(of: granted.split(separator: " "))
  }

  /// The refusal of a token that is not live. If the token was replaced before, two parties hold it and one may be a
  /// thief, so this counts as reuse.
  private func refuse(_ text: String) -> OAuthRefusal {
    if let token = refreshTokens[text], token.replaced != nil, rules.oldToken != .valid {
      counted.reuses += 1
      if rules.reuseKillsFamily, !families[token.family].isEnded {
        counted.familyKills += 1
        end(token.family)
      }
    }
    return .init("invalid_grant", "The refresh token is unknown, expired, or was used before.")
  }

  // MARK: Revocation and introspection

  /// Revokes a token (RFC 7009). An unknown token is no error. A refresh token takes its whole grant with it.
  func revoke(_ text: String) {
    counted.revocations += 1
    if let token = refreshTokens[text] { end(token.family) }
    accessTokens[text] = nil
  }

  func introspect(_ text: String) -> Introspection {
    if let token = accessTokens[text], now < token.expires, !families[token.family].isEnded {
      return Introspection(
        active: true, scope: token.scope, clientID: clientID, tokenType: "Bearer", issued: token.made,
        expires: token.expires)
    }
    guard let token = refreshTokens[text], isLive(token) else { return Introspection() }
    return Introspection(
      active: true, scope: families[token.family].scope, clientID: clientID, issued: token.made,
      expires: end(of: token))
  }
}
