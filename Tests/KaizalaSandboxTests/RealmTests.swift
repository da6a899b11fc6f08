import Foundation
import Synchronization
import Testing

/// The OAuth providers that scripts make.
@Suite(.timeLimit(.minutes(3))) struct RealmTests {
  let sandbox: RunningSandbox
  init() throws { sandbox = try RunningSandbox() }

  struct Realm {
    let sandbox: RunningSandbox
    let name, id, secret: String

    init(_ sandbox: RunningSandbox, _ rules: [String: Any] = [:]) throws {
      let made = try sandbox.post("/sandbox/oauth", rules)
      self.sandbox = sandbox
      (name, id, secret) = (try made.string("realm"), try made.string("client_id"), try made.string("client_secret"))
    }

    func call(_ what: String, _ fields: [String: Any] = [:]) throws -> Reply {
      try sandbox.post("/sandbox/oauth/\(name)/\(what)", fields)
    }

    func newToken() throws -> String { try call("grant").string("refresh_token") }

    func ask(_ form: [String: String], at endpoint: String = "token", basic: Bool = true) throws -> Reply {
      var headers = ["Content-Type": "application/x-www-form-urlencoded"]
      var fields = form
      if basic {
        headers["Authorization"] = "Basic " + Data("\(id):\(secret)".utf8).base64EncodedString()
      } else {
        fields.merge(["client_id": id, "client_secret": secret]) { $1 }
      }
      let body = fields.map { "\($0)=\($1.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")" }
      return try sandbox.send(
        Ask(method: "POST", path: "/oauth/\(name)/\(endpoint)", headers: headers, body: body.joined(separator: "&")))
    }

    func refresh(_ token: String, basic: Bool = true) throws -> Reply {
      try ask(["grant_type": "refresh_token", "refresh_token": token], basic: basic)
    }

    func number(_ name: String) throws -> Int64 { try call("report").number(name) }
    func live() throws -> [String] { try call("report").json()["live"] as? [String] ?? [] }
  }

  @Test func `strict rotation: each token once, and the second time ends the family`() throws {
    let realm = try Realm(sandbox)
    let first = try realm.newToken()
    let second = try realm.refresh(first).string("refresh_token")
    #expect(try realm.live() == [second])
    let reused = try realm.refresh(first)
    #expect(reused.status == 400)
    #expect(try reused.string("error") == "invalid_grant")
    #expect(try realm.refresh(second).status == 400)
    #expect(try realm.number("family_kills") == 1)
    #expect(try realm.number("requests") == 3)
    #expect(try realm.number("refreshes") == 1)
  }

  @Test func `grace: the old one works for a while by the realm's clock`() throws {
    let realm = try Realm(sandbox, ["old_token": "grace", "grace_seconds": 60])
    let first = try realm.newToken()
    _ = try realm.refresh(first)
    #expect(try realm.refresh(first).status == 200)
    _ = try realm.call("clock", ["seconds": 61])
    #expect(try realm.refresh(first).status == 400)
    #expect(try realm.number("family_kills") == 1)
  }

  @Test func `never, valid and late rotate as they say`() throws {
    let never = try Realm(sandbox, ["rotation": "never"])
    #expect(try never.refresh(never.newToken()).json()["refresh_token"] == nil)
    let valid = try Realm(sandbox, ["old_token": "valid"])
    let old = try valid.newToken()
    for _ in 0..<3 { #expect(try valid.refresh(old).status == 200) }
    let late = try Realm(sandbox, ["rotation": "late", "late_seconds": 100])
    let token = try late.newToken()
    #expect(try late.refresh(token).json()["refresh_token"] == nil)
    _ = try late.call("clock", ["seconds": 101])
    #expect(try late.refresh(token).json()["refresh_token"] != nil)
  }

  @Test func `idle and absolute lifetimes end a token`() throws {
    let idle = try Realm(sandbox, ["rotation": "never", "idle_seconds": 100])
    let token = try idle.newToken()
    _ = try idle.call("clock", ["seconds": 99])
    #expect(try idle.refresh(token).status == 200)
    _ = try idle.call("clock", ["seconds": 99])
    #expect(try idle.refresh(token).status == 200)
    _ = try idle.call("clock", ["seconds": 101])
    #expect(try idle.refresh(token).status == 400)
    let absolute = try Realm(sandbox, ["rotation": "never", "refresh_seconds": 100])
    let other = try absolute.newToken()
    _ = try absolute.call("clock", ["seconds": 100])
    #expect(try absolute.refresh(other).status == 400)
  }

  @Test(arguments: [("basic", true), ("post", false)]) func `a client shows who it is in one way`(
    way: String, basic: Bool
  ) throws {
    let realm = try Realm(sandbox, ["client_authentication": way])
    #expect(try realm.refresh(realm.newToken(), basic: basic).status == 200)
    let wrong = try realm.refresh(realm.newToken(), basic: !basic)
    #expect(wrong.status == 401)
    #expect(try wrong.string("error") == "invalid_client")
  }

  static let faults: [(name: String, status: Int, body: String)] = [
    ("html", 200, "<!doctype html>"), ("error-in-200", 200, "invalid_grant"), ("308", 308, ""),
    ("429", 429, "slow_down"), ("500", 500, "server_error"), ("503", 503, "temporarily_unavailable"),
    ("wrong-type", 200, "\"mac\""), ("not-json", 200, "},"), ("duplicate-keys", 200, "\"scope\":\"b\""),
    ("no-access-token", 200, "\"token\""), ("echo", 400, "refresh_token=rt"),
  ]

  @Test(arguments: faults.indices) func `a fault is of the next request alone, after its work or before`(index: Int)
    throws
  {
    let (name, status, body) = Self.faults[index]
    let realm = try Realm(sandbox)
    for acts in [true, false] {
      let token = try realm.newToken()
      _ = try realm.call("fault", ["fault": name, "count": 1, "acts": acts])
      let before = try realm.number("refreshes")
      let reply = try realm.refresh(token)
      if acts {
        #expect(reply.status == status)
        #expect(body.isEmpty || reply.body.contains(body))
      }
      #expect(try realm.number("refreshes") == before + (acts ? 1 : 0))
      #expect(try realm.refresh(realm.newToken()).status == 200)
    }
  }

  @Test(arguments: ["lost-reply", "truncated"]) func `a reply can be lost on the socket, its work done`(fault: String)
    throws
  {
    let realm = try Realm(sandbox)
    let token = try realm.newToken()
    _ = try realm.call("fault", ["fault": fault])
    let reply = try? realm.refresh(token)
    #expect(reply.flatMap { try? $0.json() } == nil)
    #expect(try realm.number("refreshes") == 1)
    #expect(try !realm.live().contains(token))
  }

  @Test func `a code is for its address and verifier, once`() throws {
    let realm = try Realm(sandbox)
    // RFC 7636, appendix B.
    let (verifier, challenge) = (
      "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )
    func code(_ more: String = "") throws -> String {
      let query =
        "response_type=code&client_id=\(realm.id)&redirect_uri=http://127.0.0.1:99/cb&state=s1"
        + "&code_challenge=\(challenge)&code_challenge_method=S256" + more
      let reply = try sandbox.send(Ask(path: "/oauth/\(realm.name)/authorize?" + query))
      #expect(reply.status == 303)
      let place = try #require(URLComponents(string: reply.headers["location"] ?? ""))
      #expect(place.queryItems?.contains(URLQueryItem(name: "state", value: "s1")) == true)
      return place.queryItems?.first { $0.name == "code" }?.value ?? ""
    }
    func redeem(_ code: String, _ verifier: String, _ redirect: String = "http://127.0.0.1:99/cb") throws -> Reply {
      try realm.ask([
        "grant_type": "authorization_code", "code": code, "code_verifier": verifier, "redirect_uri": redirect,
      ])
    }
    let good = try code()
    #expect(try redeem(good, verifier).json()["refresh_token"] != nil)
    #expect(try redeem(good, verifier).status == 400)
    #expect(try redeem(code(), verifier + "x").status == 400)
    #expect(try redeem(code(), verifier, "http://127.0.0.1:98/cb").status == 400)
    #expect(try code("&decision=deny") == "")
    let elsewhere = "response_type=code&client_id=\(realm.id)&redirect_uri=https://evil.example/cb"
    #expect(try sandbox.send(Ask(path: "/oauth/\(realm.name)/authorize?" + elsewhere)).status == 400)
  }

  @Test func `a device code waits for a person`() throws {
    let realm = try Realm(sandbox)
    let begun = try realm.ask(["scope": "a"], at: "device")
    // RFC 8628's client says only who it is.
    #expect(begun.status == 401)
    let device = try realm.ask(["client_id": realm.id], at: "device")
    let poll = [
      "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": try device.string("device_code"),
    ]
    #expect(try realm.ask(poll).string("error") == "authorization_pending")
    #expect(try realm.ask(poll).string("error") == "slow_down")
    _ = try realm.call("device", ["user_code": try device.string("user_code"), "decision": "allow"])
    #expect(try realm.ask(poll).json()["refresh_token"] != nil)
    #expect(try realm.ask(poll).string("error") == "invalid_grant")
  }

  @Test func `a revoked token takes its family along`() throws {
    let realm = try Realm(sandbox)
    let token = try realm.newToken()
    #expect(try realm.ask(["token": token], at: "introspect").json()["active"] as? Bool == true)
    #expect(try realm.ask(["token": token], at: "revoke").status == 200)
    #expect(try realm.ask(["token": "never seen"], at: "revoke").status == 200)
    #expect(try realm.ask(["token": token], at: "introspect").json()["active"] as? Bool == false)
    #expect(try realm.refresh(token).status == 400)
  }

  @Test func `both standards find the endpoints`() throws {
    let realm = try Realm(sandbox)
    let one = try sandbox.send(Ask(path: "/.well-known/oauth-authorization-server/oauth/\(realm.name)"))
    let other = try sandbox.send(Ask(path: "/oauth/\(realm.name)/.well-known/openid-configuration"))
    #expect(one.body == other.body)
    #expect(try one.string("issuer") == "http://127.0.0.1:\(sandbox.port)/oauth/\(realm.name)")
    #expect(try sandbox.send(Ask(path: "/.well-known/oauth-authorization-server/oauth/none")).status == 404)
  }

  @Test func `fifty at once are answered`() throws {
    let realm = try Realm(sandbox, ["old_token": "valid"])
    let token = try realm.newToken()
    let statuses = Mutex<[Int]>([])
    nonisolated(unsafe) let asked = realm
    DispatchQueue.concurrentPerform(iterations: 50) { _ in
      let status = (try? asked.refresh(token).status) ?? 0
      statuses.withLock { $0.append(status) }
    }
    #expect(statuses.withLock { $0 } == [Int](repeating: 200, count: 50))
    #expect(try realm.number("requests") == 50)
  }

  @Test func `Kaizala's own endpoint fails and ages on demand, too`() throws {
    let grant = try sandbox.grant()
    _ = try sandbox.post("/sandbox/fault", ["fault": "500", "count": 1])
    #expect(try sandbox.accessToken(grant).status == 500)
    #expect(try sandbox.accessToken(grant).string("refreshToken") == "")
    _ = try sandbox.post("/sandbox/clock", ["days": 330])
    #expect(try sandbox.accessToken(grant).string("refreshToken") != "")
  }
}
