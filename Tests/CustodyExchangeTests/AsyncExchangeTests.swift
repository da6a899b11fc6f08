import Custody
import CustodyExchange
import CustodyLog
import CustodyTesting
import Testing

@Suite(.serialized) struct AsyncExchangeTests {
  let story: ExchangeStory
  init() throws { story = try ExchangeStory() }

  @Test func `an async caller gets the access token, and the log has the exchange`() async throws {
    try story.answer(access: "access-1")
    var dev = try story.vault.session(.dev)
    let token = try await dev.exchange("contoso/crm", how: .nowhere)
    #expect(text(token.value) == "access-1")
    #expect(try story.entries().map { $0.text(.how) } == ["nowhere"])
  }

  @Test func `an async caller gets the error that a blocking one gets`() async throws {
    var dev = try story.vault.session(.dev)
    await #expect(throws: VaultError.self) { _ = try await dev.exchange("contoso/nothing", how: .nowhere) }
  }
}
