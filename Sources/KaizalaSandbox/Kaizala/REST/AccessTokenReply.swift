struct AccessTokenReply: Encodable {
  let accessToken: String
  let endpointUrl: String
  let accessTokenExpiry: Int64
  /// A new refresh token from day 328 of the old one on; empty before.
  let refreshToken: String
  let scope: String
}
