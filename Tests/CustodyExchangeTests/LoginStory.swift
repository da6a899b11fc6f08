import Custody
import CustodyEvidence
import CustodyExchange
import CustodyJSON
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// A story in which ada has a connector of a provider whose answers the test sets.
struct LoginStory {
  static let issuer = "https://login.example"
  let vault: TemporaryVault
  let server: TokenServer
  let place: String

  /// `change` alters the preset; `scope` is the connector's.
  init(
    scope: String? = nil, clientAuthentication: String? = nil, _ change: (inout JSONObject) -> Void = { _ in }
  ) throws {
    vault = try TemporaryVault()
    server = try #require(TokenServer.plain)
    place = "login-\(UInt32.random(in: 0 ... .max))"
    let base = "http://127.0.0.1:\(server.port)/\(place)"
    var preset = try #require(Preset.named("oauth2")?.json.object)
    preset["id"] = "acme"
    preset["hosts"] = ["acme.example"]
    preset["url"] = .string(base + "-token")
    preset["authorize"] = ["url": .string(base + "-authorize"), "issuer": .string(Self.issuer)]
    preset["device"] = ["url": .string(base + "-device")]
    preset["revoke"] = ["url": .string(base + "-revoke")]
    preset["retiring"] = ["take the app's access back"]
    change(&preset)
    var connector = ConnectorDetails(name: "crm", provider: "acme", connectorID: "client 1")
    connector.seal(try Preset(.object(preset)))
    (connector.scope, connector.clientAuthentication) = (scope, clientAuthentication)
    let registered = connector
    try vault.session(.ada).commit { try $0.register(registered, secret: secret("client-secret")) }
  }

  var details: TokenDetails { TokenDetails(tenant: "contoso", connector: "crm", provider: "acme", reach: .tenant) }

  func login(_ person: Person = .ada, as action: Action = .tokenStore) throws -> Login {
    let session = try vault.session(person)
    return try Login(details, in: session, for: action, to: session.destination(of: details))
  }

  func answer(_ call: String, _ body: String, status: Int = 200, delay: Double = 0) throws {
    var script = Script(body, status: status)
    script.delay = delay
    try server.script("\(place)-\(call)", script)
  }

  /// Every request to one of the provider's endpoints.
  func seen(_ call: String) throws -> [String] { try server.seen("\(place)-\(call)") }

  func grantsToken(_ refresh: String = "refresh-9") throws {
    try answer("token", #"{"access_token":"access-9","token_type":"Bearer","refresh_token":"\#(refresh)"}"#)
  }

  func store(_ value: String = "refresh-1") throws {
    try vault.session(.ada).commit { try $0.store(details, secret: secret(value)) }
  }

  func raw(_ sql: String) throws {
    let python = "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()"
    let done = try Products.run("/usr/bin/env", ["python3", "-c", python, vault.path, sql])
    try #require(done.status == 0, "\(done.output)")
  }

  func value() throws -> String { text(try vault.session(.ada).reveal("contoso/crm", how: .pipe)) }

  func entries(_ action: Action) throws -> [Entry] {
    var found: [Entry] = []
    var filter = LogFilter()
    filter.actions = [action]
    try vault.session(.audrey).eachLogLine(filter) { found.append($0.entry) }
    return found
  }
}

/// The fields of a form or a query, decoded by Foundation and not by the code under test.
func fields(_ text: String) -> [String: String] {
  var found: [String: String] = [:]
  for pair in text.split(separator: "&") {
    let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
      String($0).replacing("+", with: " ").removingPercentEncoding ?? ""
    }
    found[parts[0]] = parts.count == 2 ? parts[1] : ""
  }
  return found
}

/// The body of a recorded request.
func body(_ request: String) -> String { request.components(separatedBy: "\r\n\r\n").dropFirst().joined() }
