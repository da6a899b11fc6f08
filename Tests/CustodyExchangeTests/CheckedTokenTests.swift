import Custody
import CustodyEvidence
import CustodyExchange
import CustodyLog
import CustodyValues
import CustodyTesting
import Testing

/// Checks of stored tokens, and the calendar of what is due.
struct CheckedTokenTests {
  private static let connectorID = "5f0c1e9a-connector"

  private func vault(days: Int64 = 365, age: Int64 = 0) throws -> TemporaryVault {
    let vault = try TemporaryVault()
    let now = vault.clock.now().milliseconds / 1000
    let (issued, expires) = (now - age * 86_400, now + (days - age) * 86_400)
    try vault.furnish(token: SyntheticJWT.kaizala(connector: Self.connectorID, issued: issued, expires: expires))
    return vault
  }

  private func actions(_ vault: TemporaryVault) throws -> [(Action, CustodyLog.Outcome)] {
    var found: [(Action, CustodyLog.Outcome)] = []
    try vault.session(.audrey).eachLogLine(LogFilter()) { found.append(($0.entry.action, $0.entry.outcome)) }
    return found
  }

  @Test func `a check is on record, and opens what only a holder can`() throws {
    let vault = try vault()
    let before = try actions(vault).count
    let report = try vault.session(.ada).check("contoso/crm-sync")
    #expect(report.verdict == .fine)
    #expect(report.examination.findings == [])
    #expect(report.deadlines.map(\.end) == [.window])
    #expect(report.rotation == nil)
    #expect(refusal { _ = try vault.session(.dev).check("contoso/crm-sync") }?.code == .notShared)
    #expect(refusal { _ = try vault.session(.audrey).check("contoso/crm-sync") }?.code == .notPermitted)
    let new = try actions(vault).dropFirst(before)
    #expect(new.map(\.0) == [.tokenCheck, .tokenCheck, .tokenCheck])
    #expect(new.map(\.1) == [.ok, .denied, .denied])
    _ = try vault.session(.audrey).verifyLog()
  }

  @Test func `dead by its own word, or by the calendar, is dead; another kind of token is wrong`() throws {
    for (days, age, verdict) in [(365, 366, .dead), (1, 2, .wrong)] as [(Int64, Int64, TokenReport.Verdict)] {
      let vault = try vault(days: days, age: age)
      #expect(try vault.session(.ada).check("contoso/crm-sync").verdict == verdict)
    }
    let old = try TemporaryVault()
    try old.furnish(token: "opaque")
    #expect(try old.session(.ada).check("contoso/crm-sync").verdict == .fine)
    old.clock.advance(days: 365)
    #expect(try old.session(.ada).check("contoso/crm-sync").verdict == .dead)
  }

  @Test func `in Kaizala's window a check says what an exchange would bring`() throws {
    let vault = try vault(days: 365, age: 327)
    #expect(try vault.session(.ada).check("contoso/crm-sync").rotation == nil)
    vault.clock.advance(days: 1)
    let rotation = try #require(try vault.session(.ada).check("contoso/crm-sync").rotation)
    #expect(rotation.hasSuffix("gives a new refresh token now; whether the old one stays good is not documented"))
  }

  @Test func `an auditor reads the calendar, and a developer that of what they hold`() throws {
    let vault = try vault()
    let ends = try vault.session(.audrey).deathCalendar().deadlines
    #expect(ends.map(\.name) == ["contoso/crm-sync"])
    #expect(ends.map(\.when) == [vault.clock.now().plus(days: 365)])
    #expect(try vault.session(.dev).deathCalendar().deadlines.isEmpty)
    #expect(try vault.session(.dev).deathCalendar().unknown.isEmpty)
  }

  @Test func `a connector's secret that ends is in the calendar, for who keeps it`() throws {
    let vault = try vault()
    let ends = vault.clock.now().plus(days: 20)
    let dev = try vault.session(.dev)
    try dev.commit { try $0.rotate(.connector, "crm-sync", secret: secret("SECRET5678"), .ending(ends)) }
    let first = try #require(try vault.session(.audrey).deathCalendar().deadlines.first)
    #expect((first.kind, first.end, first.when) == (.connector, .secret, ends))
    #expect((first.move, first.who) == (.keeper, ["dev"]))
    #expect(first.step == .rotate(.connector, "crm-sync"))
    #expect(!first.isMendedByExchange)
    let retire: (borrowing Transaction) throws -> Void = { try $0.retire(.token, "contoso/crm-sync") }
    try vault.session(.ada).commit(retire)
    try dev.commit { try $0.retire(.connector, "crm-sync") }
    #expect(try vault.session(.audrey).deathCalendar().deadlines.isEmpty)
  }

  @Test func `a rotate that brings the same token is refused, also where only now its end is known`() throws {
    let vault = try vault()
    let ada = try vault.session(.ada)
    let same = try ada.reveal("contoso/crm-sync", how: .pipe)
    let error = refusal {
      try ada.commit {
        try $0.rotate(.token, "contoso/crm-sync", secret: same, .ending(vault.clock.now()))
      }
    }
    #expect(error?.code == .badInput)
    try ada.commit {
      try $0.rotate(.token, "contoso/crm-sync", secret: secret("another"), .ending(vault.clock.now()))
    }
    #expect(try ada.token("contoso/crm-sync").expires == vault.clock.now())
  }
}

/// The calendar after exchanges.
@Suite(.serialized) struct DueAfterExchangeTests {
  private func calendar(_ story: ExchangeStory) throws -> DeathCalendar {
    try story.vault.session(.audrey).deathCalendar()
  }

  @Test func `what the provider refused is dead, in its words, until another is stored`() throws {
    let story = try ExchangeStory(provider: "entra")
    try story.answer(#"{"error":"invalid_grant","error_description":"it was taken back"}"#, status: 400)
    #expect(refusal { _ = try story.exchange() }?.code == .refusedByProvider)
    let dead = try calendar(story).deadlines
    #expect(dead.map(\.end) == [.refused])
    #expect(dead.first?.why.contains("it was taken back") == true)
    #expect(dead.first?.step == .rotate(.token, "contoso/crm"))
    #expect(dead.first?.who == ["ada"])
    let now = story.vault.clock.now()
    #expect(dead.first?.state(at: now, within: TimeSpan(seconds: 0)) == .dead)
    #expect(try calendar(story).toExchange(at: now, within: TimeSpan(seconds: 400 * 86_400)).isEmpty)
    #expect(try story.vault.session(.dev).check("contoso/crm").verdict == .dead)
    try story.vault.session(.ada).commit { try $0.rotate(.token, "contoso/crm", secret: secret("refresh-2")) }
    #expect(try calendar(story).deadlines.map(\.end) == [.idle])
  }

  @Test func `an answer that was lost is due where asking again could end it`() throws {
    let story = try ExchangeStory(provider: "github-app")
    try story.loseAnswer()
    #expect(try calendar(story).deadlines.map(\.end) == [.lost, .age])
    // Within Xero's grace period the next exchange retries by itself.
    let grace = try ExchangeStory(provider: "xero")
    try grace.loseAnswer()
    #expect(try calendar(grace).deadlines.map(\.end) == [.idle])
    grace.vault.clock.advance(days: 1)
    #expect(try calendar(grace).deadlines.map(\.end) == [.lost, .idle])
    let kind = try ExchangeStory(provider: "entra")
    try kind.loseAnswer()
    #expect(try calendar(kind).deadlines.map(\.end) == [.idle])
  }

  @Test func `an exchange puts the day off, a kept access token does not`() throws {
    let story = try ExchangeStory(provider: "entra")
    try story.answer(access: "access-1", refresh: "refresh-2", seconds: 3_000_000)
    story.vault.clock.advance(days: 10)
    let used = story.vault.clock.now()
    #expect(try story.exchange().rotated)
    story.vault.clock.advance(days: 10)
    #expect(try story.exchange().kept)
    let idle = try #require(try calendar(story).deadlines.first)
    #expect(idle.when == used.plus(days: 90))
    #expect(try calendar(story).toExchange(at: used.plus(days: 82), within: TimeSpan(seconds: 7 * 86_400)).isEmpty)
    #expect(
      try calendar(story).toExchange(at: used.plus(days: 83), within: TimeSpan(seconds: 7 * 86_400)) == [idle])
  }

  @Test func `who holds the token and not its connector is not asked to exchange it`() throws {
    let story = try ExchangeStory(provider: "entra")
    func holds(_ person: Person) throws -> [Bool] {
      let session = try story.vault.session(person)
      return try session.tokenLives().map { session.holdsForExchange($0) }
    }
    #expect(try holds(.dev) == [true])
    #expect(try holds(.ada) == [false])
    #expect(try holds(.audrey) == [false])
    let dev = try story.vault.session(.dev)
    try dev.commit { try $0.share(.connector, "crm", Share(with: "ada", until: story.vault.clock.now().plus(days: 1))) }
    #expect(try holds(.ada) == [true])
    story.vault.clock.advance(days: 2)
    #expect(try holds(.ada) == [false])
  }
}
