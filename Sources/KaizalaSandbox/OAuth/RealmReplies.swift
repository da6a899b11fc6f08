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

  var fields: [(String, String)] {
    [
      ("access_token", accessToken), ("token_type", tokenType), ("expires_in", "\(expiresIn)"),
      ("refresh_token", refreshToken ?? ""), ("scope", scope ?? ""),
    ].filter { !$0.1.isEmpty }
  }
}

/// RFC 6749, section 5.2.
struct OAuthRefusal: Error, Encodable {
  let error, description: String
  let status: Int

  init(_ error: String, _ description: String, status: Int = 400) {
    (self.error, self.description, self.status) = (error, description, status)
  }

  enum CodingKeys: String, CodingKey {
    case error
    case description = "error_description"
  }
}

/// RFC 7662, section 2.2; times by the realm's clock.
struct Introspection: Encodable, Sendable {
  var active = false
  var scope, clientID, tokenType: String?
  var issued, expires: Int64?

  enum CodingKeys: String, CodingKey {
    case active, scope
    case clientID = "client_id"
    case tokenType = "token_type"
    case issued = "iat"
    case expires = "exp"
  }
}

/// What came to pass in a realm, for the scripts that test clients against it.
struct RealmReport: Encodable, Sendable {
  var requests = 0, refreshes = 0, reuses = 0, familyKills = 0, revocations = 0, inFlightMost = 0
  var live: [String] = []

  enum CodingKeys: String, CodingKey {
    case requests, refreshes, reuses, revocations, live
    case familyKills = "family_kills"
    case inFlightMost = "in_flight_most"
  }
}
