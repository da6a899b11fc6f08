import CustodyExchange
import CustodySecrets
import CustodyValues
import Testing

func base64(_ word: String) throws -> String {
  var buffer = try SecureBuffer()
  try buffer.appendBase64(SecureBytes(copying: Array(word.utf8)))
  return text(try buffer.finish())
}

@Suite struct EndpointTests {
  @Test(arguments: [
    "", "api.kaiza.la", "ftp://a.b/", "HTTPS://a.b/", "https:/a.b", "https://", "https:///x", "https://a.b:0/",
    "https://a.b:65536/",
    "https://a.b:/", "https://a.b:08/", "https://u@a.b/", "https://u:p@a.b/", "https://a.b/#f", "https://a.b#@c.d/",
    "https://a.b\\@c.d/",
    "https://a.b/\r\nX: 1", "https://a.b/ x", "https://a b/", "https://á.b/", "https://a..b/", "https://.a.b/",
    "https://a.b./",
    "https://-a.b/", "https://a_b.c/", "https://127.1/", "https://0x7f000001/", "https://2130706433/",
    "https://1.2.3.256/",
    "https://01.2.3.4/", "https://[::2]/", "https://[::1/", "https://a.b/%zz", "https://a.b/%4", "https://a.b/../x",
    "https://a.b/./",
    "http://a.b/", "http://10.0.0.1/", "http://169.254.169.254/", "http://localhost.a.b/", "http://128.0.0.1/",
    "http://127.0.0.1.a.b/",
    "http://[::2]/", "https://%61.b/", "https://a.b:443:80/",
  ])
  func `a URL that could be read in two ways, or is no place for secrets, is refused`(text: String) {
    #expect(throws: EndpointError.self) { try Endpoint(text) }
  }

  @Test(arguments: [
    ("https://API.Kaiza.LA", "https://api.kaiza.la/"), ("https://a.b:8443/x?y=%2F", "https://a.b:8443/x?y=%2F"),
    ("http://localhost:9/", "http://localhost:9/"), ("http://127.9.9.9/t", "http://127.9.9.9/t"),
    ("http://[::1]:80/t", "http://[::1]:80/t"),
    ("https://a.b?x", "https://a.b/?x"), ("https://10.0.0.1/", "https://10.0.0.1/"),
  ])
  func `a plain URL is read as it stands`(given: String, expected: String) throws {
    #expect(try Endpoint(given).text == expected)
    #expect(try Endpoint(expected).text == expected)
  }

  @Test(arguments: [
    ("*.kaiza.la", "https://kms2.kaiza.la/", true), ("*.kaiza.la", "https://a.b.kaiza.la/", true),
    ("*.kaiza.la", "https://kaiza.la/", false),
    ("*.kaiza.la", "https://evilkaiza.la/", false), ("*.kaiza.la", "https://kaiza.la.evil.com/", false),
    ("api.kaiza.la", "https://api.kaiza.la/", true), ("api.kaiza.la", "https://x.api.kaiza.la/", false),
    ("*", "https://a.b/", true),
    ("*", "https://169.254.169.254/", false), ("*", "https://localhost/", false), ("*", "https://[::1]/", false),
  ])
  func `hosts match at the dots`(pattern: String, url: String, allowed: Bool) throws {
    #expect(try #require(HostPattern(pattern)).allows(Endpoint(url)) == allowed)
  }

  @Test(arguments: ["", "*.", "*.la", "*kaiza.la", "a.*.b", "https://a.b", "a.b/c", "a.b:1", "A.B", "u@a.b"])
  func `what is no host is no pattern`(pattern: String) { #expect(HostPattern(pattern) == nil) }
  @Test(arguments: [
    "http://api.kaiza.la/v1/accessToken", "https://evil.example.com/", "https://kaiza.la.evil.com/",
    "https://u@api.kaiza.la/",
  ])
  func `an endpoint that the preset does not allow gets nothing`(url: String) throws {
    var request = ExchangeRequest(preset: try #require(Preset.named("kaizala")), connectorID: "id")
    request.endpoint = url
    let transport = FakeTransport { _ in (200, "", "{}") }
    #expect(try request.outcome(secret: "GOOD", over: transport).error?.code == .badEndpoint)
    #expect(transport.asked.withLock { $0 } == [])
  }

  @Test(arguments: [nil, "", "a/b", "..", "a?b", "a#b", "é", "a%2fb", "a\r\nb"] as [String?])
  func `a variable can't leave its place in the URL`(tenant: String?) throws {
    var request = ExchangeRequest(preset: try #require(Preset.named("entra")), connectorID: "id")
    request.variables["tenant"] = tenant
    #expect(try request.outcome(over: FakeTransport { _ in (200, "", "{}") }).error?.code == .badEndpoint)
  }

  @Test func `variables are filled in, and a preset without a URL needs the connector's`() throws {
    var request = ExchangeRequest(preset: try #require(Preset.named("entra")), connectorID: "id")
    request.variables["tenant"] = "contoso.onmicrosoft.com"
    let transport = FakeTransport { _ in (200, "", #"{"access_token":"a"}"#) }
    #expect(try request.outcome(over: transport).access == "a")
    #expect(
      transport.asked.withLock { $0 } == ["https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token"]
    )
    let generic = ExchangeRequest(preset: try #require(Preset.named("oauth2")), connectorID: "id")
    #expect(try generic.outcome(over: transport).error?.code == .badEndpoint)
  }

  @Test(
    arguments: [
      ("https://kms2.kaiza.la/", "https://kms2.kaiza.la"),
      ("https://inc-000.KaizalaMessaging.osi.office.net", "https://inc-000.kaizalamessaging.osi.office.net"),
      ("https://evil.example.com/", nil), ("http://kms2.kaiza.la/", nil), ("http://127.0.0.1/", nil),
      ("https://kms.kaiza.la/?x", nil),
    ] as [(String, String?)])
  func `an API address is believed only on the preset's hosts`(url: String, expected: String?) throws {
    let request = ExchangeRequest(preset: try #require(Preset.named("kaizala")), connectorID: "id")
    let outcome = try request.outcome(
      secret: "GOOD", over: FakeTransport { _ in (200, "", #"{"accessToken":"a","endpointUrl":"\#(url)"}"#) })
    #expect(outcome.apiBase == expected)
    #expect(outcome.access == "a")
    #expect(outcome.warnings.isEmpty == (expected != nil))
  }

  @Test func `nobody listens on a closed port, and nothing was sent`() throws {
    var exchange = try request("oauth2", at: "closed", Script("{}"))
    exchange.endpoint = "http://127.0.0.1:1/"
    let error = try exchange.outcome().error
    #expect(error?.code == .unreachable)
    #expect(error?.mayHaveArrived == false)
  }
}
