import Foundation
import Testing

/// Faults, age and the count of Kaizala's own token endpoint.
@Suite(.timeLimit(.minutes(20))) struct KaizalaFaultTests {
  private func order(_ fault: String, _ fields: [String: Any] = [:], in sandbox: RunningSandbox) throws {
    _ = try sandbox.post("/sandbox/fault", fields.merging(["fault": fault]) { $1 })
  }

  private func ask(_ grant: Grant) -> Ask {
    Ask(
      path: "/v1/accessToken",
      headers: ["applicationId": grant.id, "applicationSecret": grant.secret, "refreshToken": grant.refreshToken])
  }

  @Test func `its faults speak Kaizala's words`() throws {
    let sandbox = try RunningSandbox()
    let grant = try sandbox.grant()
    func reply(_ fault: String, _ fields: [String: Any] = [:]) throws -> Reply {
      try order(fault, fields, in: sandbox)
      return try sandbox.accessToken(grant)
    }
    let error = try reply("error-in-200")
    #expect(error.status == 200)
    #expect(try error.string("errorCode") == "InvalidToken")
    #expect(try error.string("errorCategoryKey") == "AuthException")
    #expect(try reply("no-access-token").json()["accessToken"] == nil)
    #expect(try reply("wrong-type").string("accessTokenExpiry") == "soon")
    #expect(try reply("duplicate-keys").body.components(separatedBy: "\"accessToken\":").count == 3)
    let moved = try reply("308", ["location": "https://kms2.kaiza.la/v1/accessToken"])
    #expect(moved.status == 308)
    #expect(moved.headers["location"] == "https://kms2.kaiza.la/v1/accessToken")
    #expect(try reply("429", ["seconds": 3]).headers["retry-after"] == "3")
    #expect(try reply("echo").string("message").contains(grant.secret))
    #expect(try sandbox.accessToken(grant).status == 200)
  }

  @Test func `a lost reply has rotated, or has not`() throws {
    let sandbox = try RunningSandbox("--clock-offset-days", "330")
    let grant = try sandbox.grant()
    for (acts, renewals) in [(false, 0), (true, 1)] {
      try order("lost-reply", ["acts": acts], in: sandbox)
      #expect(try sandbox.exchange(ask(grant)).isEmpty)
      #expect(try sandbox.post("/sandbox/report", [:]).number("renewals") == renewals)
    }
  }

  @Test func `only the call for an access token goes wrong`() throws {
    let sandbox = try RunningSandbox()
    let grant = try sandbox.grant()
    let access = try sandbox.accessToken(grant).string("accessToken")
    try order("500", in: sandbox)
    #expect(try sandbox.me(access).status == 200)
    #expect(try sandbox.accessToken(grant).status == 500)
  }

  @Test func `days pass: first a new token with each call, then the end`() throws {
    let sandbox = try RunningSandbox()
    let grant = try sandbox.grant()
    let access = try sandbox.accessToken(grant).string("accessToken")
    _ = try sandbox.post("/sandbox/clock", ["days": 327])
    #expect(try sandbox.me(access).status == 401, "an access token lives for a day")
    #expect(try sandbox.accessToken(grant).string("refreshToken") == "")
    _ = try sandbox.post("/sandbox/clock", ["days": 1])
    let reply = try sandbox.accessToken(grant)
    let newer = try reply.string("refreshToken")
    #expect(newer != "")
    let left = try reply.number("accessTokenExpiry") - Int64(Date().timeIntervalSince1970 * 1000)
    #expect(left > 86_340_000 && left <= 86_400_000, "the caller's clock stays right")
    _ = try sandbox.post("/sandbox/clock", ["days": 37])
    #expect(try sandbox.accessToken(grant).status == 401)
    #expect(try sandbox.accessToken(grant, token: newer).status == 200)
    #expect(try sandbox.post("/sandbox/clock", ["days": -1]).status == 400)
  }

  @Test func `the report counts calls, exchanges and renewals, and lists what lives`() throws {
    let sandbox = try RunningSandbox("--clock-offset-days", "330")
    let grant = try sandbox.grant()
    let newer = try sandbox.accessToken(grant).string("refreshToken")
    _ = try sandbox.accessToken(grant, secret: "AAAAAAAAAA")
    let report = try sandbox.post("/sandbox/report", [:])
    #expect(try report.number("requests") == 2)
    #expect(try report.number("exchanges") == 1)
    #expect(try report.number("renewals") == 1)
    #expect(try report.number("in_flight_most") == 1)
    #expect(Set(try #require(report.json()["live"] as? [String])) == [grant.refreshToken, newer])
  }
}
