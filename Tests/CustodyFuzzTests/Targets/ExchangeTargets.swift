@testable import CustodyEvidence
import Custody
import CustodyJSON
import CustodyLog
import CustodySecrets
import CustodyValues

@testable import CustodyExchange

extension FuzzTarget {
  private static let origin = "https://login.example.com/a"

  static let preset = FuzzTarget(
    name: "preset", longest: Preset.mostBytes,
    words: [
      "\"url\":", "\"variables\":", "\"values\":", "\"hosts\":", "\"header:", "\"form:", "\"json:", "{tenant}",
      "\"basic:",
    ],
    seeds: { Seeds.files("Sources/CustodyExchange/Presets", ending: ".json") }, run: read(preset:))

  private static func read(preset bytes: [UInt8]) throws {
    let preset: Preset
    do { preset = try Preset(parsing: bytes) } catch {
      _ = error.reason
      return
    }
    let again = try Preset(parsing: preset.json.bytes())
    try hold(again.json == preset.json, "a preset's own text says the same")
    try use(preset)
    for way in ClientAuthentication.allCases { if let chosen = preset.authenticating(by: way) { try use(chosen) } }
    var connector = ConnectorDetails(name: "c", provider: preset.id, connectorID: "id")
    connector.seal(preset)
    // A text that grew by being written again has no room; any other must be the one that was sealed.
    if (connector.preset ?? "").utf8.count <= Preset.mostBytes {
      try hold(try Preset.forConnector(connector).json == preset.json, "a connector keeps its preset")
    }
  }

  private static let answer = utf8(
    #"{"access_token":"at","refresh_token":"rt2","expires_in":3600,"token_type":"bearer","scope":"a,b c","error":""}"#)

  private static func use(_ preset: Preset) throws {
    var token = TokenDetails(tenant: "contoso", connector: "c", provider: preset.id, reach: .tenant)
    token.variables = ["region": "eu"]
    let values = preset.variables(of: token)
    _ = (preset.secretURLs(values), try? preset.check(variables: values))
    for call in [preset.authorize?.url, preset.device?.url, preset.revoke?.url, preset.introspect?.url] {
      if let call { _ = (try? preset.endpoint(call, values), try? preset.browserEndpoint(call, values)) }
    }
    try exchange(preset, Answer(status: 200, body: answer))
  }

  /// The first three bytes choose a provider, a status and a header; the rest is the body.
  static let reply = FuzzTarget(
    name: "reply", longest: 4096,
    words: [
      "\"access_token\":\"", "\"refresh_token\":\"", "\"expires_in\":", "\"error\":\"invalid_grant\"", "access_token=",
    ],
    seeds: {
      let bodies = [
        answer, utf8(#"{"error":"invalid_grant","error_description":"connector-secret-0001 no"}"#),
        utf8("access_token=at&refresh_token=rt&expires_in=5"), utf8("<html>"),
        utf8(#"{"access_token":"\#(jwt)","refresh_token":"refresh-token-0001","issued_at":"1800000000000"}"#),
        utf8(#"{"device_code":"d","user_code":"u","verification_uri":"https://a.example/","expires_in":"9"}"#),
        utf8(
          #"{"issuer":"\#(origin)","token_endpoint":"https://t.example/","authorization_endpoint":"https://a.example/"}"#
        ),
        utf8("GET /callback?code=a%20b&state=c HTTP/1.1\r\nHost: 127.0.0.1:7\r\n\r\n"),
      ]
      return Preset.ids.indices.flatMap { preset in bodies.map { [UInt8(preset), 0, 0] + $0 } }
        + [[4, 3, 200] + bodies[0], [0, 7, 1] + bodies[1]]
    }, run: read(reply:))

  private static let jwt = "e30.eyJleHAiOjE4MDAwMDAwMDAsImlhdCI6MTcwMDAwMDAwMH0.c2ln"
  private static let presets = Preset.all
  private static let statuses = [200, 201, 204, 308, 400, 401, 403, 429, 500, 503, 0, -1, .max, 302, 307, 200]

  private static func read(reply bytes: [UInt8]) throws {
    var feed = Feed(bytes)
    let preset = presets[Int(feed.next()) % presets.count]
    let status = statuses[Int(feed.next()) % statuses.count]
    let header = Int(feed.next())
    let body = feed.all()
    try exchange(preset, Answer(status: status, header: header, body: body))
    _ = try? DeviceCode(SecretJSON(SecureBytes(copying: body)))
    _ = CallbackRequest(body, port: 7)?["code"]
    if let found = try? JSONValue(parsing: body), let base = try? Endpoint(origin),
      let metadata = try? ServerMetadata(found, of: origin, base),
      let made = try? metadata.preset(dated: "2026-11-24")
    {
      for endpoint in metadata.endpoints { try hold(endpoint.url.isSecure, "what is discovered is https") }
      try use(made)
    }
    let token = TokenDetails(tenant: "t", connector: "c", provider: preset.id, reach: .tenant)
    let connector = ConnectorDetails(name: "c", provider: preset.id, connectorID: "id")
    let now = Timestamp(milliseconds: 1_800_000_000_000)
    _ = try TokenInspection(token, of: connector, now: now).examine(SecureBytes(copying: body))
  }

  private static func exchange(_ preset: Preset, _ answer: Answer) throws {
    var request = ExchangeRequest(preset: preset, connectorID: "id")
    request.variables = ["tenant": "contoso", "region": "eu"]
    if preset.url == nil { request.endpoint = "http://127.0.0.1/token" }
    request.scope = "a"
    let secret = "connector-secret-0001"
    let sent = "refresh-token-0001"
    do {
      let reply = try request.exchange(
        connectorSecret: SecureBytes(copying: utf8(secret)), refreshToken: SecureBytes(copying: utf8(sent)),
        over: answer)
      try hold(!reply.accessToken.isEmpty, "an access token has bytes")
      if let expires = reply.expires { _ = Timestamp(milliseconds: expires).text }
    } catch let error as ExchangeError {
      let told = [error.reason, error.providerText ?? "", error.providerCode ?? "", error.failure.reason]
      for text in told {
        try hold(!text.contains(secret) && !text.contains(sent), "no error repeats a secret: \(text)")
        try hold(PrintableText.isClean(text), "an error is fit to be shown: \(text)")
      }
    }
  }
}

/// A provider that answers with what it was given.
private struct Answer: HTTPTransport {
  let now: Int64 = 1_800_000_000_000
  let status: Int
  var header = 0
  let body: [UInt8]

  private static let texts = [
    "", "text/html; charset=x", "https://api.kaiza.la/", "https://evil.example/", "604800", "9223372036854775807", "-1",
    "Thu, 01 Jan 1970 00:00:00 GMT", "\u{212A}", "//", "https://login.microsoftonline.com/x?y",
  ]

  func send(_ request: borrowing HTTPRequest) throws(TransportError) -> HTTPReply {
    do {
      var reply = HTTPReply(status: status, body: try SecureBytes(copying: body))
      let text = Self.texts[header % Self.texts.count]
      (reply.location, reply.retryAfter, reply.contentType, reply.date) = (text, text, text, text)
      return reply
    } catch { throw TransportError(.noMemory) }
  }
}
