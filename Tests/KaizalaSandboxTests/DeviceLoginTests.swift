import Foundation
import Testing

/// RFC 8628: a code that a person types elsewhere.
@Suite(.timeLimit(.minutes(20))) struct DeviceLoginTests {
  private func begin(_ realm: Provider) throws -> Reply {
    try realm.sandbox.send(realm.ask("device", [("client_id", realm.id), ("scope", "read")]))
  }

  private func poll(_ realm: Provider, _ code: String) throws -> Reply {
    try realm.post("token", [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", code)])
  }

  @Test func `a device waits, a person allows, and the device has its token once`() throws {
    let realm = try Provider()
    let begun = try begin(realm)
    #expect(try begun.number("interval") == 1)
    #expect(try begun.number("expires_in") == 300)
    #expect(try begun.string("verification_uri") == realm["issuer"] + "/verify")
    let (code, typed) = (try begun.string("device_code"), try begun.string("user_code"))
    #expect(typed.wholeMatch(of: /[B-Z]{4}-[B-Z]{4}/) != nil)
    let waiting = try poll(realm, code)
    #expect(waiting.status == 400)
    #expect(try waiting.string("error") == "authorization_pending")
    #expect(try realm.script("device", ["user_code": typed, "decision": "allow"]).body == "{}")
    try realm.pass(seconds: 1)
    let granted = try poll(realm, code)
    #expect(granted.status == 200)
    #expect(try granted.string("scope") == "read")
    #expect(try realm.live() == [granted.string("refresh_token")])
    #expect(try poll(realm, code).string("error") == "invalid_grant")
  }

  @Test func `who polls too fast is told to slow down, by five seconds more each time`() throws {
    let realm = try Provider()
    let code = try begin(realm).string("device_code")
    var said: [String] = []
    for seconds in [0, 0, 5, 11] {
      try realm.pass(seconds: seconds)
      said.append(try poll(realm, code).string("error"))
    }
    #expect(said == ["authorization_pending", "slow_down", "slow_down", "authorization_pending"])
  }

  @Test func `a denied code and an expired one say so`() throws {
    let realm = try Provider()
    let (denied, late) = (try begin(realm), try begin(realm))
    _ = try realm.script("device", ["user_code": denied.string("user_code"), "decision": "deny"])
    #expect(try poll(realm, denied.string("device_code")).string("error") == "access_denied")
    try realm.pass(seconds: 300)
    #expect(try poll(realm, late.string("device_code")).string("error") == "expired_token")
    let decided = try realm.script("device", ["user_code": late.string("user_code"), "decision": "allow"])
    #expect(decided.status == 404, "nobody can allow what has expired")
    #expect(try poll(realm, "made-up").string("error") == "invalid_grant")
    #expect(try realm.live() == [])
  }

  @Test func `a person types the code on the page, as people type`() throws {
    let realm = try Provider()
    let begun = try begin(realm)
    let (code, typed) = (try begun.string("device_code"), try begun.string("user_code"))
    let complete = try begun.string("verification_uri_complete").replacing(realm["issuer"], with: realm.path(""))
    let page = try realm.sandbox.send(Ask(path: complete.replacing("//", with: "/")))
    #expect(page.body.contains("value=\"\(typed)\""))
    let wrong = try realm.sandbox.send(realm.ask("verify", [("user_code", "BBBB"), ("decision", "allow")]))
    #expect(wrong.status == 404)
    let loose = typed.lowercased().replacing("-", with: " ")
    let done = try realm.sandbox.send(realm.ask("verify", [("user_code", loose), ("decision", "allow")]))
    #expect(done.status == 200)
    #expect(try poll(realm, code).status == 200)
  }

  @Test func `another client's name gets no code, and a wrong secret neither`() throws {
    let realm = try Provider()
    #expect(try realm.sandbox.send(realm.ask("device", [("client_id", "other")])).status == 401)
    let fields = [("client_id", realm.id), ("client_secret", "wrong")]
    #expect(try realm.sandbox.send(realm.ask("device", fields)).status == 401)
    #expect(try realm.sandbox.send(realm.ask("device", [], headers: realm.basic())).status == 200)
  }
}
