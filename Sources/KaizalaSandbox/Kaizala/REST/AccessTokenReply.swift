struct AccessTokenReply: Encodable {
  let accessToken: String
  let endpointUrl: String
  let accessTokenExpiry: Int64
  /// Empty until the old one is 328 days old.
  let refreshToken: String
  let scope: String
}
