import Foundation

/// A fault that a script has ordered for the next token requests. `acts` says whether the provider does its work
/// first. If it does not, faults of delivery (slow, drip, truncated) send a 503. Faults of the reply's text spoil
/// only grants, and the spoilt text still has the new refresh token in it.
struct Fault: Decodable, Sendable {
  enum Kind: String, Decodable, Sendable {
    /// The right reply.
    case none
    /// The reply comes `seconds` late; a byte each tenth of a second; only half of the body; not at all, as the
    /// connection closes without a byte.
    case slow, drip, truncated
    case lostReply = "lost-reply"
    /// 4 MiB without a `Content-Length`; an HTML page with status 200.
    case huge, html
    /// 400, with the request's headers and body repeated in the description.
    case echo
    case errorIn200 = "error-in-200"
    /// A redirect to `location`.
    case redirect = "308"
    /// 429 and 503 have `Retry-After: seconds`.
    case throttled = "429"
    case failed = "500"
    case unavailable = "503"
    /// An answer of some server in front of the provider: an HTML page with 500, an empty body with 503. It does not
    /// tell what the provider did.
    case bareFailed = "500-bare"
    case bareUnavailable = "503-bare"
    /// Refusals without a word of the provider's: an HTML page with 404, an empty body with the others.
    case notThere = "404"
    case forbidden = "403"
    case tooEarly = "425"
    case tooSlow = "408"
    /// A grant with a list as its scope, a negative `expires_in`, and `token_type` twice.
    case oddFields = "odd-fields"
    /// A grant with a byte order mark before it.
    case byteOrderMark = "byte-order-mark"
    /// `token_type` is `mac`; for Kaizala, the expiry is text.
    case wrongType = "wrong-type"
    case notJSON = "not-json"
    /// Two access tokens in one reply; a reply without one.
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

  /// The reply to send. `right` is what the provider would have answered.
  func reply(to call: Call, instead right: Response, in dialect: Dialect) -> Response {
    switch kind {
    case .none: right
    case .slow: right.delivered(.slow(seconds: seconds))
    case .drip: right.delivered(.drip)
    case .truncated: right.delivered(.truncated)
    case .lostReply: right.delivered(.lost)
    case .huge: huge
    case .html: raw("<!doctype html><title>Sign in</title>", type: "text/html")
    case .errorIn200: dialect.refusal(dialect.deadToken, status: 200)
    case .redirect: moved
    case .throttled:
      dialect.refusal(OAuthRefusal("slow_down", "Too many requests."), status: 429, retryAfter: seconds)
    case .failed: dialect.refusal(OAuthRefusal("server_error", "Something broke."), status: 500)
    case .unavailable:
      dialect.refusal(OAuthRefusal("temporarily_unavailable", "Later."), status: 503, retryAfter: seconds)
    case .bareFailed: page(500)
    case .bareUnavailable: empty(503)
    case .notThere: page(404)
    case .forbidden: empty(403)
    case .tooEarly: empty(425)
    case .tooSlow: empty(408)
    case .oddFields: edited(right, dialect.oddFields)
    case .byteOrderMark: edited(right) { "\u{FEFF}" + $0 }
    case .wrongType: edited(right, dialect.wrongType)
    case .notJSON: edited(right, dialect.malformed)
    case .duplicateKeys: edited(right, dialect.twoAccessTokens)
    case .noAccessToken: edited(right, dialect.noAccessToken)
    case .echo: dialect.refusal(echo(call))
    }
  }

  private var huge: Response {
    raw("{\"padding\":\"" + String(repeating: " ", count: 4 << 20) + "\"}", type: "application/json")
      .delivered(.unmeasured)
  }

  private func raw(_ body: String, type: String, status: Int = 200) -> Response {
    Response(status: status, headers: ["Content-Type": type], body: Data(body.utf8))
  }

  private func page(_ status: Int) -> Response {
    raw("<!doctype html><title>No</title>", type: "text/html", status: status)
  }

  private func empty(_ status: Int) -> Response { Response(status: status) }

  private var moved: Response {
    Response(status: 308, headers: ["Location": location ?? "https://elsewhere.example/token"])
  }

  /// Applies `edit` to the body of a grant. Refusals stay as they are.
  private func edited(_ right: Response, _ edit: (String) -> String) -> Response {
    guard right.status == 200 else { return right }
    var response = right
    response.body = Data(edit(String(decoding: right.body, as: UTF8.self)).utf8)
    return response
  }

  /// A refusal that repeats the request, secrets included.
  private func echo(_ call: Call) -> OAuthRefusal {
    let head = call.headers.map { "\($0.name): \($0.value)" }.sorted().joined(separator: " | ")
    return OAuthRefusal("invalid_request", head + " | " + String(decoding: call.body, as: UTF8.self))
  }
}
