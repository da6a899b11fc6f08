import CustodyEvidence
import Custody
import CustodyLog
import CustodyTesting
import Testing

/// Taking back stops what comes later. It makes nobody forget.
struct RevocationTests {
  let vault: TemporaryVault
  init() throws {
    vault = try TemporaryVault()
    try vault.furnish()
    let ada = try vault.session(.ada)
    try ada.commit {
      try $0.share(.token, "contoso/crm-sync", Share(with: "dev"))
      try $0.share(.token, "contoso/crm-sync", Share(with: "bea", reason: "stands in for ada"))
    }
  }

  @Test func `a revoked developer cannot open a later revision`() throws {
    let ada = try vault.session(.ada)
    let done = try ada.commit { try $0.unshare(.token, "contoso/crm-sync", from: "dev") }
    #expect(done == .rekeyed)
    try ada.commit { try $0.rotate(.token, "contoso/crm-sync", secret: secret("refresh-token-2")) }
    #expect(refusal { _ = try vault.session(.dev).reveal("contoso/crm-sync", how: .pipe) }?.code == .notShared)
    let value = text(try vault.session(.bea).reveal("contoso/crm-sync", how: .pipe))
    #expect(value == "refresh-token-2")
  }

  @Test func `an open session of the one who lost the grant is refused at once`() throws {
    let dev = try vault.session(.dev)
    _ = try dev.reveal("contoso/crm-sync", how: .pipe)
    try vault.session(.ada).commit { _ = try $0.unshare(.token, "contoso/crm-sync", from: "dev") }
    #expect(refusal { _ = try dev.reveal("contoso/crm-sync", how: .pipe) }?.code == .notShared)
  }

  @Test func `old reasons open after a new data key`() throws {
    try vault.session(.ada).commit { _ = try $0.unshare(.token, "contoso/crm-sync", from: "dev") }
    var reasons: [String] = []
    try vault.session(.audrey).eachLogLine(LogFilter()) { if let reason = $0.reason { reasons.append(reason) } }
    #expect(reasons == ["stands in for ada"])
    _ = try vault.session(.bea).verifyEverything()
  }

  @Test func `an admin without the key takes the envelope, and a holder must rekey`() throws {
    let ada = try vault.session(.ada)
    try ada.commit { _ = try $0.unshare(.token, "contoso/crm-sync", from: "bea") }
    let bea = try vault.session(.bea)
    #expect(try bea.commit { try $0.unshare(.token, "contoso/crm-sync", from: "dev", reason: "left") } == .needsRekey)
    #expect(refusal { _ = try vault.session(.dev).reveal("contoso/crm-sync", how: .pipe) }?.code == .notShared)
    #expect(try vault.session(.audrey).tokens().first?.leavers.map { Optional($0) } == [vault.people[.dev]])
    try ada.commit { try $0.rekey(.token, "contoso/crm-sync") }
    #expect(try vault.session(.audrey).tokens().first?.leavers == [])
    _ = try vault.session(.audrey).verifyLog()
  }

  @Test func `the last holder cannot be taken out`() throws {
    let ada = try vault.session(.ada)
    try ada.commit {
      _ = try $0.unshare(.token, "contoso/crm-sync", from: "dev")
      _ = try $0.unshare(.token, "contoso/crm-sync", from: "bea")
    }
    #expect(
      refusal { try ada.commit { _ = try $0.unshare(.token, "contoso/crm-sync", from: "ada") } }?.code == .notPermitted)
  }

  @Test func `a rekey leaves out whose time has run out`() throws {
    let ada = try vault.session(.ada)
    let soon = vault.clock.now().adding(milliseconds: 1000)
    try ada.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev", until: soon)) }
    vault.clock.advance(days: 1)
    try ada.commit { try $0.rekey(.token, "contoso/crm-sync") }
    let grants = try vault.session(.audrey).tokens().first?.grants.keys.map { $0 } ?? []
    #expect(Set(grants) == [vault.people[.ada], vault.people[.bea]])
    _ = try vault.session(.audrey).verifyLog()
  }

  @Test func `a retired token is gone for all, its name is free, its record stays`() throws {
    let ada = try vault.session(.ada)
    try ada.commit { try $0.retire(.token, "contoso/crm-sync", reason: "tenant left") }
    #expect(refusal { _ = try vault.session(.dev).reveal("contoso/crm-sync", how: .pipe) }?.code == .notFound)
    try ada.commit {
      try $0.store(
        TokenDetails(tenant: "contoso", connector: "crm-sync", provider: "kaizala", reach: .tenant),
        secret: secret("another"))
    }
    #expect(try vault.session(.audrey).tokens().map(\.item.isRetired).sorted { !$0 && $1 } == [false, true])
    _ = try vault.session(.audrey).verifyLog()
  }

  @Test func `a connector with tokens in use is not retired`() throws {
    #expect(refusal { try vault.session(.ada).commit { try $0.retire(.connector, "crm-sync") } }?.code == .conflict)
  }
}
