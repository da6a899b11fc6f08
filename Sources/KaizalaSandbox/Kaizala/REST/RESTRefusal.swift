/// An error of the REST endpoint. The body's three fields, the codes and the first, second and third message are documented
/// or quoted by a client; which code goes with the second, the other messages and all statuses but 429 are our reading.
enum RESTRefusal: Error {
  case wrongConnector, missingAccessToken, invalidToken
  case deactivated, wrongPIN
  case badParameters(String)
  case throttled(seconds: Int64)
  case unknownPath

  struct Body: Encodable {
    let message, errorCode, errorCategoryKey: String
  }

  var status: Int {
    switch self {
    case .wrongConnector, .missingAccessToken, .invalidToken, .wrongPIN: 401
    case .badParameters, .deactivated: 400
    case .throttled: 429
    case .unknownPath: 404
    }
  }

  var body: Body {
    switch self {
    case .wrongConnector: Self.auth("Dont have correct applicationId and secret in header!", "Unauthenticated")
    case .missingAccessToken:
      Self.auth("Token missing. Header should have token as value of ACCESSTOKEN", "InvalidToken")
    case .invalidToken:
      Self.auth("Invalid token. Failure reason:Token validation failed due to unknown reason!", "InvalidToken")
    case .wrongPIN: Self.auth("The PIN is not the one that was sent.", "Unauthenticated")
    case .deactivated: Self.other("The connector is deactivated and gets no new tokens.", "InvalidParameters")
    case .badParameters(let what): Self.other(what, "InvalidParameters")
    case .throttled: Self.other("More than \(Throttle.most) calls in a minute.", "TooManyRequests")
    case .unknownPath: Self.other("There is no such call in the sandbox.", "InvalidParameters")
    }
  }

  var retryAfter: Int64? {
    if case .throttled(let seconds) = self { seconds } else { nil }
  }

  private static func auth(_ message: String, _ code: String) -> Body {
    Body(message: message, errorCode: code, errorCategoryKey: "AuthException")
  }

  private static func other(_ message: String, _ code: String) -> Body {
    Body(message: message, errorCode: code, errorCategoryKey: "Service Exception")
  }
}
