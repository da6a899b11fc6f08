import CustodyExchange
import Foundation
import Testing

/// Replies that must not be believed.
@Suite struct BadReplyTests {
  func outcome(_ name: String, _ script: Script, preset: String = "oauth2/post") throws -> Outcome {
    try request(preset, at: "bad-" + name, script).outcome()
  }

  @Test func `T5 a reply of ten MiB is cut off`() throws {
    #expect(try outcome("endless", Script(behave: "endless")).error?.code == .replyTooLarge)
    #expect(try outcome("headers", Script(behave: "headers")).error?.code == .replyTooLarge)
  }

  @Test func `T5 a reply of just under one MiB is read`() throws {
    let padding = String(repeating: " ", count: (1 << 20) - 22)
    let full = #"{"access_token":"at-1"\#(padding.dropLast())}"#
    #expect(full.utf8.count == 1 << 20)
    #expect(try outcome("full", Script(full)).access == "at-1")
    #expect(try outcome("over", Script(full + " ")).error?.code == .replyTooLarge)
  }

  @Test(arguments: ["drip", "silent"]) func `T6 the time limit is for all of it`(behave: String) throws {
    var exchange = try request("oauth2/post", at: "slow-" + behave, behave == "drip" ? drip : Script(behave: behave))
    exchange.timeLimit = .seconds(1)
    let start = ContinuousClock.now
    let error = try exchange.outcome().error
    #expect(error?.code == .timedOut)
    #expect(error?.move == .tryAgain)
    #expect(error?.mayHaveArrived == true)
    #expect(ContinuousClock.now - start < .seconds(80))
  }

  var drip: Script { var script = Script(behave: "drip"); script.status = 200; return script }

  @Test func `T7 a compressed reply is not asked for, and undone where it comes, up to the limit`() throws {
    var script = Script(WireTests.oauthReply)
    script.gzip = true
    #expect(try outcome("gzip", script).access == "at-1")
    let sent = try #require(TokenServer.plain).seen("bad-gzip").joined().lowercased()
    #expect(!sent.contains("accept-encoding"))
    var bomb = Script(String(repeating: " ", count: 32 << 20))
    bomb.gzip = true
    #expect(try outcome("bomb", bomb).error?.code == .replyTooLarge)
    #expect(try outcome("gzip-cut", Script(bytes: [0x1F, 0x8B, 8, 0, 0, 0, 0])).error?.code == .replyNotJSON)
  }

  @Test(arguments: ["", "{", "[1,]", #"{"access_token":"a",}"#, #"{"access_token":"a"} x"#, "'a'"])
  func `T8 what is not JSON is refused`(body: String) throws {
    let error = try outcome("json-\(body.utf8.reduce(7) { $0 &* 31 &+ Int($1) })", Script(body)).error
    #expect(error?.code == .replyNotJSON)
    #expect(error?.move == .provider)
  }

  @Test func `T9 two access tokens that differ are none`() throws {
    #expect(try outcome("twice", Script(#"{"access_token":"A","access_token":"B"}"#)).error?.code == .replyNotJSON)
  }

  @Test func `T10 a tower of brackets is refused`() throws {
    let tower = Script(String(repeating: "[", count: 100_000))
    #expect(try outcome("tower", tower).error?.code == .replyNotJSON)
  }

  @Test(arguments: [#""mac""#, #""Bearer\u0000""#, #""""#, "1", #""bearer ""#, #""BearerToken""#, #""\u212Aearer""#])
  func `T11 a token type other than bearer is passed over`(type: String) throws {
    let outcome = try fake(#"{"access_token":"a","refresh_token":"rt-2","token_type":\#(type)}"#)
    #expect(outcome.access == "a" && outcome.refresh == "rt-2")
    #expect(outcome.warnings.count == 1 && outcome.warnings[0].contains("token_type"))
  }

  @Test(arguments: [#""bearer""#, #""BEARER""#, "null"]) func `T11 bearer in any case will do`(type: String) throws {
    #expect(try fake(#"{"access_token":"a","token_type":\#(type)}"#).access == "a")
  }

  @Test(arguments: [
    "-1", "0", "1e18", "1000000000000000000", "9223372036854775807", "9223372036854775808", #""""#, #""-1""#,
    #""0x10""#, "NaN",
    "[]", "true", "1000000000", #""soon""#, "1e999", #""inf""#,
  ])
  func `T12 an expiry that can't be is none, and takes nothing from the tokens`(expiry: String) throws {
    let outcome = try fake(#"{"access_token":"a","refresh_token":"rt-2","expires_in":\#(expiry)}"#)
    #expect(outcome.access == "a" && outcome.refresh == "rt-2")
    #expect(outcome.expires == nil)
    #expect(outcome.warnings.count == 1 && outcome.warnings[0].contains("it is not kept"))
  }

  @Test(arguments: ["3600.0", "3.6e3", "3600.9", #""3600.0""#, #""+3600""#, #""03600""#, "03600", "36E2"])
  func `T12 an expiry that is written oddly is used`(expiry: String) throws {
    let outcome = try fake(#"{"access_token":"a","expires_in":\#(expiry)}"#)
    #expect(outcome.expires == 1_800_003_600_000)
    #expect(outcome.warnings == ["the reply's expires_in is no plain whole number: it was taken for 3600"])
  }

  @Test func `T12 an expiry may be missing, null, or a decimal in quotes`() throws {
    #expect(try fake(#"{"access_token":"a"}"#).expires == nil)
    #expect(try fake(#"{"access_token":"a","expires_in":null}"#).expires == nil)
    #expect(try fake(#"{"access_token":"a","expires_in":"3600"}"#).expires == 1_800_003_600_000)
    #expect(try fake(#"{"access_token":"a","expires_in":3600}"#).expires == 1_800_003_600_000)
  }

  @Test(arguments: ["1800000000", "0", "-5", "1999999999999999"])
  func `T12 kaizala's expiry is milliseconds since 1970, and seconds are seen to be wrong`(expiry: String) throws {
    let outcome = try fake(#"{"accessToken":"a","accessTokenExpiry":\#(expiry)}"#, preset: "kaizala")
    #expect(outcome.access == "a" && outcome.expires == nil && outcome.warnings.count == 1)
  }

  @Test(arguments: [#"a\r\nX: 1"#, #"a\n"#, #"a\u0000"#, "é", "a b"])
  func `T13 a token that would begin a header is refused`(token: String) throws {
    #expect(try fake(#"{"access_token":"\#(token)"}"#).error?.code == .replyMalformed)
    let outcome = try fake(#"{"access_token":"a","refresh_token":"\#(token)"}"#)
    #expect(outcome.access == "a" && outcome.refresh == nil)
    #expect(outcome.refreshFlaw == .replyMalformed)
  }

  @Test func `T13 a token of more than 64 KiB is refused`() throws {
    let long = String(repeating: "a", count: 65_537)
    #expect(try fake(#"{"access_token":"\#(long)"}"#).error?.code == .replyMalformed)
    #expect(try fake(#"{"access_token":"\#(long.dropLast())"}"#).access?.count == 65_536)
  }

  @Test(arguments: ["{}", "[]", "null", #"{"access_token":null}"#, #"{"access_token":""}"#, #"{"access_token":5}"#])
  func `a reply without an access token is incomplete`(body: String) throws {
    #expect(try fake(body).error?.code == .replyIncomplete)
  }

  // The old token may be dead already, so the new one is kept although the rest of the reply is unusable.
  @Test(arguments: [
    #""access_token":"a","access_token":"b""#, #""access_token":"a b""#, #""access_token":7"#, #""token":"a""#,
  ])
  func `a new refresh token is rescued from a reply that is no good`(flaw: String) throws {
    let error = try fake(#"{\#(flaw),"refresh_token":"rt-2"}"#).error
    let rescued = try #require(error?.rescued)
    switch rescued.take() {
    case .some(let token): #expect(text(token) == "rt-2")
    case .none: Issue.record("it carries the token")
    }
    let again = rescued.take() == nil
    #expect(again)
    #expect(try fake("{\(flaw)}").error?.rescued == nil)
  }

  @Test(arguments: [#""error":0"#, #""error":false"#, #""error":null"#, #""error":"""#])
  func `what names no failure is none`(none: String) throws {
    #expect(try fake(#"{"access_token":"a",\#(none)}"#).access == "a")
  }

  @Test(arguments: [
    #""error":"a warning""#, #""ok":false"#, #""error":"server_error""#,
  ])
  func `it is rescued from a grant that calls itself a failure, too`(flaw: String) throws {
    let grant = #"{"access_token":"a","refresh_token":"rt-2",\#(flaw)}"#
    let rescued = try #require(fake(grant).error?.rescued)
    switch rescued.take() {
    case .some(let token): #expect(text(token) == "rt-2")
    case .none: Issue.record("it carries the token")
    }
    // A reply with an error status grants nothing, nor does one without an access token: that may echo the request.
    #expect(try fake(grant, status: 400).error?.rescued == nil)
    #expect(try fake(#"{"refresh_token":"rt-2",\#(flaw)}"#).error?.rescued == nil)
    #expect(try fake(#"{"access_token":"a","refresh_token":"refresh-token-0001",\#(flaw)}"#).error?.rescued == nil)
  }

  @Test func `a web page is named as one`() throws {
    var script = Script("<html>sign in</html>")
    script.headers = [["Content-Type", "text/html; charset=utf-8"]]
    let error = try outcome("html", script).error
    #expect(error?.code == .replyNotJSON)
    #expect(error?.reason.contains("HTML") == true)
  }

  @Test func `T16 a reply that was cut or never came is lost, and may have rotated`() throws {
    var truncated = Script(WireTests.oauthReply)
    truncated.behave = "truncate"
    for (name, script) in [("cut", truncated), ("closed", Script(behave: "close"))] {
      let error = try outcome(name, script).error
      #expect(error?.code == .replyLost)
      #expect(error?.mayHaveArrived == true)
    }
  }

  func fake(_ body: String, status: Int = 200, preset: String = "oauth2/post") throws -> Outcome {
    var request = ExchangeRequest(preset: try #require(Preset.test(preset)), connectorID: "id")
    if preset == "oauth2/post" { request.endpoint = "https://id.example.com/token" }
    return try request.outcome(secret: "s3cr3t", over: FakeTransport { _ in (status, "", body) })
  }
}
