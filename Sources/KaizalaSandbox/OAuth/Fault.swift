import FlyingFox
import Foundation

/// What goes wrong with a token request, and whether the provider has done its work before.
struct Fault: Decodable, Sendable {
  enum Kind: String, Decodable, Sendable {
    case none, slow, drip, truncated, huge, html, echo
    case lostReply = "lost-reply"
    case errorIn200 = "error-in-200"
    case redirect = "308"
    case throttled = "429"
    case failed = "500"
    case unavailable = "503"
    case wrongType = "wrong-type"
    case notJSON = "not-json"
    case duplicateKeys = "duplicate-keys"
    case noAccessToken = "no-access-token"
  }

  let kind: Kind
  var count: Int
  let seconds: Int64
  let location: String?
  let acts: Bool

  enum CodingKeys: String, CodingKey {
    case count, seconds, location, acts
    case kind = "fault"
  }

  init(from decoder: any Decoder) throws {
    let given = try decoder.container(keyedBy: CodingKeys.self)
    kind = try given.decode(Kind.self, forKey: .kind)
    count = try given.decodeIfPresent(Int.self, forKey: .count) ?? 1
    seconds = try given.decodeIfPresent(Int64.self, forKey: .seconds) ?? 1
    location = try given.decodeIfPresent(String.self, forKey: .location)
    acts = try given.decodeIfPresent(Bool.self, forKey: .acts) ?? true
  }

  /// The reply in place of the right one. What takes a socket of one's own is an order to the front, which reads it and
  /// does not pass it on.
  func reply(to call: Call, instead right: HTTPResponse) async -> HTTPResponse {
    switch kind {
    case .none: right
    case .slow: Front.order("slow", seconds, right)
    case .drip: Front.order("drip", seconds, right)
    case .truncated: Front.order("truncated", seconds, right)
    case .lostReply: Front.order("lost-reply", seconds, right)
    case .huge: raw(String(repeating: " ", count: 4 << 20))
    case .html: raw("<!doctype html><title>Sign in</title>", type: "text/html")
    case .errorIn200: raw(#"{"ok":false,"error":"invalid_grant","error_description":"as some do it"}"#)
    case .redirect: moved
    case .throttled: .json(OAuthRefusal("slow_down", "Too many requests."), status: 429, retryAfter: seconds)
    case .failed: .json(OAuthRefusal("server_error", "Something broke."), status: 500)
    case .unavailable: .json(OAuthRefusal("temporarily_unavailable", "Later."), status: 503, retryAfter: seconds)
    case .wrongType: await edited(right) { $0.replacing("\"Bearer\"", with: "\"mac\"") }
    case .notJSON: await edited(right) { $0 + "," }
    case .duplicateKeys:
      await edited(right) { "{\"scope\":\"a\"," + $0.dropFirst().replacing("}", with: ",\"scope\":\"b\"}") }
    case .noAccessToken: await edited(right) { $0.replacing("\"access_token\"", with: "\"token\"") }
    case .echo: echo(call)
    }
  }

  private func raw(_ body: String, type: String = "application/json", status: Int = 200) -> HTTPResponse {
    HTTPResponse(statusCode: .of(status), headers: [.contentType: type], body: Data(body.utf8))
  }

  private var moved: HTTPResponse {
    HTTPResponse(
      statusCode: HTTPStatusCode(308, phrase: "Permanent Redirect"),
      headers: [HTTPHeader("Location"): location ?? "https://elsewhere.example/token"], body: Data())
  }

  private func edited(_ right: HTTPResponse, _ edit: (String) -> String) async -> HTTPResponse {
    let body = (try? await right.bodyData).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    return raw(edit(body), status: right.statusCode.code)
  }

  /// A provider that repeats what it was sent, secrets and all.
  private func echo(_ call: Call) -> HTTPResponse {
    let head = call.headers.map { "\($0.key.rawValue): \($0.value)" }.sorted().joined(separator: " | ")
    let said = head + " | " + String(decoding: call.body, as: UTF8.self)
    return .json(OAuthRefusal("invalid_request", said), status: 400)
  }
}
