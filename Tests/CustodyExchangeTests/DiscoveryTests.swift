import Custody
@testable import CustodyExchange
import CustodyJSON
import CustodyTesting
import Foundation
import Testing

@Suite(.serialized) struct DiscoveryTests {
  let server: TokenServer
  let path: String
  var issuer: String { "http://127.0.0.1:\(server.port)/\(path)" }

  init() throws {
    server = try #require(TokenServer.plain)
    path = "issuer-\(UInt32.random(in: 0 ... .max))"
  }

  private var whole: JSONObject {
    [
      "issuer": .string(issuer), "token_endpoint": .string(issuer + "/t"),
      "authorization_endpoint": .string(issuer + "/a"), "device_authorization_endpoint": .string(issuer + "/d"),
      "revocation_endpoint": .string(issuer + "/r"), "introspection_endpoint": .string(issuer + "/i"),
      "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
      "code_challenge_methods_supported": ["plain", "S256"], "scopes_supported": ["openid", "offline_access"],
      "authorization_response_iss_parameter_supported": true, "jwks_uri": "https://login.example/keys",
    ]
  }

  private func publish(_ metadata: JSONObject, oidc: Bool = false) throws {
    try publish(JSONValue.object(metadata).text(), oidc: oidc)
  }

  private func publish(_ text: String, oidc: Bool = false, status: Int = 200) throws {
    let place = oidc ? "\(path)/.well-known/openid-configuration" : ".well-known/oauth-authorization-server/\(path)"
    try server.script(place, Script(text, status: status))
  }

  private func found(_ change: (inout JSONObject) -> Void = { _ in }) throws -> Discovery {
    var metadata = whole
    change(&metadata)
    try publish(metadata)
    return try Discovery(issuer: issuer, today: "2026-11-24")
  }

  private func refused(_ change: (inout JSONObject) -> Void) -> VaultError? { refusal { _ = try found(change) } }

  @Test func `what an issuer publishes becomes a preset`() throws {
    let found = try found()
    let preset = found.preset
    #expect(preset.id == "oauth2-127-0-0-1" && preset.date == "2026-11-24" && preset.sources == [issuer])
    #expect(preset.url == issuer + "/t")
    #expect(preset.hosts.map(\.text) == ["127.0.0.1"])
    #expect(preset.authorize?.url == issuer + "/a" && preset.authorize?.scope == "offline_access")
    #expect(preset.authorize?.pkce == true)
    #expect(preset.authorize?.issuer == issuer && preset.authorize?.alwaysNamesIssuer == true)
    #expect(preset.device?.url == issuer + "/d" && preset.device?.scope == "offline_access")
    #expect(preset.device?.authenticates == true)
    #expect(preset.revoke?.url == issuer + "/r" && preset.introspect?.url == issuer + "/i")
    #expect(preset.clientAuthentication == .basic && preset.otherClientAuthentications == [.post])
    #expect(found.endpoints.map(\.name).contains("authorization_endpoint") && found.endpoints.count == 5)
    #expect(found.otherHosts.isEmpty)
    // The preset survives its text form, in which a connector carries it.
    #expect(try Preset(parsing: preset.json.bytes()).json == preset.json)
  }

  @Test func `the one standard's address is asked, then the other's`() throws {
    try publish("not here", status: 404)
    try publish(whole, oidc: true)
    #expect(try Discovery(issuer: issuer, today: "2026-11-24").preset.url == issuer + "/t")
    for (issuer, places) in [
      ("https://a.example", ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"]),
      ("https://a.example/", ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"]),
      (
        "https://a.example/x/y",
        ["/.well-known/oauth-authorization-server/x/y", "/x/y/.well-known/openid-configuration"]
      ),
      ("https://a.example/x/", ["/.well-known/oauth-authorization-server/x", "/x/.well-known/openid-configuration"]),
    ] {
      #expect(Discovery.places(try Endpoint(issuer)) == places.map { "https://a.example" + $0 })
    }
  }

  @Test func `metadata of another issuer is not believed, nor is another place asked then`() throws {
    try publish(whole, oidc: true)
    for other in [issuer + "/", "https://login.example", issuer.uppercased()] {
      let error = refused { $0["issuer"] = .string(other) }
      #expect(error?.code == .replyMalformed)
      #expect(error?.reason.contains("another issuer, \"\(other)\"") == true)
    }
    #expect(refused { $0["issuer"] = nil }?.code == .replyMalformed)
    #expect(refused { $0["issuer"] = 1 }?.code == .replyMalformed)
    #expect(try server.seen("\(path)/.well-known/openid-configuration").isEmpty)
  }

  @Test(
    arguments: [
      "token_endpoint", "authorization_endpoint", "device_authorization_endpoint", "revocation_endpoint",
      "introspection_endpoint",
    ],
    [
      "http://login.example/t", "https://login.example/t", "javascript:alert(1)", "https://login.example@127.0.0.1/t",
      "/t", "https://login.example/t#f",
    ])
  func `an endpoint that is not over https, or leaves this machine's issuer, is refused`(name: String, url: String)
    throws
  {
    let error = refused { $0[name] = .string(url) }
    #expect(error?.code == .replyMalformed)
    #expect(error?.reason.contains("its \(name) is no https URL") == true)
  }

  @Test(arguments: ["http://127.0.0.1:8080/t", "https://localhost/t", "https://127.0.0.1/t", "http://login.example/t"])
  func `an issuer elsewhere can't send secrets to this machine, nor in the clear`(url: String) throws {
    let base = try Endpoint("https://login.example")
    let metadata: JSONValue = ["issuer": "https://login.example", "token_endpoint": .string(url)]
    #expect(throws: ExchangeError.self) { _ = try ServerMetadata(metadata, of: "https://login.example", base) }
  }

  @Test func `another host is named before anything is kept`() throws {
    let base = try Endpoint("https://login.example")
    let metadata = try ServerMetadata(
      [
        "issuer": "https://login.example", "token_endpoint": "https://tokens.example/t",
        "authorization_endpoint": "https://pages.example/a",
      ], of: "https://login.example", base)
    let preset = try metadata.preset(dated: "2026-11-24")
    #expect(preset.id == "oauth2-login-example")
    // A browser may be sent to any host; secrets go to the one host.
    #expect(preset.hosts.map(\.text) == ["tokens.example"])
    #expect(metadata.endpoints.map(\.url.host) == ["tokens.example", "pages.example"])
  }

  @Test func `what is missing is left out, and what the standards take for granted is`() throws {
    let preset = try found { metadata in
      for key in metadata.members.map(\.key)
      where !["issuer", "token_endpoint", "authorization_endpoint"].contains(key) {
        metadata[key] = nil
      }
      metadata["device_authorization_endpoint"] = .null
    }.preset
    #expect(preset.device == nil && preset.revoke == nil && preset.introspect == nil)
    #expect(preset.clientAuthentication == .basic)
    #expect(preset.authorize?.pkce == true && preset.authorize?.alwaysNamesIssuer == false)
    #expect(preset.authorize?.scope == nil)
  }

  @Test func `the way to authenticate is one that the provider takes`() throws {
    func preset(_ ways: JSONValue) throws -> Preset {
      try found { $0["token_endpoint_auth_methods_supported"] = ways }.preset
    }
    #expect(try preset(["client_secret_post"]).clientAuthentication == .post)
    #expect(try preset(["client_secret_post"]).otherClientAuthentications.isEmpty)
    #expect(try preset(["none", "private_key_jwt", "client_secret_basic"]).otherClientAuthentications == [.assertion])
    #expect(try preset(["private_key_jwt"]).clientAuthentication == .assertion)
    let error = refused { $0["token_endpoint_auth_methods_supported"] = ["none", "tls_client_auth"] }
    #expect(error?.reason.contains("no connector authenticate") == true)
  }

  @Test func `a provider that says that it knows no S256 is not asked for it`() throws {
    #expect(try found { $0["code_challenge_methods_supported"] = ["plain"] }.preset.authorize?.pkce == false)
    #expect(try found { $0["code_challenge_methods_supported"] = [] }.preset.authorize?.pkce == false)
  }

  @Test(
    arguments: [
      (#"{"issuer":"a","issuer":"b"}"#, 200, "replyNotJSON"), ("<!doctype html>", 200, "replyNotJSON"),
      ("", 200, "replyNotJSON"),
      ("{}", 500, "requestRefused"), ("{}", 302, "redirected"), ("[]", 200, "replyMalformed"),
    ])
  func `what is no metadata is not read`(text: String, status: Int, code: String) throws {
    try publish(text, status: status)
    try publish(text, oidc: true, status: status)
    let error = refusal { _ = try Discovery(issuer: issuer, today: "2026-11-24") }
    #expect(error?.code.name == code)
    #expect(error?.hint?.description.contains("to the last slash") == true)
  }

  @Test func `an endless document is not read to its end`() throws {
    try server.script(".well-known/oauth-authorization-server/\(path)", Script(behave: "endless"))
    #expect(refusal { _ = try Discovery(issuer: issuer, today: "2026-11-24") } != nil)
  }

  @Test(arguments: [
    "http://login.example", "login.example", "https://login.example/?a=b", "https://me@login.example",
    "https://login.example/#x",
  ])
  func `what is no issuer is asked nothing`(issuer: String) {
    let error = refusal { _ = try Discovery(issuer: issuer, today: "2026-11-24") }
    #expect(error?.code == .badEndpoint)
  }

  @Test func `what an endpoint's name brings is shown without obeying it`() {
    let error = refused { $0["issuer"] = "https://evil.example/\u{1b}[2J" }
    #expect(error?.reason.unicodeScalars.contains { $0.value < 0x20 } == false)
  }
}
