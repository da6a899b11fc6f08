import CustodyExchange
import CustodyJSON
import Testing

/// Redirects to a second server, which records if anything reaches it.
@Suite struct RedirectWireTests {
  /// The outcome at a TLS server whose preset names localhost as its host and follows 308.
  func outcome(
    _ first: TokenServer, _ status: Int, to location: String, host: String = "localhost", place: String = "token"
  ) throws -> Outcome {
    let made = try #require(Certificates.made)
    var script = Script("{}", status: status)
    script.headers = [["Location", location]]
    try first.script(place, script)
    var text = try #require(Preset.named("oauth2")?.json.object)
    text["hosts"] = [.string(host)]
    text["follows_308"] = true
    var request = ExchangeRequest(preset: try Preset(.object(text)), connectorID: "id")
    request.endpoint = "https://localhost:\(first.port)/\(place)"
    request.caFile = made.path("both.pem")
    return try request.outcome()
  }

  @Test(arguments: ["localhost", "elsewhere.example"]) func `a 308 over TLS is followed only to a named host`(
    host: String
  ) throws {
    let made = try #require(Certificates.made)
    let (first, second) = (try made.server("good"), try made.server("good"))
    try second.script("token", Script(TLSTests.reply))
    let outcome = try outcome(first, 308, to: "https://localhost:\(second.port)/token", host: host)
    #expect(outcome.access == (host == "localhost" ? "at-tls" : nil))
    #expect(outcome.error?.code == (host == "localhost" ? nil : .redirected))
    #expect(try second.tally().connections == (host == "localhost" ? 1 : 0))
  }

  @Test func `no redirect to another host, port or plain http makes a connection`() throws {
    let made = try #require(Certificates.made)
    let first = try made.server("good")
    let (secure, plain) = (try made.server("good"), try TokenServer([]))
    let places = [
      "https://127.0.0.1:\(secure.port)/token", "http://localhost:\(plain.port)/token",
      "http://127.0.0.1:\(plain.port)/token", "//127.0.0.1:\(secure.port)/token",
      "https://user@localhost:\(secure.port)/token", "https://127.0.0.1:\(secure.port)@localhost/token",
    ]
    for status in [301, 302, 303, 304, 307, 308] {
      for place in places + (status == 308 ? [] : ["https://localhost:\(secure.port)/token"]) {
        let error = try outcome(first, status, to: place).error
        #expect(error?.code == .redirected)
        #expect(error?.status == status)
      }
    }
    #expect(try secure.tally().connections == 0)
    #expect(try plain.tally().connections == 0)
  }

  @Test func `where a 308 leads must show its own certificate, and is sent nothing without`() throws {
    let made = try #require(Certificates.made)
    let (first, second) = (try made.server("good"), try made.server("wrong-name"))
    let error = try outcome(first, 308, to: "https://localhost:\(second.port)/token").error
    #expect(error?.code == .tlsFailed)
    // A server that redirects did not act, and the other was sent nothing: no doubt is left.
    #expect(error?.mayHaveArrived == false)
    #expect(try second.tally().bytes == 0)
  }

  @Test func `a 308 is followed once, over real sockets too`() throws {
    let made = try #require(Certificates.made)
    let (first, second, third) = (try made.server("good"), try made.server("good"), try made.server("good"))
    var script = Script("{}", status: 308)
    script.headers = [["Location", "https://localhost:\(third.port)/token"]]
    try second.script("token", script)
    #expect(try outcome(first, 308, to: "https://localhost:\(second.port)/token").error?.code == .redirected)
    #expect(try second.tally().connections == 1)
    #expect(try third.tally().connections == 0)
  }

  static let ambiguous = [
    "https://localhost:9/\u{1}", "https://localhost:9/a b", "https://localhost:9/\u{7F}", "https://localhost:9/é",
    "https://localhost:9/a\\b", "https://localhost:9/#x", "https://localhost:9/../x", "HTTPS://localhost:9/",
    "https://localhost:0/", "https://localhost:65536/", "https://localhost:9 /", "https:localhost:9/", "token",
    "?token", "javascript:0", "file:///etc/passwd", "https://localhost.:9/", "https://2130706433:9/",
    "https://0x7f000001:9/", "https://[::1]:9/", "https://[::ffff:127.0.0.1]:9/", "https://127.1:9/",
    "https://localhost%2eevil.example:9/",
  ]

  @Test func `a Location that two readers could read in two ways is refused`() throws {
    let first = try #require(Certificates.made).server("good")
    for (index, location) in Self.ambiguous.enumerated() {
      let error = try outcome(first, 308, to: location, place: "place-\(index)").error
      #expect(error?.code == .redirected, "\(location)")
    }
    #expect(try first.tally().connections == Self.ambiguous.count)
  }
}
