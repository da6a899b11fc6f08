import Custody
import CustodyExchange
import CustodyTesting
import Testing

/// Exchanges of a token that was restored over one that an exchange had brought.
@Suite(.serialized) struct BroughtBackTests {
  @Test(arguments: LostAnswerTests.classes.indices)
  func `it is in doubt where its provider rotates, until an exchange shows that it is taken`(index: Int) throws {
    let (provider, goesOn) = LostAnswerTests.classes[index]
    let story = try ExchangeStory(provider: provider)
    try story.answer(access: "access-1", refresh: "refresh-2", seconds: 1)
    _ = try story.exchange()
    try story.vault.session(.dev).commit { try $0.revert(.token, "contoso/crm") }
    #expect(try story.value() == "refresh-1")
    let asked = try story.requests()
    try story.answer(access: "access-2")
    guard !goesOn else { return #expect(try story.exchange().access == "access-2") }
    let error = refusal { _ = try story.exchange() }
    #expect(error?.code == .outcomeUnknown && error?.reason.contains("it was brought back at") == true)
    #expect(try story.requests() == asked)
    let ada = try story.vault.session(.ada)
    let token = try ada.token("contoso/crm").id
    #expect(try ada.lastExchange(of: token)?.outcome == .unknown)
    #expect(try story.exchange { $0.asksAgain = true }.access == "access-2")
    #expect(try ada.lastExchange(of: token)?.outcome == .done)
    #expect(try story.exchange { $0.isFresh = true }.access == "access-2")
    #expect(try story.vault.session(.audrey).verifyLog().verdicts.holds)
  }

  @Test(arguments: [["revert", "revert", "revert"], ["revert", "rekey", "revert"], ["rotate", "revert"]])
  func `it is in doubt however it was brought back, since an exchange may have rotated it`(steps: [String]) throws {
    let story = try ExchangeStory()
    try story.answer(access: "access-1", refresh: "refresh-2", seconds: 1)
    _ = try story.exchange()
    for step in steps {
      try story.vault.session(.ada).commit { transaction in
        switch step {
        case "rotate": try transaction.rotate(.token, "contoso/crm", secret: secret("refresh-by-mistake"))
        case "rekey": try transaction.rekey(.token, "contoso/crm")
        default: try transaction.revert(.token, "contoso/crm")
        }
      }
    }
    let asked = try story.requests()
    #expect(refusal { _ = try story.exchange() }?.code == .outcomeUnknown)
    #expect(try story.requests() == asked)
  }

  @Test func `what an admin rotates after it is in no doubt`() throws {
    let story = try ExchangeStory()
    try story.answer(access: "access-1", refresh: "refresh-2", seconds: 1)
    _ = try story.exchange()
    try story.vault.session(.dev).commit { try $0.revert(.token, "contoso/crm") }
    try story.vault.session(.ada).commit { try $0.rotate(.token, "contoso/crm", secret: secret("refresh-3")) }
    try story.answer(access: "access-3")
    #expect(try story.exchange().access == "access-3")
  }
}
