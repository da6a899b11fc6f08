import CustodyExchange
import Testing

/// TLS: nothing is sent to a server that can't prove its identity.
@Suite struct TLSTests {
  static let reply = #"{"access_token":"at-tls","expires_in":3600}"#

  func request(_ server: TokenServer, authority: String?, host: String = "localhost") throws -> ExchangeRequest {
    let made = try #require(Certificates.made)
    try server.script("tls", Script(Self.reply))
    var request = ExchangeRequest(preset: try #require(Preset.test("oauth2/post")), connectorID: "id")
    request.endpoint = "https://\(host):\(server.port)/tls"
    request.caFile = authority.map { made.path($0 + ".pem") }
    request.timeLimit = .seconds(30)
    return request
  }

  @Test(
    arguments: [("good", "ours"), ("good", "both"), ("chain", "ours"), ("self-signed", "self-signed")]
      as [(String, String)])
  func `a private authority is trusted when it is named`(certificate: String, authority: String) throws {
    let server = try #require(Certificates.made).server(certificate)
    #expect(try request(server, authority: authority).outcome().access == "at-tls")
    // The client offered this protocol alone.
    #expect(try server.tally().protocols == [["TLSv1.3", "http/1.1"]])
  }

  @Test func `TLS 1 2 will do`() throws {
    let server = try #require(Certificates.made).server("good", ["--only", "TLSv1_2"])
    #expect(try request(server, authority: "ours").outcome().access == "at-tls")
    #expect(try server.tally().protocols == [["TLSv1.2", "http/1.1"]])
  }

  /// The server's certificate, the trusted authorities, and the host in the URL.
  static let refused: [(String, String?, String)] = [
    ("good", nil, "localhost"), ("good", "theirs", "localhost"), ("good", "absent", "localhost"),
    ("good", "ours", "127.0.0.1"), ("wrong-name", "ours", "localhost"), ("expired", "ours", "localhost"),
    ("not-yet", "ours", "localhost"), ("self-signed", "ours", "localhost"), ("self-signed", nil, "localhost"),
    ("for-clients", "ours", "localhost"), ("chained", "ours", "localhost"), ("leaf-chain", "ours", "localhost"),
  ]

  @Test(arguments: refused.indices)
  func `a certificate that does not hold ends it before the request is sent`(index: Int) throws {
    let (certificate, authority, host) = Self.refused[index]
    let server = try #require(Certificates.made).server(certificate)
    let error = try request(server, authority: authority, host: host).outcome().error
    #expect(error?.code == .tlsFailed)
    #expect(error?.mayHaveArrived == false)
    let tally = try server.tally()
    #expect(tally.connections == 1 || authority == "absent")
    #expect(tally.bytes == 0)
  }

  @Test(arguments: ["TLSv1", "TLSv1_1"]) func `an old TLS is refused before the request is sent`(version: String) throws
  {
    let server = try #require(Certificates.made).server("good", ["--only", version])
    let error = try request(server, authority: "ours").outcome().error
    #expect(error?.code == .tlsFailed)
    #expect(error?.mayHaveArrived == false)
    #expect(try server.tally() == TokenServer.Tally(connections: 1, handshakes: 0, bytes: 0, protocols: []))
  }

  @Test func `https to a server that speaks plain http fails before the request is sent`() throws {
    let plain = try TokenServer([])
    let error = try request(plain, authority: "ours").outcome().error
    #expect(error?.code == .tlsFailed)
    #expect(error?.mayHaveArrived == false)
    #expect(try plain.tally().bytes == 0)
  }
}
