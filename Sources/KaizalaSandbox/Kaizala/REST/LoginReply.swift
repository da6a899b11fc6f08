struct LoginQuestion: Decodable {
  let mobileNumber, applicationId: String
  let pin: PIN
  let applicationSecret: String?
}

struct LoginReply: Encodable {
  let refreshToken: String
  let grantedScope: String
  let refreshTokenExpiry: Int64
}
