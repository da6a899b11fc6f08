import Custody
import CustodyEvidence
import CustodyExchange
import CustodyLog
import CustodyValues
import CustodyTesting
import Testing

/// Facts that a connector states about a provider without a preset.
@Suite(.serialized) struct ProviderFactsTests {
  private func connector(_ tell: (inout ProviderFacts) -> Void) -> ConnectorDetails {
    var details = ConnectorDetails(name: "crm", provider: "oauth2", connectorID: "id")
    details.endpoint = "https://id.example.com/token"
    tell(&details.facts)
    return details
  }

  @Test(
    arguments: [
      ("never", nil, false), ("always", "valid", false), ("always", "dead", true), ("always", nil, true),
      ("optional", nil, true), ("late", nil, true), ("always", "grace", false), (nil, "valid", false), (nil, nil, true),
    ] as [(String?, String?, Bool)])
  func `what it was told decides whether a lost answer leaves a doubt`(
    rotation: String?, oldToken: String?, stops: Bool
  ) throws {
    let story = try ExchangeStory {
      ($0.facts.rotation, $0.facts.oldToken) = (rotation, oldToken)
      $0.facts.graceSeconds = oldToken == "grace" ? 600 : nil
    }
    try story.loseAnswer()
    try story.answer(access: "access-1")
    guard stops else { return #expect(try story.exchange().access == "access-1") }
    #expect(refusal { _ = try story.exchange() }?.code == .outcomeUnknown)
    #expect(try story.vault.session(.audrey).deathCalendar().deadlines.contains { $0.end == .lost })
  }

  @Test func `the days it was told are in the calendar`() throws {
    let story = try ExchangeStory { ($0.facts.refreshDays, $0.facts.idleDays, $0.facts.rotation) = (90, 30, "always") }
    let now = story.vault.clock.now()
    let deadlines = try story.vault.session(.audrey).deathCalendar().deadlines
    #expect(deadlines.map(\.end) == [.idle, .age])
    #expect(deadlines.map(\.when) == [now.plus(days: 30), now.plus(days: 90)])
  }

  @Test func `the URLs it was told are its preset's, and part of where its secrets go`() throws {
    let details = connector {
      ($0.revokeURL, $0.deviceURL) = ("https://id.example.com/revoke", "https://id.example.com/device")
      $0.authorizeURL = "https://login.example.com/authorize"
    }
    try details.checkFacts()
    let preset = try Preset.forConnector(details)
    #expect(preset.revoke?.url == "https://id.example.com/revoke" && preset.revoke?.authenticates == true)
    #expect(preset.device?.url == "https://id.example.com/device")
    #expect(preset.authorize?.url == "https://login.example.com/authorize" && preset.authorize?.pkce == true)

    let story = try ExchangeStory { $0.facts.revokeURL = "https://id.example.com/revoke" }
    try story.answer(access: "access-1")
    _ = try story.exchange()
    let dev = try story.vault.session(.dev)
    try dev.commit { try $0.changeConnector("crm") { $0.facts.revokeURL = "https://elsewhere.example/revoke" } }
    let error = refusal { _ = try story.exchange { $0.isFresh = true } }
    #expect(error?.code == .destinationChanged)
    #expect(error?.reason.contains("elsewhere.example") == true)
    let ada = try story.vault.session(.ada)
    let shown = try ada.shownDestinations(of: "contoso/crm").now
    #expect(shown.urls["revoke"] == "https://elsewhere.example/revoke")
    #expect(shown.hosts.contains("elsewhere.example"))
    try ada.commit { try $0.confirm("contoso/crm", to: shown) }
    #expect(try story.exchange { $0.isFresh = true }.access == "access-1")
    // The rotation is not part of the confirmed destination.
    try dev.commit { try $0.changeConnector("crm") { $0.facts.rotation = "never" } }
    #expect(try story.exchange { $0.isFresh = true }.access == "access-1")
  }

  @Test func `what can't be is refused before it is kept`() throws {
    #expect(refusal { try connector { $0.rotation = "sometimes" }.checkFacts() }?.code == .usage)
    #expect(refusal { try connector { $0.oldToken = "gone" }.checkFacts() }?.code == .usage)
    #expect(refusal { try connector { $0.oldToken = "grace" }.checkFacts() }?.hint?.steps == [.give(.grace)])
    #expect(refusal { try connector { $0.graceSeconds = 60 }.checkFacts() }?.code == .usage)
    #expect(refusal { try connector { $0.revokeURL = "http://id.example.com/" }.checkFacts() }?.code == .badEndpoint)
    #expect(refusal { try connector { $0.deviceURL = "https://10.0.0.1/" }.checkFacts() }?.code == .badEndpoint)
    #expect(refusal { try connector { $0.authorizeURL = "login" }.checkFacts() }?.code == .badEndpoint)
    var known = connector { $0.rotation = "never" }
    (known.provider, known.endpoint) = ("zoom", nil)
    #expect(refusal { try known.checkFacts() }?.code == .usage)
  }

  @Test func `the scope is repeated as it was told`() throws {
    for (told, isSent) in [(nil, true), (true, true), (false, false)] as [(Bool?, Bool)] {
      let story = try ExchangeStory { ($0.scope, $0.facts.scopeInRefresh) = ("a b", told) }
      try story.answer(access: "access-1")
      _ = try story.exchange()
      #expect(try story.server.seen(story.place).last?.contains("scope=") == isSent)
    }
  }

  @Test func `a scope of which a login was granted less is not repeated, until it is another`() throws {
    let story = try ExchangeStory { $0.scope = "a b c" }
    try story.answer(access: "access-1", refresh: "refresh-2")
    try story.vault.session(.ada).commit { try $0.note(refused: "a b c", of: "contoso/crm") }
    for _ in 0..<2 {
      _ = try story.exchange { $0.isFresh = true }
      #expect(try story.server.seen(story.place).last?.contains("scope=") == false)
    }
    #expect(try story.value() == "refresh-2")
    try story.vault.session(.dev).commit { try $0.changeConnector("crm") { $0.scope = "a b" } }
    _ = try story.exchange { $0.isFresh = true }
    #expect(try story.server.seen(story.place).last?.contains("scope=a+b") == true)
  }

  @Test(
    arguments: [
      (#""scope":"a b""#, ["c"]), (#""scope":["a"]"#, ["b", "c"]), (#""scope":"a b c d""#, []),
      (#""scope":"C b A""#, []),
      (#""x":1"#, []),
    ] as [(String, [String])])
  func `a login tells what was not granted`(scope: String, missing: [String]) throws {
    let story = try LoginStory(scope: "a b c")
    try story.answer("token", #"{"access_token":"a","refresh_token":"refresh-9",\#(scope)}"#)
    let login = try BrowserLogin(story.login())
    let done = try LoginBrowser(login).meanwhile { _ = try $0.answer("code=c1") }
    defer { done.wait() }
    let grant = try login.finish(within: .seconds(200))
    let ungranted = grant.ungranted
    _ = grant.takeToken()
    #expect(ungranted?.missing ?? [] == missing)
    #expect(ungranted == nil || ungranted?.scope == "a b c")
  }
}
