import Foundation
import Testing

/// RFC 7009, RFC 7662 and RFC 8414.
@Suite(.timeLimit(.minutes(20))) struct RevocationTests {
  private func isActive(_ realm: Provider, _ token: String) throws -> Bool? {
    try realm.post("introspect", [("token", token)]).json()["active"] as? Bool
  }

  @Test func `revoking a refresh token ends all that came of its consent, and nothing else`() throws {
    let realm = try Provider()
    let (first, other) = (try realm.grant(), try realm.grant())
    let reply = try realm.refresh(first)
    let (access, second) = (try reply.string("access_token"), try reply.string("refresh_token"))
    #expect(try isActive(realm, access) == true)
    #expect(try realm.post("revoke", [("token", second), ("token_type_hint", "refresh_token")]).status == 200)
    #expect(try isActive(realm, access) == false)
    #expect(try realm.refresh(second).string("error") == "invalid_grant")
    #expect(try realm.live() == [other])
    #expect(try realm.count("revocations") == 1)
  }

  @Test func `revoking an access token leaves its refresh token`() throws {
    let realm = try Provider(["rotation": "never"])
    let token = try realm.grant()
    let access = try realm.refresh(token).string("access_token")
    #expect(try realm.post("revoke", [("token", access)]).status == 200)
    #expect(try isActive(realm, access) == false)
    #expect(try isActive(realm, token) == true)
  }

  @Test func `an unknown token is no error, and a stranger revokes and learns nothing`() throws {
    let realm = try Provider()
    let token = try realm.grant()
    #expect(try realm.post("revoke", [("token", "made-up")]).status == 200)
    #expect(try realm.post("revoke", []).string("error") == "invalid_request")
    for endpoint in ["revoke", "introspect"] {
      let reply = try realm.sandbox.send(realm.ask(endpoint, [("token", token)], headers: realm.basic(nil, "wrong")))
      #expect(reply.status == 401)
      #expect(try reply.json()["active"] == nil)
    }
    #expect(try realm.live() == [token])
  }

  @Test func `introspection tells scope, client and times, and of a dead token nothing`() throws {
    let realm = try Provider(["refresh_seconds": 1000, "access_seconds": 100])
    let access = try realm.refresh(realm.grant(scope: "read write")).string("access_token")
    let told = try realm.post("introspect", [("token", access)])
    #expect(try told.string("scope") == "read write")
    #expect(try told.string("client_id") == realm.id)
    #expect(try told.string("token_type") == "Bearer")
    #expect(try told.number("exp") - told.number("iat") == 100)
    let refresh = try realm.post("introspect", [("token", realm.grant())])
    #expect(try refresh.number("exp") - refresh.number("iat") == 1000)
    try realm.pass(seconds: 100)
    #expect(try realm.post("introspect", [("token", access)]).body == "{\"active\":false}")
  }

  @Test func `the metadata of both standards is one, and names what is there`() throws {
    let realm = try Provider(["client_authentication": "basic"])
    let between = try realm.sandbox.send(Ask(path: "/.well-known/oauth-authorization-server/oauth/\(realm["realm"])"))
    let behind = try realm.sandbox.send(Ask(path: realm.path(".well-known/openid-configuration")))
    #expect(between.status == 200)
    #expect(between.body == behind.body)
    let told = try between.json()
    for name in realm.given.keys where name == "issuer" || name.hasSuffix("_endpoint") {
      #expect(told[name] as? String == realm[name], "\(name)")
    }
    #expect(told["token_endpoint_auth_methods_supported"] as? [String] == ["client_secret_basic"])
    #expect(told["code_challenge_methods_supported"] as? [String] == ["S256"])
    #expect(told["authorization_response_iss_parameter_supported"] as? Bool == true)
    #expect(try realm.sandbox.send(Ask(path: "/.well-known/oauth-authorization-server/oauth/r9")).status == 404)
  }
}
