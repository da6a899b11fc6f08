import Foundation
import Testing

/// RFC 6749: who may ask, for what, and how a refusal reads.
@Suite(.timeLimit(.minutes(20))) struct TokenEndpointTests {
  private func error(_ reply: Reply, _ status: Int) throws -> String {
    #expect(reply.status == status, "\(reply.body)")
    return try reply.string("error")
  }

  @Test(arguments: [("basic", [200, 401]), ("post", [401, 200]), ("either", [200, 200])])
  func `a realm takes its clients' proof where its rules say`(way: String, statuses: [Int]) throws {
    let realm = try Provider(["client_authentication": way, "rotation": "never"])
    let fields = realm.refreshing(try realm.grant())
    let byHeader = try realm.sandbox.send(realm.ask("token", fields, headers: realm.basic()))
    let byBody = try realm.refresh(fields[1].1)
    #expect([byHeader.status, byBody.status] == statuses)
    for reply in [byHeader, byBody] where reply.status == 401 {
      #expect(try reply.string("error") == "invalid_client")
      #expect(reply.headers["www-authenticate"]?.hasPrefix("Basic") == true)
    }
  }

  @Test func `a wrong secret, another client and no proof are refused, and cost no token`() throws {
    let realm = try Provider()
    let token = try realm.grant()
    let fields = realm.refreshing(token)
    for headers in [realm.basic(nil, "wrong"), realm.basic("other"), ["Authorization": "Bearer x"], [:]] {
      #expect(try error(realm.sandbox.send(realm.ask("token", fields, headers: headers)), 401) == "invalid_client")
    }
    let other = try Provider(in: realm.sandbox)
    #expect(try error(realm.sandbox.send(realm.ask("token", fields + other.proof)), 401) == "invalid_client")
    #expect(try realm.live() == [token])
    #expect(try realm.count("requests") == 5)
    #expect(try realm.count("refreshes") == 0)
  }

  @Test func `who proves it in two ways at once is refused`() throws {
    let realm = try Provider()
    let ask = realm.ask("token", realm.refreshing(try realm.grant()) + realm.proof, headers: realm.basic())
    #expect(try error(realm.sandbox.send(ask), 400) == "invalid_request")
  }

  @Test func `a public client has a name and no secret`() throws {
    let realm = try Provider(["client_authentication": "none"])
    let fields = realm.refreshing(try realm.grant())
    #expect(try realm.sandbox.send(realm.ask("token", fields + [("client_id", realm.id)])).status == 200)
    #expect(try error(realm.post("token", fields), 401) == "invalid_client")
  }

  @Test func `a token of another realm is unknown`() throws {
    let realm = try Provider()
    let token = try Provider(in: realm.sandbox).grant()
    #expect(try error(realm.refresh(token), 400) == "invalid_grant")
    #expect(try realm.count("reuses") == 0)
  }

  @Test func `what is missing, twice, unknown or no form is told so`() throws {
    let realm = try Provider()
    let token = try realm.grant()
    #expect(try error(realm.post("token", []), 400) == "invalid_request")
    #expect(try error(realm.post("token", [("grant_type", "refresh_token")]), 400) == "invalid_request")
    #expect(try error(realm.post("token", realm.refreshing(token) + realm.refreshing(token)), 400) == "invalid_request")
    #expect(try error(realm.post("token", [("grant_type", "password")]), 400) == "unsupported_grant_type")
    let json = realm.ask("token", realm.refreshing(token) + realm.proof, headers: ["Content-Type": "application/json"])
    #expect(try error(realm.sandbox.send(json), 400) == "invalid_request")
    #expect(try realm.sandbox.send(Ask(path: realm.path("token"))).status == 404, "it is a POST")
    #expect(try realm.live() == [token])
  }

  @Test func `a scope may shrink and not grow`() throws {
    let realm = try Provider(["rotation": "never"])
    let token = try realm.grant(scope: "read write")
    #expect(try realm.refresh(token).string("scope") == "read write")
    let less = try realm.post("token", realm.refreshing(token) + [("scope", "read")])
    #expect(try less.string("scope") == "read")
    let more = try realm.post("token", realm.refreshing(token) + [("scope", "read admin")])
    #expect(try error(more, 400) == "invalid_scope")
  }

  @Test func `a realm that answers as a form does so for grants and refusals`() throws {
    let realm = try Provider(["reply_format": "form", "access_seconds": 28_800])
    let reply = try realm.refresh(realm.grant(scope: "repo user:email"))
    #expect(reply.headers["content-type"] == "application/x-www-form-urlencoded")
    #expect(reply.body.contains("&expires_in=28800&refresh_token=rt-"))
    #expect(reply.body.hasSuffix("&scope=repo%20user%3Aemail"))
    let refused = try realm.refresh("made-up")
    #expect(refused.status == 400)
    #expect(refused.body.hasPrefix("error=invalid_grant&error_description="))
  }

  @Test func `a misspelt rule makes no realm`() throws {
    let sandbox = try RunningSandbox()
    for rules in [["rotations": "never"], ["rotation": "sometimes"], ["grace_seconds": "60"]] {
      let reply = try sandbox.post("/sandbox/oauth", rules)
      #expect(reply.status == 400)
      #expect(try reply.string("error").contains("rotation, consent, old_token"))
    }
  }

  @Test func `realms, calls and codes that are not there are told so`() throws {
    let realm = try Provider()
    #expect(try realm.sandbox.post("/sandbox/oauth/r9/report", [:]).status == 404)
    #expect(try realm.script("nonsense").string("error") == "there is no such call")
    #expect(try realm.script("device", ["user_code": "AAAA-AAAA", "decision": "allow"]).status == 404)
    #expect(try realm.script("fault", ["fault": "earthquake"]).status == 400)
    #expect(try realm.sandbox.send(Ask(path: "/oauth/r9/authorize")).status == 404)
  }
}
