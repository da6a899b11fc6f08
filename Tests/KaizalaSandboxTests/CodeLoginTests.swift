import Foundation
import Testing

/// The authorization code, with PKCE, from a loopback address.
@Suite(.timeLimit(.minutes(20))) struct CodeLoginTests {
  // The pair of RFC 7636, appendix B.
  static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
  static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
  static let address = "http://127.0.0.1:49152/callback"

  private func asked(_ realm: Provider, _ changes: [String: String?] = [:]) -> [(String, String)] {
    var fields: [String: String?] = [
      "response_type": "code", "client_id": realm.id, "redirect_uri": Self.address, "scope": "read",
      "state": "a+b, c&d=é", "code_challenge": Self.challenge, "code_challenge_method": "S256",
    ]
    fields.merge(changes) { $1 }
    return fields.compactMap { name, value in value.map { (name, $0) } }
  }

  private func authorize(_ realm: Provider, _ changes: [String: String?] = [:]) throws -> Reply {
    try realm.sandbox.send(Ask(path: realm.path("authorize") + "?" + Browser.form(asked(realm, changes))))
  }

  /// Returns the query items of the redirect.
  private func carried(_ reply: Reply) throws -> [String: String] {
    let url = try #require(URLComponents(string: reply.headers["location"] ?? ""))
    return Dictionary(uniqueKeysWithValues: (url.queryItems ?? []).map { ($0.name, $0.value ?? "") })
  }

  private func redeem(_ realm: Provider, _ code: String, address: String = address, verifier: String = verifier) throws
    -> Reply
  {
    try realm.post(
      "token",
      [
        ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", address), ("code_verifier", verifier),
      ])
  }

  @Test func `a consent becomes a code, and the code a token`() throws {
    let realm = try Provider()
    let reply = try authorize(realm)
    #expect(reply.status == 303)
    #expect(reply.headers["location"]?.hasPrefix(Self.address + "?") == true)
    let carried = try carried(reply)
    #expect(carried["state"] == "a+b, c&d=é")
    #expect(carried["iss"] == realm["issuer"])
    let granted = try redeem(realm, try #require(carried["code"]))
    #expect(granted.status == 200)
    #expect(try granted.string("scope") == "read")
    #expect(try realm.live() == [granted.string("refresh_token")])
  }

  @Test func `a state that was not sent does not come back`() throws {
    #expect(try carried(authorize(Provider(), ["state": nil]))["state"] == nil)
  }

  @Test(arguments: [
    "https://evil.example/", "http://evil.example/", "https://127.0.0.1/", "http://127.0.0.1.evil.example/",
    "http://127.0.0.1@evil.example/", "http://127.0.0.1/#x", "custom:/callback", "",
  ]) func `no other address gets a code`(address: String) throws {
    let reply = try authorize(Provider(), ["redirect_uri": address])
    #expect(reply.status == 400)
    #expect(reply.headers["location"] == nil)
  }

  @Test(arguments: [
    "http://127.0.0.1:1/", "http://127.0.0.1:65535/a/b?c=d", "http://[::1]:8080/", "http://localhost:5/",
  ])
  func `every port of this machine does`(address: String) throws {
    let reply = try authorize(Provider(), ["redirect_uri": address])
    #expect(reply.headers["location"]?.hasPrefix(address) == true)
    #expect(try carried(reply)["code"] != nil)
  }

  @Test func `without PKCE by SHA-256, or for what is no code, the redirect carries an error`() throws {
    let realm = try Provider()
    for changes: [String: String?] in [
      ["code_challenge": nil], ["code_challenge_method": "plain"], ["code_challenge_method": nil],
      ["code_challenge": "short"],
    ] {
      let carried = try carried(authorize(realm, changes))
      #expect(carried["error"] == "invalid_request")
      #expect(carried["code"] == nil)
      #expect(carried["state"] == "a+b, c&d=é")
    }
    #expect(try carried(authorize(realm, ["response_type": "token"]))["error"] == "unsupported_response_type")
    #expect(try authorize(realm, ["client_id": "other"]).status == 400)
    #expect(try carried(authorize(realm, ["decision": "deny"]))["error"] == "access_denied", "a script's no")
  }

  @Test func `a code works once, and a second time it takes its tokens along`() throws {
    let realm = try Provider()
    let code = try #require(try carried(authorize(realm))["code"])
    #expect(try redeem(realm, code).status == 200)
    #expect(try redeem(realm, code).string("error") == "invalid_grant")
    #expect(try realm.live() == [])
  }

  @Test func `another verifier, another address or a minute make it worthless`() throws {
    let realm = try Provider()
    let code = try #require(try carried(authorize(realm))["code"])
    #expect(try redeem(realm, code, verifier: Self.challenge).string("error") == "invalid_grant")
    #expect(try redeem(realm, code, verifier: "").string("error") == "invalid_request")
    #expect(try redeem(realm, code, address: "http://127.0.0.1:49152/").string("error") == "invalid_grant")
    try realm.pass(seconds: 60)
    #expect(try redeem(realm, code).string("error") == "invalid_grant")
    #expect(try realm.live() == [])
  }

  @Test(arguments: ["allow", "deny"]) func `where consent is asked a person decides`(decision: String) throws {
    let realm = try Provider(["consent": "ask"])
    let page = try authorize(realm, ["scope": "<b>all</b>"])
    #expect(page.status == 200)
    #expect(page.body.contains("&lt;b&gt;all&lt;/b&gt;"))
    #expect(page.headers["content-security-policy"]?.contains("form-action 'self' http://127.0.0.1:*") == true)
    let hidden = page.body.matches(of: /type="hidden" name="([^"]+)" value="([^"]*)"/).map {
      (String($0.1), String($0.2).replacing("&amp;", with: "&"))
    }
    #expect(hidden.count == 7)
    let reply = try realm.sandbox.send(realm.ask("authorize", hidden + [("decision", decision)]))
    let carried = try carried(reply)
    #expect(carried["error"] == (decision == "deny" ? "access_denied" : nil))
    #expect((carried["code"] == nil) == (decision == "deny"))
    #expect(carried["state"] == "a+b, c&d=é")
  }
}
