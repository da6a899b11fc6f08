import CustodyExchange
import Testing

/// Replies that are not HTTP, or too long. The provider may have acted on the request, whatever comes back.
@Suite struct RawReplyTests {
  static let token = #"{"access_token":"at-1"}"#

  func outcome(_ name: String, _ script: Script, seconds: Int = 60) throws -> Outcome {
    var request = try request("oauth2/post", at: "raw-" + name, script)
    request.timeLimit = .seconds(seconds)
    return try request.outcome()
  }

  func raw(_ name: String, _ head: String, body: String = token) throws -> Outcome {
    try outcome(name, Script(raw: head + "\r\n\r\n" + body))
  }

  @Test(arguments: [
    ("http09", "{\"access_token\":\"at-1\"}\r\n"), ("smtp", "220 mail.example ESMTP\r\n"),
    ("nul", "HTTP/1.1 200 X\r\nX-\0: a\r\nContent-Length: 2\r\n\r\n{}"),
    ("http7", "HTTP/7 200 X\r\nContent-Length: 2\r\n\r\n{}"),
    ("no-colon", "HTTP/1.1 200 X\r\nContent-Length: -2\r\n\r\n{}"), ("nothing", "\r\n\r\n"),
    ("bad-chunk", "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
    ("cut-chunk", "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n17\r\n{\"access_token\":\"at-1\"}"),
    ("wide-chunk", "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}\r\n0\r\n\r\n"),
  ]) func `what is not HTTP 1 1 is no reply`(name: String, bytes: String) throws {
    let error = try outcome(name, Script(raw: bytes)).error
    #expect(error?.code == .replyLost)
    #expect(error?.mayHaveArrived == true)
  }

  // The argument is printed as the test's name, so it is short.
  @Test(arguments: ["HTTP/1.1 200 ", "HTTP/1.1 200 X\r\nX: "], [90_000, 2_000_000])
  func `more than 64 KiB of headers are too many`(begin: String, count: Int) throws {
    let head = begin + String(repeating: "y", count: count)
    let error = try raw("much-\(begin.utf8.count)-\(count)", head).error
    #expect(error?.code == .replyTooLarge)
    #expect(error?.mayHaveArrived == true)
  }

  @Test func `just under 64 KiB of headers are read`() throws {
    #expect(try raw("much", "HTTP/1.1 200 X\r\nX: " + String(repeating: "y", count: 65_000)).access == "at-1")
  }

  @Test(arguments: ["headers", "chunks", "endless", "bomb"]) func `what does not end is cut off`(behave: String) throws
  {
    let error = try outcome("cut-" + behave, Script(behave: behave)).error
    #expect(error?.code == .replyTooLarge)
    #expect(error?.mayHaveArrived == true)
  }

  @Test(arguments: ["HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"])
  func `replies before the reply are passed over, and are too many without end`(early: String) throws {
    let last = "HTTP/1.1 200 X\r\nContent-Length: \(Self.token.utf8.count)\r\n\r\n" + Self.token
    let name = "early-\(early.utf8.count)"
    #expect(try outcome(name, Script(raw: early + early + last)).access == "at-1")
    #expect(try outcome(name + "-on", Script(raw: early, forever: true)).error?.code == .replyTooLarge)
  }

  @Test func `what an early reply says of redirects and waiting does not count`() throws {
    let early = "HTTP/1.1 100 Continue\r\nLocation: https://evil.example/\r\nRetry-After: 9\r\n\r\n"
    let error = try outcome("early-words", Script(raw: early + "HTTP/1.1 429 X\r\nContent-Length: 2\r\n\r\n{}")).error
    #expect(error?.code == .throttled)
    #expect(error?.retryAfter == nil)
  }

  @Test func `a switch of protocols was not asked for`() throws {
    let outcome = try outcome("101", Script(raw: "HTTP/1.1 101 X\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"))
    #expect(outcome.error != nil)
    #expect(outcome.error?.mayHaveArrived == true)
  }

  @Test func `a reply with two lengths, or with none, is read no further than it goes`() throws {
    #expect(try raw("none", "HTTP/1.1 200 X").access == "at-1")
    let two = try raw("two", "HTTP/1.1 200 X\r\nContent-Length: 5\r\nContent-Length: \(Self.token.utf8.count)")
    #expect(two.access == "at-1" || two.error?.mayHaveArrived == true)
    let long = try raw("long", "HTTP/1.1 200 X\r\nContent-Length: 5")
    #expect(long.error?.code == .replyNotJSON)
  }

  @Test func `of two Locations no one is followed`() throws {
    let head = "HTTP/1.1 308 X\r\nLocation: https://kms2.kaiza.la/\r\nLocation: https://kms3.kaiza.la/"
    try #require(TokenServer.plain).script("two-places", Script(raw: head + "\r\nContent-Length: 0\r\n\r\n"))
    var request = try request("kaizala", at: "two-places", Script(raw: head + "\r\nContent-Length: 0\r\n\r\n"))
    request.timeLimit = .seconds(20)
    #expect(try request.outcome(secret: "GOOD").error?.code == .redirected)
  }
}
