import CustodyExchange
import CustodyJSON
import Testing

/// Redirects. Secrets travel in custom headers and in the body, and clients that follow redirects send them along.
@Suite struct RedirectTests {
  static let other = try? TokenServer([])

  @Test(arguments: [301, 302, 303, 307, 308], ["kaizala", "oauth2", "entra"])
  func `no redirect to another place is followed`(status: Int, preset: String) throws {
    let other = try #require(Self.other)
    for (index, host) in ["127.0.0.1", "localhost"].enumerated() {
      var script = Script("{}", status: status)
      script.headers = [["Location", "http://\(host):\(other.port)/stolen"]]
      let error = try request(preset, at: "redirect-\(preset)-\(status)-\(index)", script).outcome(secret: "GOOD").error
      #expect(error?.code == .redirected)
      #expect(error?.status == status)
    }
    #expect(try other.tally().connections == 0)
  }

  func kaizala(_ transport: FakeTransport) throws -> Outcome {
    try ExchangeRequest(preset: try #require(Preset.named("kaizala")), connectorID: "id").outcome(
      secret: "GOOD", over: transport)
  }

  @Test func `kaizala's 308 is followed once to a host of its own`() throws {
    let transport = FakeTransport {
      $0.host == "api.kaiza.la"
        ? (308, "https://kms2.kaiza.la/v1/accessToken", "") : (200, "", #"{"accessToken":"a"}"#)
    }
    #expect(try kaizala(transport).access == "a")
    #expect(
      transport.asked.withLock { $0 } == [
        "https://api.kaiza.la/v1/accessToken", "https://kms2.kaiza.la/v1/accessToken",
      ])
  }

  @Test func `a second 308 is not followed`() throws {
    let transport = FakeTransport { _ in (308, "https://kms2.kaiza.la/v1/accessToken", "") }
    #expect(try kaizala(transport).error?.code == .redirected)
    #expect(transport.asked.withLock { $0.count } == 2)
  }

  @Test(arguments: [
    "https://evil.example.com/", "http://kms2.kaiza.la/", "https://169.254.169.254/", "https://localhost/",
    "http://127.0.0.1/",
    "https://kms2.kaiza.la@evil.example.com/", "//evil.example.com/", "/v1/other", "", "https://kaiza.la.evil.com/",
  ])
  func `a 308 to a place that is not the provider's is refused`(location: String) throws {
    let transport = FakeTransport { _ in (308, location, "") }
    #expect(try kaizala(transport).error?.code == .redirected)
    #expect(transport.asked.withLock { $0.count } == 1)
  }

  @Test(arguments: [301, 302, 303, 307]) func `only 308 is followed, even to the provider's own host`(status: Int)
    throws
  {
    let transport = FakeTransport { _ in (status, "https://kms2.kaiza.la/v1/accessToken", "") }
    #expect(try kaizala(transport).error?.code == .redirected)
    #expect(transport.asked.withLock { $0.count } == 1)
  }

  @Test func `a preset that does not know 308 follows none`() throws {
    var request = ExchangeRequest(preset: try #require(Preset.named("salesforce")), connectorID: "id")
    request.scope = "api"
    let transport = FakeTransport { _ in (308, "https://test.salesforce.com/", "") }
    #expect(try request.outcome(over: transport).error?.code == .redirected)
    #expect(transport.asked.withLock { $0.count } == 1)
  }

  @Test func `a 308 to plain http is refused even where the preset names this machine`() throws {
    var text = try #require(JSONValue(parsing: Preset.texts[0].text).object)
    text["hosts"] = ["api.kaiza.la", "localhost"]
    let request = ExchangeRequest(preset: try Preset(.object(text)), connectorID: "id")
    let transport = FakeTransport { _ in (308, "http://localhost/", "") }
    #expect(try request.outcome(secret: "GOOD", over: transport).error?.code == .redirected)
    #expect(transport.asked.withLock { $0.count } == 1)
  }
}
