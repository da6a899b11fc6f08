/// A token response (RFC 6749, section 5.1).
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
