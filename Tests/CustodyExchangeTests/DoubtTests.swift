import Custody
import CustodyExchange
import CustodyValues
import CustodyTesting
import Testing

/// After a lost answer it is unknown if the provider replaced the refresh token. Only an answer with a token ends that
/// doubt.
@Suite(.serialized, .waiting) struct DoubtTests {
  @Test(arguments: [401, 429, 400])
  func `a request that was refused says nothing about the one before it`(status: Int) throws {
    let story = try ExchangeStory(provider: "salesforce")
    try story.loseAnswer()
    try story.answer(#"{"error":"invalid_client"}"#, status: status)
    #expect(refusal { _ = try story.exchange { $0.asksAgain = true } } != nil)
    let asked = try story.requests()
    try story.answer(access: "access-1")
    #expect(refusal { _ = try story.exchange() }?.code == .outcomeUnknown)
    #expect(try story.requests() == asked)
    // An answer with a token ends the doubt.
    #expect(try story.exchange { $0.asksAgain = true }.access == "access-1")
    #expect(try story.exchange { $0.isFresh = true }.access == "access-1")
  }

  @Test func `a retry that reached nobody leaves the doubt of the request before it, and adds none`() throws {
    let story = try ExchangeStory(provider: "xero")
    try story.loseAnswer()
    for _ in 0..<5 {
      try story.answer(#"{"error":"invalid_client"}"#, status: 401)
      #expect(refusal { _ = try story.exchange() }?.code == .wrongClient)
    }
    story.vault.clock.advance(days: 1)
    try story.answer(access: "access-1")
    #expect(refusal { _ = try story.exchange() }?.code == .outcomeUnknown)
    #expect(try story.requests() == 5)
  }
}
