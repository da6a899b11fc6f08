import CustodyExchange
import CustodySecrets
import CustodyValues
import Testing

@Suite struct WireTests {
  static let oauthReply =
    #"{"access_token":"at-1","token_type":"Bearer","expires_in":3600,"scope":"read write","refresh_token":"rt-2"}"#
  static let version = "0.1.0"

  func head(_ name: String, _ lines: [String], method: String) throws -> String {
    let server = try #require(TokenServer.plain)
    return
      ([
        "\(method) /\(name) HTTP/1.1", "Host: 127.0.0.1:\(server.port)", "User-Agent: custody/\(Self.version)",
      ] + lines).joined(separator: "\r\n") + "\r\n\r\n"
  }

  @Test func `kaizala is asked with three headers and no body`() throws {
    var exchange = try request(
      "kaizala", at: "kaizala",
      Script(
        #"{"accessToken":"at-1","endpointUrl":"http://127.0.0.1:9/","accessTokenExpiry":\#(farAway),"refreshToken":"","scope":"groupinfo.read,action.write"}"#
      ))
    exchange.variables = ["tenant": "unused"]
    let outcome = try exchange.outcome(secret: "ABCDEFGHIJ")
    #expect(outcome.error == nil)
    #expect(outcome.access == "at-1")
    #expect(outcome.refresh == nil)
    #expect(outcome.expires == farAway)
    #expect(outcome.scopes == ["groupinfo.read", "action.write"])
    #expect(outcome.apiBase == "http://127.0.0.1:9")
    #expect(
      try #require(TokenServer.plain).seen("kaizala") == [
        head(
          "kaizala",
          [
            "applicationId: 5f0c2a", "applicationSecret: ABCDEFGHIJ", "refreshToken: refresh-token-0001",
            "Accept: application/json",
          ], method: "GET")
      ])
  }

  var farAway: Int64 { 1_900_000_000_000 }

  @Test(arguments: ["entra", "google", "salesforce", "oauth2/post"])
  func `form presets send id, secret and token in the body`(preset: String) throws {
    var exchange = try request(preset, at: "form-" + preset, Script(Self.oauthReply))
    exchange.scope = "read write"
    let outcome = try exchange.outcome()
    #expect(outcome.error == nil)
    #expect(outcome.access == "at-1")
    #expect(outcome.refresh == "rt-2")
    #expect(outcome.scopes == ["read", "write"])
    let body =
      "grant_type=refresh_token&client_id=conn+ID%2F1&client_secret=s3cr3t%2F%2B+%26&refresh_token=refresh-token-0001&scope=read+write"
    #expect(
      try #require(TokenServer.plain).seen("form-" + preset) == [
        head(
          "form-" + preset,
          [
            "Accept: application/json", "Content-Type: application/x-www-form-urlencoded",
            "Content-Length: \(body.utf8.count)",
          ], method: "POST") + body
      ])
  }

  @Test func `a JSON preset sends one object, with every value escaped as JSON asks`() throws {
    let exchange = try request("atlassian", at: "json", Script(Self.oauthReply))
    let outcome = try exchange.outcome(secret: #"s3"\/é"# + "\u{1}\n", token: "refresh-token-0001")
    #expect(outcome.error == nil)
    #expect(outcome.refresh == "rt-2")
    let body =
      #"{"grant_type":"refresh_token","client_id":"conn ID/1","client_secret":"s3\"\\/é\u0001\u000a","refresh_token":"refresh-token-0001"}"#
    #expect(
      try #require(TokenServer.plain).seen("json") == [
        head(
          "json",
          ["Accept: application/json", "Content-Type: application/json", "Content-Length: \(body.utf8.count)"],
          method: "POST") + body
      ])
  }

  @Test(arguments: [[0xFF], [0x61, 0xC3], [0xED, 0xA0, 0x80], [0xC0, 0xAF]] as [[UInt8]])
  func `what is no text can't go into JSON, and nothing is sent`(bytes: [UInt8]) throws {
    let exchange = try request("atlassian", at: "not-utf8", Script(Self.oauthReply))
    let secret = try SecureBytes(copying: bytes)
    let token = try SecureBytes(copying: Array("token".utf8))
    let error = #expect(throws: ExchangeError.self) {
      _ = try exchange.exchange(connectorSecret: secret, refreshToken: token)
    }
    #expect(error?.code == .unsendable)
    #expect(try #require(TokenServer.plain).seen("not-utf8") == [])
  }

  // RFC 6749, section 2.3.1: form-encode, then base64. printf 'conn+ID%%2F1:s3cr3t%%2F%%2B+%%26' | base64
  @Test func `basic presets send id and secret in the authorization header`() throws {
    let outcome = try request("oauth2", at: "basic", Script(Self.oauthReply)).outcome()
    #expect(outcome.access == "at-1")
    let body = "grant_type=refresh_token&refresh_token=refresh-token-0001"
    #expect(
      try #require(TokenServer.plain).seen("basic") == [
        head(
          "basic",
          [
            "Authorization: Basic Y29ubitJRCUyRjE6czNjcjN0JTJGJTJCKyUyNg==", "Accept: application/json",
            "Content-Type: application/x-www-form-urlencoded", "Content-Length: \(body.utf8.count)",
          ], method: "POST") + body
      ])
  }

  // A secret must not begin another header.
  @Test(arguments: ["a\r\nX-Evil: 1", "a\nb", "a\0b", "é", "a b", "a\u{7F}", ""])
  func `what no header can carry is refused before anything is sent`(bad: String) throws {
    let name = "unsendable-\(bad.utf8.reduce(7) { $0 &* 31 &+ Int($1) })"
    let exchange = try request("kaizala", at: name, Script("{}"))
    #expect(try exchange.outcome(secret: bad).error?.code == .unsendable)
    #expect(try exchange.outcome(secret: "GOOD", token: bad).error?.code == .unsendable)
    #expect(try exchange.outcome(secret: "GOOD", token: bad).error?.mayHaveArrived == false)
    #expect(try #require(TokenServer.plain).seen(name) == [])
  }

  // Null, "" and the token that was sent are no new token; any other text is.
  @Test(
    arguments: [("null", nil), (#""""#, nil), (#""refresh-token-0001""#, nil), (#""new""#, "new")]
      as [(String, String?)])
  func `only a new refresh token counts as one`(written: String, expected: String?) throws {
    let name = "rotation-\(written.utf8.count)"
    let late = try request("kaizala", at: name, Script(#"{"accessToken":"a","refreshToken":\#(written)}"#))
    let outcome = try late.outcome(secret: "GOOD")
    #expect(outcome.error == nil)
    #expect(outcome.refresh == expected)
  }

  @Test func `a field of every length is encoded as base64 says`() throws {
    let expected = ["Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]
    for (index, word) in ["f", "fo", "foo", "foob", "fooba", "foobar"].enumerated() {
      #expect(try base64(word) == expected[index])
    }
  }
}
