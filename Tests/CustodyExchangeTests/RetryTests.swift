import Custody
import CustodyTesting
import Testing

/// The number of requests to a failing provider: three if the failure may pass, one for any other.
@Suite(.serialized, .waiting) struct RetryTests {
  static let throttled = #"{"error":"slow_down"}"#

  @Test(arguments: [429, 503])
  func `what passes of itself is tried three times, with a pause before each`(status: Int) throws {
    let story = try ExchangeStory(provider: "google")
    try story.answer(Self.throttled, status: status)
    let begun = ContinuousClock.now
    #expect(refusal { _ = try story.exchange() }?.code == (status == 429 ? .throttled : .providerFailed))
    #expect(try story.requests() == 3)
    #expect(ContinuousClock.now - begun >= .milliseconds(800 + 1600))
  }

  @Test(arguments: [
    (400, #"{"error":"invalid_grant"}"#), (400, #"{"error":"invalid_scope"}"#), (401, #"{"error":"invalid_client"}"#),
    (403, "{}"), (404, "<html>"), (200, "{}"), (200, "<html>"), (302, ""),
  ])
  func `what does not pass is tried once`(status: Int, body: String) throws {
    let story = try ExchangeStory(provider: "google")
    try story.answer(body, status: status)
    #expect(refusal { _ = try story.exchange() } != nil)
    #expect(try story.requests() == 1)
  }

  @Test(arguments: [(500, "<html>"), (503, ""), (503, throttled)])
  func `a token that a second request could end is shown once by one command`(status: Int, body: String) throws {
    let story = try ExchangeStory(provider: "zoom")
    try story.answer(body, status: status)
    // The provider's own answer leaves no doubt; a server in front of it may have passed the request on.
    #expect(refusal { _ = try story.exchange() }?.code == (body == Self.throttled ? .providerFailed : .outcomeUnknown))
    #expect(try story.requests() == 1)
  }

  @Test func `who is told to wait for longer than a person does comes back another time`() throws {
    let story = try ExchangeStory(provider: "google")
    var script = Script(Self.throttled, status: 429)
    script.headers.append(["Retry-After", "6"])
    try story.server.script(story.place, script)
    #expect(refusal { _ = try story.exchange() }?.code == .throttled)
    #expect(try story.requests() == 1)
  }
}
