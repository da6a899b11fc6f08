struct IssuedToken: Sendable {
  let text: String
  let token: Token

  var expiryInMilliseconds: Int64 { token.expires * 1000 }
}
