import Custody
import CustodyExchange
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// An exchange that waited for another takes what that one learned about the token, but not failures of its machine.
@Suite(.serialized, .waiting) struct WaiterTests {
  let story: ExchangeStory
  init() throws { story = try ExchangeStory() }

  /// The outcome of an exchange that begins while another process holds the token, after that one has done `meanwhile`.
  private func waiting(_ meanwhile: () throws -> Void) throws -> Result<ExchangeStory.Got, VaultError> {
    let (result, done) = (Locked<Result<ExchangeStory.Got, VaultError>?>(nil), DispatchSemaphore(value: 0))
    let story = story
    Thread {
      let got: Result<ExchangeStory.Got, VaultError>
      do { got = .success(try story.exchange { $0.timeLimit = .seconds(30) }) } catch {
        got = .failure(error as? VaultError ?? VaultError(.failed, "\(error)"))
      }
      result.withLock { $0 = got }
      done.signal()
    }.start()
    #expect(done.wait(timeout: .now() + 2) == .timedOut)
    try meanwhile()
    done.wait()
    return try #require(result.withLock { $0 })
  }

  @Test(arguments: [
    VaultError.Code.tlsFailed, .proxyRefused, .libcurlMissing, .outOfMemory, .wrongClient, .unreachable,
  ])
  func `a failure is shared unless it is one of the other process alone`(code: VaultError.Code) throws {
    try story.answer(access: "access-1")
    let other = try story.vault.session(.dev)
    let claim = try other.claim("contoso/crm")
    let result = try waiting {
      var journal = claim.journal
      (journal.state, journal.ended) = (.failed, story.vault.clock.now())
      journal.failure = .init(code: code, reason: "it failed")
      _ = try other.failExchange(claim, journal)
    }
    if [.wrongClient, .unreachable].contains(code) {
      #expect(throws: VaultError(code, "")) { try result.get() }
      #expect(try story.requests() == 0)
    } else {
      #expect(try result.get().access == "access-1")
    }
  }

  @Test func `who waits for one that could not store the new token takes it in, and asks with that`() throws {
    try story.answer(access: "access-1")
    let pins = PinFolder(path: story.vault.folder + "/pins")
    let other = try story.vault.session(.dev, pins: pins)
    let claim = try other.claim("contoso/crm")
    let (vault, server, place) = (story.vault, story.server, story.place)
    let token = try {
      let (result, done) = (Locked<String?>(nil), DispatchSemaphore(value: 0))
      Thread {
        result.withLock { $0 = try? text(vault.session(.dev, pins: pins).exchange("contoso/crm", how: .pipe).value) }
        done.signal()
      }.start()
      #expect(done.wait(timeout: .now() + 2) == .timedOut)
      try story.raw("CREATE TRIGGER full BEFORE INSERT ON revision BEGIN SELECT RAISE(ABORT, 'full'); END")
      let answer = ExchangeAnswer(
        accessToken: try secret("access-2"), refreshToken: try secret("refresh-2"), facts: .init(obtained: .now()))
      #expect(refusal { _ = try other.finishExchange(claim, how: .pipe, answer) } != nil)
      try story.raw("DROP TRIGGER full")
      // The other process ends here.
      try story.raw("UPDATE exchange SET owner = NULL")
      done.wait()
      return result.withLock { $0 }
    }()
    #expect(token == "access-1")
    #expect(try server.seen(place).last?.contains("refresh_token=refresh-2") == true)
    #expect(try story.value() == "refresh-2")
  }

  @Test func `a wait that a provider asked for ends when the clock goes back to before it`() throws {
    var script = Script(#"{"error":"slow_down"}"#, status: 429)
    script.headers.append(["Retry-After", "3600"])
    try story.server.script(story.place, script)
    story.vault.clock.advance(days: 365)
    #expect(refusal { _ = try story.exchange() }?.code == .throttled)
    story.vault.clock.advance(days: -365)
    try story.answer(access: "access-1")
    #expect(try story.exchange().access == "access-1")
  }
}
