import Custody
import CustodyExchange
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// A process that stood still is taken over, and then continues.
@Suite(.serialized) struct TakeoverTests {
  let story: ExchangeStory
  init() throws { story = try ExchangeStory() }

  private func answer(_ number: Int) throws -> ExchangeAnswer {
    ExchangeAnswer(
      accessToken: try secret("access-\(number)"), refreshToken: try secret("refresh-\(number)"),
      facts: .init(obtained: story.vault.clock.now()))
  }

  @Test func `the token of the later request stays when the earlier one's reply is read at last`() throws {
    let first = try story.vault.session(.dev)
    let claim = try first.claim("contoso/crm")
    let other = try story.vault.session(.dev)
    let second = try other.takeOver("contoso/crm")
    #expect(try other.finishExchange(second, how: .pipe, answer(2)))
    #expect(try !first.finishExchange(claim, how: .pipe, answer(3)))
    #expect(try story.value() == "refresh-2")
    _ = try story.vault.session(.audrey).verifyLog()
  }

  @Test func `a new data key in between makes no admin of the other exchange`() throws {
    let first = try story.vault.session(.dev)
    let claim = try first.claim("contoso/crm")
    let other = try story.vault.session(.dev)
    let second = try other.takeOver("contoso/crm")
    _ = try other.finishExchange(second, how: .pipe, answer(2))
    try story.vault.session(.ada).commit { try $0.rekey(.token, "contoso/crm") }
    #expect(try !first.finishExchange(claim, how: .pipe, answer(3)))
    #expect(try story.value() == "refresh-2")
  }

  @Test func `of two replies the later request's is newest, whichever comes first`() throws {
    let first = try story.vault.session(.dev)
    let claim = try first.claim("contoso/crm")
    let other = try story.vault.session(.dev)
    let second = try other.takeOver("contoso/crm")
    #expect(try first.finishExchange(claim, how: .pipe, answer(2)))
    #expect(try other.finishExchange(second, how: .pipe, answer(3)))
    #expect(try story.value() == "refresh-3")
    #expect(try other.exchangeHold(of: other.token("contoso/crm").item.id) == nil)
  }

  @Test func `what the earlier one brings is kept where the later one brought nothing`() throws {
    let first = try story.vault.session(.dev)
    let claim = try first.claim("contoso/crm")
    let other = try story.vault.session(.dev)
    let second = try other.takeOver("contoso/crm")
    var journal = second.journal
    (journal.state, journal.failure) = (.refused, .init(code: .refusedByProvider, reason: "the provider refused it"))
    #expect(try !other.failExchange(second, journal))
    #expect(try first.finishExchange(claim, how: .pipe, answer(2)))
    try story.answer(access: "access-3")
    #expect(try story.exchange().access == "access-3")
    #expect(try story.value() == "refresh-2")
  }

  @Test func `one whose row was removed writes nothing over another's`() throws {
    let first = try story.vault.session(.dev)
    let claim = try first.claim("contoso/crm")
    try story.raw("DELETE FROM exchange")
    let other = try story.vault.session(.dev)
    let second = try other.claim("contoso/crm")
    #expect(second.fence == claim.fence)
    #expect(first.heartbeat(of: claim)() == .takenOver)
    _ = try first.failExchange(claim, claim.journal)
    #expect(try other.exchangeHold(of: other.token("contoso/crm").item.id)?.fence == second.fence)
    #expect(other.heartbeat(of: second)() == .told)
  }

  @Test func `a sign of life waits for nobody`() throws {
    let first = try story.vault.session(.dev)
    let claim = try first.claim("contoso/crm")
    let writer = Process()
    writer.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    writer.arguments = [
      "python3", "-c",
      "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute('BEGIN IMMEDIATE'); print(1,flush=True); sys.stdin.read()",
      story.vault.path,
    ]
    let (input, output) = (Pipe(), Pipe())
    (writer.standardInput, writer.standardOutput) = (input, output)
    try writer.run()
    _ = output.fileHandleForReading.availableData
    let start = ContinuousClock.now
    #expect(first.heartbeat(of: claim)() == .busy)
    #expect(ContinuousClock.now - start < .seconds(10))
    try input.fileHandleForWriting.close()
    writer.waitUntilExit()
    #expect(first.heartbeat(of: claim)() == .told)
  }
}
