import Foundation

/// What goes wrong with a token request, and whether the provider has done its work before. Where it has not, a fault of the way
/// (slow, drip, truncated) comes with a 503. Faults of the reply's text spoil what was granted, so a new refresh token is in it.
struct Fault: Decodable, Sendable {
  enum Kind: String, Decodable, Sendable {
    /// As if nothing had been ordered.
    case none
    /// `seconds` late; a byte each tenth of a second; the half; the connection closed without a byte.
    case slow, drip, truncated
    case lostReply = "lost-reply"
    /// 4 MiB, of a length that no header tells; a page of HTML with status 200.
    case huge, html
    /// 400, and the description repeats the request's headers and body.
    case echo
    case errorIn200 = "error-in-200"
    /// To `location`.
    case redirect = "308"
    /// 429 and 503 say to come again after `seconds`.
    case throttled = "429"
    case failed = "500"
    case unavailable = "503"
    /// A page of a server in front of it, which tells nothing of what the provider did.
    case bareFailed = "500-bare"
    case bareUnavailable = "503-bare"
    /// A no in no words of the provider's: an empty body, or a page.
    case notThere = "404"
    case forbidden = "403"
    case tooEarly = "425"
    case tooSlow = "408"
    /// A grant with a scope that is a list, an `expires_in` that is negative, another token type, a key twice with one value.
    case oddFields = "odd-fields"
    /// A grant behind a byte order mark.
    case byteOrderMark = "byte-order-mark"
    /// `token_type` mac; of Kaizala, an expiry that is text.
    case wrongType = "wrong-type"
    case notJSON = "not-json"
    /// Two access tokens in one reply; none.
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

  /// The reply in place of the right one.
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

  /// Refusals stay as they are: what is spoilt is a grant.
  private func edited(_ right: Response, _ edit: (String) -> String) -> Response {
    guard right.status == 200 else { return right }
    var response = right
    response.body = Data(edit(String(decoding: right.body, as: UTF8.self)).utf8)
    return response
  }

  /// A provider that repeats what it was sent, secrets and all.
  private func echo(_ call: Call) -> OAuthRefusal {
    let head = call.headers.map { "\($0.name): \($0.value)" }.sorted().joined(separator: " | ")
    return OAuthRefusal("invalid_request", head + " | " + String(decoding: call.body, as: UTF8.self))
  }
}
