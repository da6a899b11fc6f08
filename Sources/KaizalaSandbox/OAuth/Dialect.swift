import Foundation

/// A provider's way to word its replies: how refusals look, and how a fault spoils a reply.
enum Dialect: Sendable {
  case json, form, kaizala

  func refusal(_ refusal: OAuthRefusal, status: Int? = nil, retryAfter: Int64? = nil) -> Response {
    let status = status ?? refusal.status
    var response: Response
    switch self {
    case .json: response = .json(refusal, status: status, retryAfter: retryAfter)
    case .form:
      response = .form([("error", refusal.error), ("error_description", refusal.description)], status: status)
      response.headers["Retry-After"] = retryAfter.map(String.init)
    case .kaizala:
      let category = refusal.error == "InvalidToken" ? "AuthException" : "Service Exception"
      let body = RESTRefusal.Body(
        message: refusal.description, errorCode: refusal.error, errorCategoryKey: category)
      response = .json(body, status: status, retryAfter: retryAfter)
    }
    if refusal.error == "invalid_client", status == 401 {
      response.headers["WWW-Authenticate"] = "Basic realm=\"sandbox\""
    }
    return response
  }

  /// This provider's refusal of a refresh token that is not valid.
  var deadToken: OAuthRefusal {
    self == .kaizala
      ? .init("InvalidToken", "Invalid token. Failure reason:Token validation failed due to unknown reason!")
      : .init("invalid_grant", "As some providers do it.")
  }

  private var accessToken: String { self == .kaizala ? "accessToken" : "access_token" }

  func wrongType(_ body: String) -> String {
    switch self {
    case .json: body.replacing("\"Bearer\"", with: "\"mac\"")
    case .form: body.replacing("token_type=Bearer", with: "token_type=mac")
    case .kaizala: body.replacing(/"accessTokenExpiry":[0-9]+/, with: "\"accessTokenExpiry\":\"soon\"")
    }
  }

  func oddFields(_ body: String) -> String {
    switch self {
    case .json:
      "{\"scope\":[\"a\",\"b\"],\"token_type\":\"Bearer\","
        + body.dropFirst().replacing(/"expires_in":[0-9]+/, with: "\"expires_in\":-1")
    case .form: "token_type=BearerToken&scope=a%zz&" + body.replacing(/expires_in=[0-9]+/, with: "expires_in=-1")
    case .kaizala: "{\"scope\":7," + body.dropFirst()
    }
  }

  func twoAccessTokens(_ body: String) -> String {
    self == .form ? "access_token=another&" + body : "{\"\(accessToken)\":\"another\"," + body.dropFirst()
  }

  func noAccessToken(_ body: String) -> String {
    self == .form
      ? body.replacing("access_token=", with: "token=") : body.replacing("\"\(accessToken)\"", with: "\"token\"")
  }

  func malformed(_ body: String) -> String { self == .form ? body + "&%ZZ=%" : body + "," }
}
