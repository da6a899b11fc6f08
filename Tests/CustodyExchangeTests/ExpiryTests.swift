import CustodyExchange
import CustodyJSON
import Foundation
import Testing

/// Ends of tokens: from the reply, or else the sooner of what the token and the preset say.
@Suite struct ExpiryTests {
  static let now: Int64 = 1_800_000_000_000

  /// The outcome of an exchange with this reply, by the preset `oauth2` with the given changes.
  func outcome(
    _ body: String, reply: [String: JSONValue?] = [:], access: Int64? = nil
  ) throws -> Outcome {
    var object = try #require(Preset.named("oauth2")?.json.object)
    var parts = try #require(object["reply"]?.object)
    for (key, value) in reply { parts[key] = value }
    object["reply"] = .object(parts)
    if let access { object["lifetimes"] = ["access_seconds": .integer(access)] }
    var request = ExchangeRequest(preset: try Preset(.object(object)), connectorID: "id")
    request.endpoint = "https://id.example.com/token"
    return try request.outcome(over: FakeTransport { _ in (200, "", body) })
  }

  static func jwt(_ claims: String) -> String {
    func part(_ text: String) -> String {
      Data(text.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
    return "\(part(#"{"alg":"none"}"#)).\(part(claims)).c2ln"
  }

  @Test(
    arguments: [
      ("seconds", "relative", 60, now + 60_000), ("milliseconds", "relative", 60_000, now + 60_000),
      ("seconds", "absolute", now / 1000 + 60, now + 60_000), ("milliseconds", "absolute", now + 60_000, now + 60_000),
    ] as [(String, String, Int64, Int64)])
  func `an expiry has its unit, and is counted from the request or from 1970`(
    unit: String, kind: String, written: Int64, expected: Int64
  ) throws {
    let outcome = try outcome(
      #"{"access_token":"a","expires_in":\#(written)}"#,
      reply: ["expiry_unit": .string(unit), "expiry_kind": .string(kind)], access: 5)
    #expect(outcome.error == nil)
    #expect(outcome.expires == expected)
  }

  @Test func `where the reply says nothing the preset's lifetime counts`() throws {
    #expect(try outcome(#"{"access_token":"a"}"#, access: 90).expires == Self.now + 90_000)
    #expect(try outcome(#"{"access_token":"a","expires_in":null}"#, access: 90).expires == Self.now + 90_000)
    #expect(try outcome(#"{"access_token":"a"}"#).expires == nil)
  }

  @Test(
    arguments: [
      (#"{"exp":1800000060}"#, nil, now + 60_000), (#"{"exp":1800000060}"#, 30, now + 30_000),
      (#"{"exp":1800000060}"#, 90, now + 60_000),
      // This clock is an hour slow: by the provider's own clock the token lives for a minute.
      (#"{"iat":1800003600,"exp":1800003660}"#, nil, now + 60_000),
      // The token was made half an hour ago, for an hour.
      (#"{"iat":1799998200,"exp":1800001800}"#, nil, now + 1_800_000),
      (#"{"exp":"soon"}"#, nil, nil), (#"{"exp":-5}"#, nil, nil), (#"{"exp":1e9}"#, nil, nil),
      (#"{"exp":9223372036854775807}"#, nil, nil), (#"{"iat":1800000099,"exp":1800000060}"#, nil, now + 60_000),
      ("[]", nil, nil), ("{", nil, nil),
    ] as [(String, Int64?, Int64?)])
  func `a JWT's own end counts where the preset says so, and never lengthens`(
    claims: String, access: Int64?, expected: Int64?
  ) throws {
    let body = #"{"access_token":"\#(Self.jwt(claims))"}"#
    #expect(try outcome(body, access: access).expires == expected)
    #expect(
      try outcome(body, reply: ["expiry_from_jwt": false], access: access).expires
        == access.map { Self.now + $0 * 1000 })
    let said = #"{"access_token":"\#(Self.jwt(claims))","expires_in":7}"#
    #expect(try outcome(said, access: access).expires == Self.now + 7000)
  }

  @Test(arguments: ["a.b.c", "a.!.c", "a..c", "...", "eyJleHAiOjE4MDAwMDAwNjB9", "x.eyJleHAiOjE4MDAwMDAwNjB9"])
  func `what is no JWT says nothing`(token: String) throws {
    #expect(try outcome(#"{"access_token":"\#(token)"}"#).expires == nil)
  }

  @Test(
    arguments: [
      ("8726400", now + 8_726_400_000), (#""8726400""#, now + 8_726_400_000), ("0", nil), ("null", nil), ("-1", nil),
      (#""never""#, nil), ("1e9", nil), ("9223372036854775807", nil),
    ] as [(String, Int64?)])
  func `the end of a refresh token is told where it can be believed, and no reply is refused for it`(
    written: String, expected: Int64?
  ) throws {
    let outcome = try outcome(
      #"{"access_token":"a","refresh_token":"r2","refresh_in":\#(written)}"#,
      reply: ["refresh_expiry": "refresh_in", "refresh_expiry_unit": "seconds", "refresh_expiry_kind": "relative"])
    #expect(outcome.access == "a")
    #expect(outcome.refreshExpires == expected)
  }
}
