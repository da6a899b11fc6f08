/// An error response (RFC 6749, section 5.2).
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
