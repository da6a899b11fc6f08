import Custody
import CustodyEvidence
import CustodyExchange
import CustodyJSON
import Testing

/// The preset that a connector uses, and the variables of its URLs.
@Suite struct ConnectorPresetTests {
  func acme(_ id: String = "acme") throws -> Preset {
    var object = try #require(Preset.named("zoho")?.json.object)
    object["id"] = .string(id)
    return try Preset(.object(object))
  }

  @Test func `a preset that is not Custody's own goes with the connector, and one that is does not`() throws {
    var connector = ConnectorDetails(name: "crm", provider: "acme", connectorID: "id")
    let error = #expect(throws: VaultError.self) { try Preset.forConnector(connector) }
    #expect(error?.reason == "there is no provider \"acme\"")
    connector.seal(try acme())
    #expect(try Preset.forConnector(connector).json == acme().json)
    connector.provider = "kaizala"
    let kaizala = try #require(Preset.named("kaizala"))
    connector.seal(kaizala)
    #expect(connector.preset == nil)
    // A preset that overrides Custody's own is sealed.
    connector.seal(try acme("kaizala"))
    #expect(connector.preset != nil)
    #expect(try Preset.forConnector(connector).url == acme().url)
  }

  @Test(arguments: [
    ("{}", "preset.v is not 1, the version that is read here"), ("", "it is not JSON from here on"),
    ("other", "it is of provider \"other\""),
  ]) func `a sealed preset that can't be read is no reason to use another`(text: String, reason: String) throws {
    var connector = ConnectorDetails(name: "crm", provider: "kaizala", connectorID: "id")
    connector.preset = text == "other" ? try acme("other").json.text() : text
    let error = #expect(throws: VaultError.self) { try Preset.forConnector(connector) }
    #expect(error?.code == .badPreset)
    #expect(error?.reason == "cannot use the preset that is sealed with \"crm\": \(reason)")
  }

  @Test func `a connector authenticates by what its preset knows`() throws {
    var connector = ConnectorDetails(name: "crm", provider: "oauth2", connectorID: "id")
    #expect(try Preset.forConnector(connector).clientAuthentication == .basic)
    connector.clientAuthentication = "post"
    #expect(try Preset.forConnector(connector).clientAuthentication == .post)
    for (provider, way, hint) in [
      ("oauth2", "magic", "say basic or post or assertion"), ("xero", "post", "say basic"),
      ("kaizala", "basic", "leave out \(step: .leaveOut(.clientAuthentication))"),
    ] as [(String, String, Hint)] {
      (connector.provider, connector.clientAuthentication) = (provider, way)
      let error = #expect(throws: VaultError.self) { try Preset.forConnector(connector) }
      #expect(error?.code == .badPreset)
      #expect(error?.hint == hint)
    }
  }

  @Test func `URLs are filled with what the token says, else with what is usual`() throws {
    let zoho = try #require(Preset.named("zoho"))
    var token = TokenDetails(tenant: "contoso", connector: "crm", provider: "zoho", reach: .tenant)
    var request = ExchangeRequest(preset: zoho, connectorID: "id")
    let transport = FakeTransport { _ in (200, "", #"{"access_token":"a"}"#) }
    for region in [nil, "eu", "com.au"] {
      token.variables["region"] = region
      request.variables = zoho.variables(of: token)
      #expect(try request.outcome(over: transport).access == "a")
    }
    #expect(
      transport.asked.withLock { $0 } == ["com", "eu", "com.au"].map { "https://accounts.zoho.\($0)/oauth/v2/token" })
    request.variables = ["region": "org"]
    #expect(try request.outcome(over: transport).error?.code == .badEndpoint)
    #expect(transport.asked.withLock { $0.count } == 3)

    let entra = try #require(Preset.named("entra"))
    #expect(entra.variables(of: token)["tenant"] == "contoso")
    token.variables["tenant"] = "contoso.onmicrosoft.com"
    #expect(entra.variables(of: token)["tenant"] == "contoso.onmicrosoft.com")
    token.variables = [:]
    token.providerTenant = "8eaef023"
    #expect(entra.variables(of: token)["tenant"] == "8eaef023")
  }

  @Test(
    arguments: [
      ("zoho", "region", "eu", nil), ("zoho", "region", "mars", "region can't be \"mars\" for provider \"zoho\""),
      ("zoho", "tenant", "x", "provider \"zoho\" has no variable \"tenant\""), ("entra", "tenant", "x.y", nil),
      ("entra", "tenant", "x/y", "tenant can't be \"x/y\" for provider \"entra\""),
      ("kaizala", "region", "eu", "provider \"kaizala\" has no variable \"region\""),
    ] as [(String, String, String, String?)])
  func `a variable that the preset has no place for is refused`(
    provider: String, name: String, value: String, reason: String?
  ) throws {
    let preset = try #require(Preset.named(provider))
    var refused: VaultError?
    do { try preset.check(variables: [name: value]) } catch { refused = error }
    #expect(refused?.reason == reason)
  }
}
