import Custody
import CustodyEvidence
import CustodyExchange
import CustodyLog
import CustodyValues
import CustodyTesting
import Testing

/// The vault's part of an exchange: what is stored and logged before an access token goes out.
@Suite(.serialized) struct VaultExchangeTests {
  let vault: TemporaryVault
  let server: TokenServer
  let place: String

  init() throws {
    vault = try TemporaryVault()
    server = try #require(TokenServer.plain)
    place = "vault-\(UInt32.random(in: 0 ... .max))"
    let dev = try vault.session(.dev)
    var connector = ConnectorDetails(name: "crm", provider: "oauth2", connectorID: "client-1")
    connector.endpoint = "http://127.0.0.1:\(server.port)/\(place)"
    let registered = connector
    try dev.commit { try $0.register(registered, secret: secret("client-secret")) }
    let ada = try vault.session(.ada)
    try ada.commit {
      try $0.store(
        TokenDetails(tenant: "contoso", connector: "crm", provider: "oauth2", reach: .tenant),
        secret: secret("refresh-1"), sharing: [Share(with: "dev")])
    }
  }

  private func answer(_ body: String, status: Int = 200) throws {
    try server.script(place, Script(body, status: status))
  }

  private func exchange(_ person: Person = .dev) throws -> (access: String, rotated: Bool) {
    var options = ExchangeOptions()
    (options.timeLimit, options.isFresh) = (.seconds(60), true)
    let token = try vault.session(person).exchange("contoso/crm", how: .pipe, options)
    return (text(token.value), token.rotated)
  }

  private func entries(_ action: Action) throws -> [Entry] {
    var found: [Entry] = []
    var filter = LogFilter()
    filter.actions = [action]
    try vault.session(.audrey).eachLogLine(filter) { found.append($0.entry) }
    return found
  }

  @Test func `an exchange gives the access token and leaves one entry`() throws {
    try answer(#"{"access_token":"access-1","token_type":"Bearer","expires_in":3600}"#)
    let token = try exchange()
    #expect(token.access == "access-1")
    #expect(!token.rotated)
    let logged = try entries(.tokenExchange)
    #expect(logged.map(\.outcome) == [.ok])
    #expect(logged.first?.number(.revision) == 1)
  }

  @Test(arguments: ["a warning", "server_error", "invalid_grant"])
  func `a new refresh token that comes with a failure is kept, and the old one is not shown again`(error: String) throws
  {
    try answer(
      #"{"error":"\#(error)","access_token":"access-1","token_type":"Bearer","refresh_token":"refresh-2"}"#)
    #expect(throws: VaultError.self) { try exchange() }
    #expect(try server.seen(place).count == 1)
    #expect(text(try vault.session(.ada).reveal("contoso/crm", how: .pipe)) == "refresh-2")
    try answer(#"{"access_token":"access-2","token_type":"Bearer","expires_in":3600}"#)
    #expect(try exchange().access == "access-2")
    _ = try vault.session(.audrey).verifyLog()
  }

  @Test func `a rotated refresh token is the next revision, by the developer's own entry`() throws {
    try answer(#"{"access_token":"access-1","token_type":"Bearer","refresh_token":"refresh-2"}"#)
    #expect(try exchange().rotated)
    let kept = text(try vault.session(.ada).reveal("contoso/crm", how: .pipe))
    #expect(kept == "refresh-2")
    let entry = try #require(try entries(.tokenExchange).first)
    #expect(entry.actor == vault.people[.dev])
    #expect(entry.number(.revision) == 2)
    try answer(#"{"access_token":"access-2","token_type":"Bearer"}"#)
    _ = try exchange()
    #expect(try server.seen(place).last?.contains("refresh_token=refresh-2") == true)
    _ = try vault.session(.audrey).verifyLog()
  }

  @Test(arguments: ["null", "\"\"", "\"refresh-1\""])
  func `null, nothing and the same token again never overwrite`(value: String) throws {
    try answer(#"{"access_token":"access-1","token_type":"Bearer","refresh_token":\#(value)}"#)
    #expect(try !exchange().rotated)
    let kept = text(try vault.session(.ada).reveal("contoso/crm", how: .pipe))
    #expect(kept == "refresh-1")
    #expect(try vault.session(.ada).token("contoso/crm").item.revision == 1)
  }

  @Test func `a new refresh token in a reply that is otherwise no good is kept`() throws {
    try answer(#"{"access_token":"a","access_token":"b","refresh_token":"refresh-2"}"#)
    let error = refusal { _ = try exchange() }
    #expect(error?.code == .replyNotJSON)
    #expect(error?.reason.contains("two access tokens, and they differ (HTTP 200); the new refresh token") == true)
    let kept = text(try vault.session(.ada).reveal("contoso/crm", how: .pipe))
    #expect(kept == "refresh-2")
  }

  @Test func `the provider's no leaves an entry with outcome error, and destroys nothing`() throws {
    try answer(#"{"error":"invalid_grant","error_description":"expired \u0007 refresh-1"}"#, status: 400)
    let error = refusal { _ = try exchange() }
    #expect(error?.code == .refusedByProvider)
    #expect(error?.reason.contains("refresh-1") == false)
    #expect(error?.reason.contains("\u{7}") == false)
    #expect(try entries(.tokenExchange).map(\.outcome) == [.error])
    let kept = text(try vault.session(.ada).reveal("contoso/crm", how: .pipe))
    #expect(kept == "refresh-1")
  }

  @Test func `who has the token and not the connector is refused before anything is sent`() throws {
    let ada = try vault.session(.ada)
    try ada.commit { try $0.share(.token, "contoso/crm", Share(with: "bea")) }
    let error = refusal { _ = try exchange(.bea) }
    #expect(error?.code == .notShared)
    #expect(error?.hint?.steps == [.share(.connector, "crm", with: "bea")])
    #expect(try server.seen(place).isEmpty)
  }

  @Test func `a token that an admin stored meanwhile is not overwritten`() throws {
    let dev = try vault.session(.dev)
    let claim = try dev.claim("contoso/crm")
    try vault.session(.ada).commit { try $0.rotate(.token, "contoso/crm", secret: secret("from-the-admin")) }
    let error = refusal { _ = try dev.finishExchange(claim, how: .pipe, answer("access-1", "from-the-reply")) }
    #expect(error?.code == .conflict)
    let kept = text(try vault.session(.dev).reveal("contoso/crm", how: .pipe))
    #expect(kept == "from-the-admin")
    // Nobody waits for it, and the log records its failure.
    #expect(try dev.exchangeHold(of: dev.token("contoso/crm").item.id) == nil)
    #expect(try entries(.tokenExchange).map(\.outcome) == [.error])
  }

  private func answer(_ access: String, _ refresh: String) throws -> ExchangeAnswer {
    ExchangeAnswer(
      accessToken: try secret(access), refreshToken: try secret(refresh), facts: .init(obtained: vault.clock.now()))
  }
}
