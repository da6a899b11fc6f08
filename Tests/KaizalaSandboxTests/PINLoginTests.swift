import Foundation
import Testing

@Suite(.timeLimit(.minutes(20))) struct PINLoginTests {
  private func ask(_ sandbox: RunningSandbox, _ grant: Grant) throws -> Int {
    let sent = try sandbox.post("/v1/generatePin", ["mobileNumber": "+15550199", "applicationId": grant.id])
    #expect(sent.status == 200)
    #expect(sent.body == "{}")
    let mark = "PIN for +15550199 at connector \(grant.id): "
    let line = try #require(sandbox.console.split(separator: "\n").last { $0.contains(mark) })
    return try #require(line.split(separator: " ").last.flatMap { Int($0) })
  }

  private func logIn(_ sandbox: RunningSandbox, _ grant: Grant, pin: Int, secret: String? = nil) throws -> Reply {
    try sandbox.post(
      "/v1/loginWithPinAndApplicationId",
      [
        "mobileNumber": "+15550199", "applicationId": grant.id, "pin": pin, "applicationSecret": secret ?? grant.secret,
      ])
  }

  @Test func `a PIN buys one user-level refresh token`() throws {
    let sandbox = try RunningSandbox()
    let grant = try sandbox.grant()
    let pin = try ask(sandbox, grant)
    let reply = try logIn(sandbox, grant, pin: pin)
    #expect(reply.status == 200)
    #expect(Set(try reply.json().keys) == ["refreshToken", "grantedScope", "refreshTokenExpiry"])
    #expect(try reply.string("grantedScope") == "groupinfo.read,groupmember.read")
    let left = try reply.number("refreshTokenExpiry") / 1000 - Int64(Date().timeIntervalSince1970)
    #expect(abs(left - 365 * 86_400) < 60)
    let access = try sandbox.accessToken(grant, token: reply.string("refreshToken"))
    #expect(try sandbox.me(access.string("accessToken")).string("reach") == "user")
    #expect(try logIn(sandbox, grant, pin: pin).status == 401, "the PIN is used up")
  }

  @Test func `a wrong PIN is refused and the right one still works`() throws {
    let sandbox = try RunningSandbox()
    let grant = try sandbox.grant()
    let pin = try ask(sandbox, grant)
    let refused = try logIn(sandbox, grant, pin: pin == 100_000 ? 100_001 : 100_000)
    #expect(refused.status == 401)
    #expect(try refused.string("errorCategoryKey") == "AuthException")
    #expect(try refused.json()["refreshToken"] == nil)
    #expect(try logIn(sandbox, grant, pin: pin, secret: "AAAAAAAAAA").string("errorCode") == "Unauthenticated")
    #expect(try logIn(sandbox, grant, pin: pin).status == 200)
  }

  @Test func `a body that is not what the documents ask for is an invalid parameter`() throws {
    let reply = try RunningSandbox().post("/v1/generatePin", ["mobileNumber": 5])
    #expect(reply.status == 400)
    #expect(try reply.string("errorCode") == "InvalidParameters")
  }
}
