import CustodyEvidence
import Custody
import CustodyLog
import CustodyValues
import CustodyTesting
import Testing

/// Reading is decided by keys and by the log: who has no grant opens nothing.
struct GrantTests {
  let vault: TemporaryVault
  init() throws {
    vault = try TemporaryVault()
    try vault.furnish()
  }

  private func share(until: Timestamp? = nil, reason: String? = nil) throws {
    let ada = try vault.session(.ada)
    try ada.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev", until: until, reason: reason)) }
  }

  @Test func `a developer reveals what was shared with them`() throws {
    try share()
    let value = text(try vault.session(.dev).reveal("contoso/crm-sync", how: .pipe))
    #expect(value == "refresh-token-1")
  }

  @Test func `a developer without a grant is refused, and the refusal is in the log`() throws {
    let dev = try vault.session(.dev)
    let error = refusal { _ = try dev.reveal("contoso/crm-sync", how: .pipe) }
    #expect(error?.code == .notShared)
    #expect(error?.hint?.description.contains("ada, who stored it") == true)
    var denied: [Entry] = []
    try vault.session(.audrey).eachLogLine(LogFilter()) { if $0.entry.outcome == .denied { denied.append($0.entry) } }
    #expect(denied.map(\.action) == [.tokenReveal])
    #expect(denied.first?.actor == vault.people[.dev])
  }

  @Test func `an auditor opens every name and no secret`() throws {
    try share()
    let audrey = try vault.session(.audrey)
    #expect(try audrey.tokens().map(\.details.name) == ["contoso/crm-sync"])
    #expect(try audrey.connectors().map(\.details.connectorID) == ["5f0c1e9a-connector"])
    #expect(refusal { _ = try audrey.reveal("contoso/crm-sync", how: .pipe) }?.code == .notPermitted)
  }

  @Test func `a developer sees no name that was not shared with them`() throws {
    #expect(try vault.session(.dev).tokens().isEmpty)
    try share()
    #expect(try vault.session(.dev).tokens().map(\.details.name) == ["contoso/crm-sync"])
  }

  @Test func `a token cannot be shared with an auditor`() throws {
    let ada = try vault.session(.ada)
    let error = refusal { try ada.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "audrey")) } }
    #expect(error?.code == .notPermitted)
  }

  @Test func `a developer shares no token, and no connector that they do not hold`() throws {
    let dev = try vault.session(.dev)
    #expect(
      refusal { try dev.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "bea")) } }?.code == .notPermitted
    )
    let ada = try vault.session(.ada)
    try ada.commit {
      try $0.register(ConnectorDetails(name: "ada-only", provider: "google", connectorID: "g"), secret: secret("s"))
    }
    #expect(refusal { try dev.commit { try $0.share(.connector, "ada-only", Share(with: "bea")) } }?.code == .notShared)
  }

  @Test func `an admin who does not hold a token cannot share it`() throws {
    let bea = try vault.session(.bea)
    let error = refusal { try bea.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) } }
    #expect(error?.code == .notShared)
  }

  @Test func `a grant ends when its time does`() throws {
    try share(until: vault.clock.now().adding(milliseconds: 86_400_000))
    let early = text(try vault.session(.dev).reveal("contoso/crm-sync", how: .tty))
    #expect(early == "refresh-token-1")
    vault.clock.advance(days: 2)
    let error = refusal { _ = try vault.session(.dev).reveal("contoso/crm-sync", how: .tty) }
    #expect(error?.code == .expired)
  }

  @Test func `nobody shares for longer than they hold it`() throws {
    let dev = try vault.session(.dev)
    let end = vault.clock.now().adding(milliseconds: 86_400_000)
    try dev.commit { try $0.share(.connector, "crm-sync", Share(with: "bea", until: end)) }
    let bea = try vault.session(.bea)
    #expect(
      refusal { try bea.commit { try $0.share(.connector, "crm-sync", Share(with: "bea")) } }?.code == .notPermitted)
    #expect(
      refusal { try bea.commit { try $0.share(.connector, "crm-sync", Share(with: "ada")) } }?.code == .notPermitted)
    try bea.commit { try $0.share(.connector, "crm-sync", Share(with: "ada", until: end)) }
    _ = try vault.session(.audrey).verifyLog()
  }

  @Test func `sharing again with a later end replaces the grant and harms nobody else's`() throws {
    let ada = try vault.session(.ada)
    try ada.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "bea")) }
    try share(until: vault.clock.now().adding(milliseconds: 1000))
    try share()
    vault.clock.advance(days: 1)
    for person in [Person.dev, .bea, .ada] {
      let value = text(try vault.session(person).reveal("contoso/crm-sync", how: .file))
      #expect(value == "refresh-token-1")
    }
    _ = try vault.session(.audrey).verifyLog()
  }

  @Test func `the reason of a share is open to auditors and grantees, and not in the entry`() throws {
    try share(reason: "nightly sync of all groups")
    for person in [Person.audrey, .dev] {
      var reasons: [String?] = []
      var filter = LogFilter()
      filter.actions = [.tokenShare]
      try vault.session(person).eachLogLine(filter) { reasons.append($0.reason) }
      #expect(reasons == ["nightly sync of all groups"])
    }
  }

  @Test func `an unknown member, an unknown token and a time that has passed are refused`() throws {
    let ada = try vault.session(.ada)
    #expect(
      refusal { try ada.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "eve")) } }?.code == .notFound)
    #expect(refusal { try ada.commit { try $0.share(.token, "contoso/other", Share(with: "dev")) } }?.code == .notFound)
    let past = Share(with: "dev", until: Timestamp(milliseconds: 0))
    #expect(refusal { try ada.commit { try $0.share(.token, "contoso/crm-sync", past) } }?.code == .badInput)
  }
}
