import Custody
import CustodyExchange
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// The next exchange after one of unknown outcome, and after a refusal.
@Suite(.serialized, .waiting) struct LostAnswerTests {
  /// Providers, and whether a request can be repeated there after a lost answer.
  static let classes: [(provider: String, goesOn: Bool)] = [
    ("google", true), ("entra", true), ("salesforce", false), ("oauth2", false),
  ]

  @Test(arguments: classes.indices)
  func `after a crash the preset says whether to ask again`(index: Int) throws {
    let (provider, goesOn) = Self.classes[index]
    let story = try ExchangeStory(provider: provider)
    try story.answer(access: "access-1")
    try story.loseAnswer()
    if goesOn { return #expect(try story.exchange().access == "access-1") }
    let error = refusal { _ = try story.exchange() }
    #expect(error?.code == .outcomeUnknown)
    #expect(error?.reason.contains("was stopped before it had the answer") == true)
    #expect(error?.hint?.steps.contains(.rotate(.token, "contoso/crm")) == true)
    #expect(try story.requests() == 0)
    #expect(try story.exchange { $0.asksAgain = true }.access == "access-1")
    #expect(try story.exchange { $0.isFresh = true }.access == "access-1")
  }

  /// Kaizala issues a new token only in the last 37 of 365 days; before that, a lost answer held none.
  @Test(arguments: [(365, true), (39, true), (38, false), (10, false), (nil, false)] as [(Int64?, Bool)])
  func `a token that rotates late is asked for again while it is young`(days: Int64?, goesOn: Bool) throws {
    let story = try ExchangeStory(provider: "kaizala", endsInDays: days)
    let expiry = Timestamp.now().milliseconds + 86_400_000
    try story.answer(#"{"accessToken":"access-1","accessTokenExpiry":\#(expiry),"refreshToken":"","scope":"a,b"}"#)
    try story.loseAnswer()
    if goesOn { return #expect(try story.exchange().access == "access-1") }
    #expect(refusal { _ = try story.exchange() }?.code == .outcomeUnknown)
  }

  @Test(arguments: classes.indices, ["close", "truncate"])
  func `after a reply that was lost, too`(index: Int, manner: String) throws {
    let (provider, goesOn) = Self.classes[index]
    let story = try ExchangeStory(provider: provider)
    try story.behave(manner)
    let error = refusal { _ = try story.exchange() }
    #expect(error?.code == (goesOn ? .replyLost : .outcomeUnknown))
    #expect(try story.requests() == (goesOn ? 3 : 1))
    try story.answer(access: "access-1")
    if goesOn { return #expect(try story.exchange().access == "access-1") }
    #expect(refusal { _ = try story.exchange() }?.code == .outcomeUnknown)
    // A token that an admin stores anew ends the doubt.
    try story.vault.session(.ada).commit { try $0.rotate(.token, "contoso/crm", secret: secret("refresh-2")) }
    #expect(try story.exchange().access == "access-1")
    #expect(try story.value() == "refresh-2")
  }

  @Test func `a refusal is remembered with the revision that was refused, and asks nobody`() throws {
    let story = try ExchangeStory()
    try story.answer(#"{"error":"invalid_grant","error_description":"expired"}"#, status: 400)
    #expect(refusal { _ = try story.exchange() }?.code == .refusedByProvider)
    let error = refusal { _ = try story.exchange() }
    #expect(error?.code == .refusedByProvider)
    #expect(error?.reason.contains("the provider said: 'invalid_grant: expired'") == true)
    #expect(error?.hint?.steps.contains(.rotate(.token, "contoso/crm")) == true)
    #expect(try story.requests() == 1)
    #expect(try story.entries().map(\.outcome) == [.error])
    #expect(try story.value() == "refresh-1")
    try story.vault.session(.ada).commit { try $0.rotate(.token, "contoso/crm", secret: secret("refresh-2")) }
    try story.answer(access: "access-1")
    #expect(try story.exchange().access == "access-1")
  }

  @Test func `a refusal of what is no longer stored is not the last word`() throws {
    let story = try ExchangeStory()
    try story.answer(#"{"error":"invalid_grant"}"#, status: 400, delay: 1)
    let reply = Task.detached { try story.exchange() }
    while try story.requests() == 0 { usleep(10_000) }
    try story.vault.session(.ada).commit { try $0.rotate(.token, "contoso/crm", secret: secret("refresh-2")) }
    try story.answer(access: "access-1")
    let got = try wait(reply)
    #expect(got.access == "access-1")
    #expect(try story.server.seen(story.place).last?.contains("refresh_token=refresh-2") == true)
  }

  private func wait<Value: Sendable>(_ task: Task<Value, any Error>) throws -> Value {
    let (done, result) = (DispatchSemaphore(value: 0), Locked<Result<Value, any Error>?>(nil))
    Task.detached {
      let outcome = await task.result
      result.withLock { $0 = outcome }
      done.signal()
    }
    done.wait()
    return try #require(result.withLock { $0 }).get()
  }

  @Test func `a provider that wants time is not asked before`() throws {
    let story = try ExchangeStory()
    var script = Script(#"{"error":"slow_down"}"#, status: 429)
    script.headers.append(["Retry-After", "3600"])
    try story.server.script(story.place, script)
    for _ in 0..<2 {
      let error = refusal { _ = try story.exchange() }
      #expect(error?.code == .throttled)
      #expect(error?.hint?.description.contains("3600 s") == true)
    }
    #expect(try story.requests() == 1)
    story.vault.clock.advance(days: 1)
    try story.answer(access: "access-1")
    #expect(try story.exchange().access == "access-1")
  }

  @Test func `a new data key keeps what is known`() throws {
    let story = try ExchangeStory()
    try story.loseAnswer()
    try story.vault.session(.ada).commit { try $0.rekey(.token, "contoso/crm") }
    #expect(refusal { _ = try story.exchange() }?.code == .outcomeUnknown)
  }

  @Test func `a journal of someone without the key is no journal`() throws {
    let story = try ExchangeStory()
    try story.answer(access: "access-1")
    try story.loseAnswer()
    try story.raw("UPDATE exchange SET journal = zeroblob(200)")
    #expect(refusal { _ = try story.exchange() }?.code == .integrity)
    #expect(try story.exchange { $0.asksAgain = true }.access == "access-1")
  }

  // MARK: Where the vault can't take the answer

  @Test func `a new refresh token that the vault can't take is saved beside the pin, and taken in`() throws {
    let story = try ExchangeStory()
    let pins = PinFolder(path: story.vault.folder + "/pins")
    try story.answer(access: "access-1", refresh: "refresh-2", delay: 1)
    let reply = Task.detached { try story.exchange(pins: pins) }
    while try story.requests() == 0 { usleep(10_000) }
    // No row can be added any more, as on a full disk.
    try story.raw("CREATE TRIGGER full BEFORE INSERT ON revision BEGIN SELECT RAISE(ABORT, 'full'); END")
    #expect(throws: VaultError.self) { _ = try wait(reply) }
    try story.raw("DROP TRIGGER full")
    #expect(try story.value() == "refresh-1")
    try story.answer(access: "access-2")
    #expect(try story.exchange(pins: pins).access == "access-2")
    #expect(try story.server.seen(story.place).last?.contains("refresh_token=refresh-2") == true)
    #expect(try story.value() == "refresh-2")
    _ = try story.vault.session(.audrey).verifyLog()
    let left = try FileManager.default.contentsOfDirectory(atPath: pins.path).filter { $0.hasSuffix(".rescue") }
    let rescue = try #require(left.first)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: pins.path + "/" + rescue))
    #expect(bytes.count == 16 * 1024 && bytes.allSatisfy { $0 == 0 })
  }
}
