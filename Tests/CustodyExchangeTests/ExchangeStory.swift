import Custody
import CustodyEvidence
import CustodyExchange
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// A story in which dev may exchange contoso/crm with a provider whose answers the test sets.
struct ExchangeStory {
  let vault: TemporaryVault
  let server: TokenServer
  let place: String

  init(
    provider: String = "oauth2", endsInDays: Int64? = nil, _ tell: (inout ConnectorDetails) -> Void = { _ in }
  ) throws {
    vault = try TemporaryVault()
    server = try #require(TokenServer.plain)
    place = "story-\(UInt32.random(in: 0 ... .max))"
    let dev = try vault.session(.dev)
    var connector = ConnectorDetails(name: "crm", provider: provider, connectorID: "client-1")
    connector.endpoint = "http://127.0.0.1:\(server.port)/\(place)"
    tell(&connector)
    let registered = connector
    try dev.commit { try $0.register(registered, secret: secret("client-secret")) }
    let ada = try vault.session(.ada)
    let token = TokenDetails(tenant: "contoso", connector: "crm", provider: provider, reach: .tenant)
    let expires = endsInDays.map { vault.clock.now().adding(milliseconds: $0 * 86_400_000) }
    try ada.commit {
      try $0.store(token, secret: secret("refresh-1"), sharing: [Share(with: "dev")], expires: expires)
    }
  }

  func answer(_ body: String, status: Int = 200, delay: Double = 0) throws {
    var script = Script(body, status: status)
    script.delay = delay
    try server.script(place, script)
  }

  func answer(access: String, refresh: String? = nil, seconds: Int? = 3600, delay: Double = 0) throws {
    let more = refresh.map { #","refresh_token":"\#($0)""# } ?? ""
    let expiry = seconds.map { #","expires_in":\#($0)"# } ?? ""
    try answer(#"{"access_token":"\#(access)","token_type":"Bearer"\#(expiry)\#(more)}"#, delay: delay)
  }

  func behave(_ manner: String) throws { try server.script(place, Script(behave: manner)) }

  struct Got: Equatable {
    let access: String
    let rotated, kept: Bool
  }

  func exchange(
    _ person: Person = .dev, pins: PinFolder? = nil, _ change: (inout ExchangeOptions) -> Void = { _ in }
  ) throws -> Got {
    var options = ExchangeOptions()
    options.timeLimit = .seconds(60)
    change(&options)
    let token = try vault.session(person, pins: pins).exchange("contoso/crm", how: .pipe, options)
    return Got(access: text(token.value), rotated: token.rotated, kept: token.wasKept)
  }

  /// The number of requests that reached the provider.
  func requests() throws -> Int { try server.seen(place).count }

  func value() throws -> String { text(try vault.session(.ada).reveal("contoso/crm", how: .pipe)) }

  func entries() throws -> [Entry] {
    var found: [Entry] = []
    var filter = LogFilter()
    filter.actions = [.tokenExchange]
    try vault.session(.audrey).eachLogLine(filter) { found.append($0.entry) }
    return found
  }

  /// Leaves the vault as after a process that ended between its request and the answer.
  func loseAnswer() throws {
    _ = try vault.session(.dev).claim("contoso/crm")
    try raw("UPDATE exchange SET owner = NULL")
  }

  func raw(_ sql: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c", "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()",
      vault.path, sql,
    ]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }
}
