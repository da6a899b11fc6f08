import Foundation
import Testing

@Suite(.timeLimit(.minutes(20))) struct ExchangeTests {
  static let day: Int64 = 86_400_000

  @Test func `the founding flow ends in an access token of the documented shape`() throws {
    let sandbox = try RunningSandbox()
    let grant = try sandbox.grant()
    let reply = try sandbox.accessToken(grant)
    #expect(reply.status == 200)
    let fields = try reply.json()
    #expect(Set(fields.keys) == ["accessToken", "endpointUrl", "accessTokenExpiry", "refreshToken", "scope"])
    #expect(try reply.string("endpointUrl") == "http://127.0.0.1:\(sandbox.port)/")
    #expect(try reply.string("refreshToken") == "")
    #expect(try reply.string("scope") == "groupinfo.read,groupmember.read")
    let left = try reply.number("accessTokenExpiry") - Int64(Date().timeIntervalSince1970 * 1000)
    #expect(left > Self.day - 60_000 && left <= Self.day)
    let me = try sandbox.me(reply.string("accessToken"))
    #expect(me.status == 200)
    #expect(try me.string("mobileNumber") == "+15550101")
  }

  @Test func `IDs and secrets have the shapes that real ones had`() throws {
    let grant = try RunningSandbox().grant()
    #expect(UUID(uuidString: grant.id) != nil)
    #expect(grant.secret.wholeMatch(of: /[A-Z0-9]{10}/) != nil)
  }

  @Test func `a refresh token names its connector, its user's phone and its 365 days`() throws {
    let grant = try RunningSandbox().grant()
    let claims = try claims(grant.refreshToken)
    let text = try #require(claims["urn:microsoft:credentials"] as? String)
    let credentials = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(credentials["applicationId"] as? String == grant.id)
    #expect(credentials["phoneNumber"] as? String == "+15550101")
    let (exp, iat) = (try #require(claims["exp"] as? Int64), try #require(claims["iat"] as? Int64))
    #expect(exp - iat == 365 * 86_400)
    #expect(claims["iss"] as? String == "urn:microsoft:windows-azure:zumo")
  }

  @Test func `a tenant admin's token is tenant-level and a developer's is user-level`() throws {
    let sandbox = try RunningSandbox()
    let grant = try sandbox.grant()
    let first = try sandbox.accessToken(grant).string("accessToken")
    #expect(try sandbox.me(first).string("reach") == "tenant")
    let dev = try sandbox.session("dev@contoso.example", role: "developer")
    let token = try sandbox.post("/sandbox/connectors/\(grant.id)/token", ["session": dev]).string("refreshToken")
    let second = try sandbox.accessToken(grant, token: token).string("accessToken")
    #expect(try sandbox.me(second).string("reach") == "user")
  }

  @Test func `a wrong secret is refused as Kaizala did`() throws {
    let sandbox = try RunningSandbox()
    let reply = try sandbox.accessToken(sandbox.grant(), secret: "AAAAAAAAAA")
    #expect(reply.status == 401)
    #expect(try reply.string("message") == "Dont have correct applicationId and secret in header!")
    #expect(try reply.string("errorCode") == "Unauthenticated")
    #expect(try reply.string("errorCategoryKey") == "AuthException")
    #expect(try reply.json()["accessToken"] == nil)
  }

  @Test func `a new token of the same connector ends the older one`() throws {
    let sandbox = try RunningSandbox()
    let grant = try sandbox.grant()
    let ada = try sandbox.session("ada@contoso.example", role: "admin")
    let newer = try sandbox.post("/sandbox/connectors/\(grant.id)/token", ["session": ada]).string("refreshToken")
    let refused = try sandbox.accessToken(grant)
    #expect(refused.status == 401)
    #expect(try refused.string("errorCode") == "InvalidToken")
    #expect(try sandbox.accessToken(grant, token: newer).status == 200)
  }

  @Test func `a token of another connector is refused`() throws {
    let sandbox = try RunningSandbox()
    let (one, other) = (try sandbox.grant(), try sandbox.grant())
    let reply = try sandbox.accessToken(one, token: other.refreshToken)
    #expect(reply.status == 401)
    #expect(try reply.string("errorCode") == "InvalidToken")
    #expect(try sandbox.accessToken(other).status == 200)
  }

  @Test(arguments: [(327, false), (328, true), (330, true)])
  func `from day 328 on a call brings a new refresh token, and not before`(day: Int, isLate: Bool) throws {
    let sandbox = try RunningSandbox("--clock-offset-days", String(day))
    let grant = try sandbox.grant()
    let newer = try sandbox.accessToken(grant).string("refreshToken")
    #expect(newer.isEmpty != isLate)
    guard isLate else { return }
    #expect(newer != grant.refreshToken)
    let exp = try #require(claims(newer)["exp"] as? Int64)
    #expect(abs(exp - Int64(Date().timeIntervalSince1970) - 365 * 86_400) < 60)
    #expect(try sandbox.accessToken(grant, token: newer).string("refreshToken") == "")
    #expect(try sandbox.accessToken(grant).string("refreshToken") != "")
  }

  @Test func `after its 365 days a token is dead`() throws {
    let sandbox = try RunningSandbox("--clock-offset-days", "365")
    let reply = try sandbox.accessToken(sandbox.grant())
    #expect(reply.status == 401)
    #expect(try reply.string("errorCode") == "InvalidToken")
  }

  @Test func `the hundred and first call in a minute is told when to come again`() throws {
    let sandbox = try RunningSandbox()
    let grant = try sandbox.grant()
    for _ in 0..<100 { #expect(try sandbox.accessToken(grant).status == 200) }
    let reply = try sandbox.accessToken(grant)
    #expect(reply.status == 429)
    let seconds = try #require(reply.headers["retry-after"].flatMap { Int($0) })
    #expect((1...60).contains(seconds))
    #expect(try sandbox.accessToken(sandbox.grant()).status == 200, "another connector has its own count")
  }

  @Test func `a call without an access token is told which header it lacks`() throws {
    let sandbox = try RunningSandbox()
    let reply = try sandbox.me("")
    #expect(reply.status == 401)
    #expect(try reply.string("message") == "Token missing. Header should have token as value of ACCESSTOKEN")
    #expect(try sandbox.me("made-up").string("message").hasPrefix("Invalid token. Failure reason:"))
  }
}
