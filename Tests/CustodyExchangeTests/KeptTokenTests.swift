import Custody
import CustodyExchange
import CustodyLog
import CustodyValues
import CustodyTesting
import Testing

/// Kept access tokens: providers are seldom asked, and nobody gets one without the right.
@Suite(.serialized, .waiting) struct KeptTokenTests {
  let story: ExchangeStory
  init() throws { story = try ExchangeStory() }

  @Test func `an access token that lives is handed out again, each time on record`() throws {
    try story.answer(access: "access-1")
    #expect(try story.exchange() == .init(access: "access-1", rotated: false, kept: false))
    #expect(try story.exchange() == .init(access: "access-1", rotated: false, kept: true))
    #expect(try story.requests() == 1)
    #expect(try story.entries().map { $0.text(.source) } == [nil, "cache"])
    #expect(try story.entries().allSatisfy { $0.outcome == .ok })
    _ = try story.vault.session(.audrey).verifyLog()
  }

  @Test(arguments: [(3600, 300, 1), (3600, 3700, 2), (200, 300, 2), (200, 100, 1), (50, 0, 2)])
  func `it must live long enough, and never less than clocks may differ`(life: Int, least: Int, requests: Int) throws {
    try story.answer(access: "access-1", seconds: life)
    // The reply's times count from the real clock, so the vault's clock is set to it.
    for _ in 0..<2 { _ = try exchangeNow { $0.minLife = .seconds(least) } }
    #expect(try story.requests() == requests)
  }

  /// A fifth of the life must be left, at least 60 s and at most 300 s. Keycloak's default life is 300 s.
  @Test(arguments: [(300, true), (120, true), (61, true), (60, false), (30, false), (1, false)])
  func `one of a short life is kept where more than a minute of it is left`(life: Int, isKept: Bool) throws {
    try story.answer(access: "access-1", refresh: "refresh-2", seconds: life)
    let told = Locked<[Hint]>([])
    for _ in 0..<2 { _ = try exchangeNow { $0.warn = { words in told.withLock { $0.append(words) } } } }
    #expect(try story.requests() == (isKept ? 1 : 2))
    #expect(told.withLock { $0 }.contains { $0.description.contains("of 60 s or less is not kept") } == !isKept)
  }

  @Test(arguments: [
    (300, 239, true), (300, 241, false), (3600, 3299, true), (3600, 3301, false), (1000, 799, true), (1000, 801, false),
  ])
  func `how long it is used follows from its life`(life: Int, age: Int64, isKept: Bool) throws {
    // Only the vault's clock moves from here on; the real one has set the life.
    try story.answer(access: "access-1", seconds: life)
    story.vault.clock.set(.now())
    _ = try story.exchange()
    story.vault.clock.set(.now().adding(milliseconds: age * 1000))
    #expect(try story.exchange().kept == isKept)
  }

  private func exchangeNow(_ change: (inout ExchangeOptions) -> Void) throws -> String {
    var options = ExchangeOptions()
    change(&options)
    let id = try #require(story.vault.people[.dev])
    let session = try Vault.open(at: story.vault.path).unlock(
      as: id, by: .passphrase(secret(Person.dev.passphrase)), genesis: story.vault.genesis, pins: .unpinned)
    return text(try session.exchange("contoso/crm", how: .pipe, options).value)
  }

  @Test func `one without an expiry is not handed out again`() throws {
    try story.answer(access: "access-1", seconds: nil)
    for _ in 0..<2 { #expect(try !story.exchange().kept) }
    #expect(try story.requests() == 2)
  }

  @Test func `fresh asks the provider`() throws {
    try story.answer(access: "access-1")
    _ = try story.exchange()
    try story.answer(access: "access-2")
    #expect(try story.exchange { $0.isFresh = true }.access == "access-2")
    #expect(try story.exchange() == .init(access: "access-2", rotated: false, kept: true))
  }

  @Test func `a clock that went back trusts no token from later`() throws {
    try story.answer(access: "access-1")
    _ = try story.exchange()
    story.vault.clock.advance(days: -1)
    #expect(try !story.exchange().kept)
  }

  @Test(arguments: ["rotate", "rekey", "connector"])
  func `it ends with the value, the key or the connector that it came by`(change: String) throws {
    try story.answer(access: "access-1")
    _ = try story.exchange()
    let ada = try story.vault.session(.ada)
    let dev = try story.vault.session(.dev)
    switch change {
    case "rotate": try ada.commit { try $0.rotate(.token, "contoso/crm", secret: secret("refresh-2")) }
    case "rekey": try ada.commit { try $0.rekey(.token, "contoso/crm") }
    default: try dev.commit { try $0.rotate(.connector, "crm", secret: secret("another secret")) }
    }
    try story.answer(access: "access-2")
    #expect(try story.exchange() == .init(access: "access-2", rotated: false, kept: false))
  }

  @Test func `who may not exchange gets no kept token`() throws {
    try story.answer(access: "access-1")
    _ = try story.exchange()
    let ada = try story.vault.session(.ada)
    #expect(refusal { _ = try story.exchange(.ada) }?.code == .notShared)
    #expect(refusal { _ = try story.exchange(.audrey) }?.code == .notPermitted)
    try ada.commit { _ = try $0.unshare(.token, "contoso/crm", from: "dev") }
    #expect(refusal { _ = try story.exchange() }?.code == .notShared)
    #expect(try story.requests() == 1)
  }

  @Test func `a kept token that someone swapped or spoilt is asked for anew`() throws {
    try story.answer(access: "access-1")
    _ = try story.exchange()
    try story.raw("UPDATE exchange SET access_token = zeroblob(400)")
    #expect(try story.exchange() == .init(access: "access-1", rotated: false, kept: false))
    #expect(try story.requests() == 2)
  }
}
