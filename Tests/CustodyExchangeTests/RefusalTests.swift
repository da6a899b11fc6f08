import Custody
import CustodyExchange
import Testing

@Suite struct RefusalTests {
  static let cases: [(preset: String, status: Int, body: String, code: ExchangeError.Code, move: ExchangeError.Move)] =
    [
      ("oauth2", 400, #"{"error":"invalid_grant"}"#, .refusedByProvider, .admin),
      ("oauth2", 200, #"{"error":"invalid_grant","access_token":"a"}"#, .refusedByProvider, .admin),
      ("oauth2", 403, #"{"error":"invalid_grant"}"#, .refusedByProvider, .admin),
      ("oauth2", 401, #"{"error":"invalid_client"}"#, .wrongClient, .developer),
      ("oauth2", 401, "{}", .wrongClient, .developer),
      ("oauth2", 400, #"{"error":"invalid_scope"}"#, .requestRefused, .developer),
      ("oauth2", 400, #"{"error":{"message":"x"}}"#, .requestRefused, .developer),
      ("oauth2", 200, #"{"ok":false,"error":"invalid_refresh_token","access_token":"a"}"#, .requestRefused, .developer),
      ("oauth2", 200, #"{"ok":false,"access_token":"a"}"#, .requestRefused, .developer),
      ("oauth2", 404, #"{"access_token":"a"}"#, .requestRefused, .developer),
      ("oauth2", 429, #"{"error":"slow"}"#, .throttled, .tryAgain),
      ("oauth2", 429, "too many", .throttled, .tryAgain),
      ("oauth2", 500, "{}", .providerFailed, .tryAgain),
      ("oauth2", 503, "<html>", .providerFailed, .tryAgain),
      ("oauth2", 403, "<html>", .requestRefused, .developer),
      ("oauth2", 400, "", .requestRefused, .developer),
      ("oauth2", 401, "", .wrongClient, .developer),
      ("oauth2", 404, "<html>", .requestRefused, .developer),
      ("oauth2", 408, "", .providerFailed, .tryAgain),
      ("oauth2", 425, "<html>", .providerFailed, .tryAgain),
      (
        "kaizala", 200,
        #"{"message":"m","errorCode":"InvalidToken","errorCategoryKey":"AuthException","accessToken":"a"}"#,
        .refusedByProvider, .admin
      ),
      ("kaizala", 401, #"{"errorCode":"Unauthenticated"}"#, .wrongClient, .developer),
      ("salesforce", 400, #"{"error":"inactive_org"}"#, .refusedByProvider, .admin),
      ("google", 400, #"{"error":"invalid_rapt"}"#, .refusedByProvider, .admin),
      ("entra", 400, #"{"error":"interaction_required"}"#, .refusedByProvider, .admin),
    ]

  @Test(arguments: cases.indices) func `each refusal has its code and says whose move it is`(index: Int) throws {
    let (preset, status, body, code, move) = Self.cases[index]
    let error = try request(preset, at: "refusal-\(index)", Script(body, status: status)).outcome(secret: "GOOD").error
    #expect(error?.code == code)
    #expect(error?.move == move)
    #expect(error?.status == status)
    #expect(error?.mayHaveArrived == true)
  }

  @Test(
    arguments: [
      ("120", 120), ("0", 0), ("-1", nil), ("1e9", nil), ("99999999999", nil), ("soon", nil), ("12 apples", nil),
      ("Wed, 21 Oct 2026 07:28:00 GMT", 120), ("Wed, 21 Oct 2026 07:20:00 GMT", 0),
      ("Wed, 21 Oct 2099 07:28:00 GMT", nil),
    ]
      as [(String, Int?)])
  func `retry-after is honoured where it is a sane number of seconds, or a time by the server's own clock`(
    header: String, seconds: Int?
  ) throws {
    var script = Script("{}", status: 429)
    script.headers = [["Retry-After", header], ["Date", "Wed, 21 Oct 2026 07:26:00 GMT"]]
    let path = "retry-" + header.filter(\.isNumber)
    let error = try request("oauth2", at: path, script).outcome()
      .error
    #expect(error?.code == .throttled)
    #expect(error?.retryAfter == seconds)
  }

  @Test func `our own secrets and terminal codes do not come back in an error`() throws {
    let (secret, token) = ("client-secret-ABCDEFG/1", "refresh-token-that-is-long")
    let echo =
      #"\u001b[31mbad "# + "\(token) and \(secret), client-secret-ABCDEFG%2F1, cut refresh-token-tha" + #"\u202e"#
      + String(repeating: "x", count: 500)
    let body = #"{"error":"\#(token)","error_description":"\#(echo.replacing("\"", with: "\\\""))"}"#
    let error = try request("oauth2", at: "echo", Script(body, status: 400)).outcome(secret: secret, token: token).error
    let said = try #require(error?.providerText)
    #expect(said.hasPrefix(#"\u{1B}[31mbad [removed] and [removed], [removed], cut [removed]\u{202E}xx"#))
    #expect(said.count == 200)
    #expect(error?.providerCode == "[removed]")
    #expect(error.map { "\($0.reason)" }?.contains("refresh-token") == false)
  }

  @Test func `basic credentials do not come back either`() throws {
    let body = #"{"error":"e","error_description":"got Y29ubitJRCUyRjE6czNjcjN0JTJGJTJCKyUyNg=="}"#
    let error = try request("oauth2", at: "echo-basic", Script(body, status: 400)).outcome().error
    #expect(error?.providerText == "got [removed]")
  }

  @Test func `a provider that echoes at length holds nobody up`() throws {
    // The provider may have made the token so that all its parts are alike.
    let token = String(repeating: "a", count: 60_000)
    let body = #"{"error":"e","error_description":"\#(String(repeating: "a", count: 500_000)) b"}"#
    let begun = ContinuousClock.now
    let error = try request("oauth2", at: "echo-long", Script(body, status: 400)).outcome(token: token).error
    #expect(error?.providerText == "[removed]")
    #expect(ContinuousClock.now - begun < .seconds(200))
  }

  @Test func `every part of a secret is found, whichever of its parts came before`() throws {
    let token = "abcdefghX/abcdefghijk/cdefghijklmnop"
    let body = #"{"error":"e","error_description":"1 abcdefghijklmnop 2 abcdefg 3"}"#
    let error = try request("oauth2", at: "echo-parts", Script(body, status: 400)).outcome(token: token).error
    #expect(error?.providerText == "1 [removed] 2 abcdefg 3")
  }

  @Test func `every code has a hint`() {
    let hints = ExchangeError.Code.all.map(\.hint.description)
    #expect(hints.count == 20)
    #expect(hints.allSatisfy { !$0.isEmpty && !$0.hasSuffix(".") })
  }

  @Test func `every code has one of the vault's, and is found by that again`() {
    let codes = ExchangeError.Code.all
    #expect(Set(codes.map { VaultError.Code($0) }).count == codes.count)
    for code in codes { #expect(ExchangeError.Code(VaultError.Code(code)) == code) }
    #expect(VaultError.Code.all.filter { ExchangeError.Code($0) != nil }.count == codes.count)
    #expect(ExchangeError.Code(VaultError.Code.failed) == nil)
  }
}
