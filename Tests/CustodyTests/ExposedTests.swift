import CustodyEvidence
import Custody
import CustodyLog
import CustodyValues
import CustodyTesting
import Testing

/// The question that is asked when someone leaves.
struct ExposedTests {
  let vault: TemporaryVault

  init() throws {
    vault = try TemporaryVault()
    try vault.furnish()
    try vault.session(.ada).commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) }
  }

  private func exposed(_ member: String? = nil, onlyLeft: Bool = false, as person: Person = .audrey) throws -> [Exposed]
  {
    var filter = ExposureFilter()
    filter.member = member
    filter.onlyLeft = onlyLeft
    return try vault.session(person).exposures(filter)
  }

  @Test func `an auditor sees who could open what and how they are declared to have`() throws {
    _ = try vault.session(.dev).reveal("contoso/crm-sync", how: .pipe)
    let found = try exposed("dev")
    #expect(found.map(\.name) == ["contoso/crm-sync", "crm-sync"])
    let token = try #require(found.first)
    #expect((token.holds, token.keepsKey, token.revision) == (true, false, 1))
    #expect(token.opened.map(\.how) == [.pipe])
    #expect(token.remedy == Hint(.rotate(.token, "contoso/crm-sync")))
    #expect(found[1].opened.map(\.how) == [.stored])
  }

  @Test func `a leaver whose tokens were all rotated since has no exposure`() throws {
    let ada = try vault.session(.ada)
    let taken = try ada.commit { try $0.unshare(.token, "contoso/crm-sync", from: "dev") }
    #expect(taken == .rekeyed)
    let left = try exposed(onlyLeft: true)
    #expect(left.map { "\($0.member.name) \($0.name)" } == ["dev contoso/crm-sync"])
    #expect(left.first?.keepsKey == false)
    try ada.commit { try $0.rotate(.token, "contoso/crm-sync", secret: secret("refresh-token-2")) }
    let after = try exposed(onlyLeft: true)
    #expect(after.isEmpty)
  }

  @Test func `who lost a grant and keeps the key could open the next value of an exchange, and none of a rotate`()
    throws
  {
    // bea is an admin without the data key: she takes back, and cannot rekey.
    let taken = try vault.session(.bea).commit { try $0.unshare(.token, "contoso/crm-sync", from: "dev") }
    #expect(taken == .needsRekey)
    let ada = try vault.session(.ada)
    let still = try #require(try exposed("dev").first { $0.kind == .token })
    #expect((still.holds, still.keepsKey, still.revision) == (false, true, 1))
    #expect(still.remedy == Hint(.rotate(.token, "contoso/crm-sync")))
    try ada.commit { try $0.rotate(.token, "contoso/crm-sync", secret: secret("refresh-token-2")) }
    let after = try exposed("dev").filter { $0.kind == .token }
    #expect(after.isEmpty)
  }

  @Test func `a developer sees the exposure of what they hold and of nothing else`() throws {
    try vault.session(.ada).commit {
      try $0.store(
        TokenDetails(tenant: "fabrikam", connector: "crm-sync", provider: "kaizala", reach: .tenant),
        secret: secret("another"))
    }
    let seen = Set(try exposed(as: .dev).map(\.name))
    #expect(seen == ["contoso/crm-sync", "crm-sync"])
    #expect(refusal { _ = try exposed("nobody") }?.code == .notFound)
  }

  @Test func `a grant whose time has run out still has the key`() throws {
    let until = vault.clock.now().adding(milliseconds: 86_400_000)
    try vault.session(.ada).commit { try $0.share(.token, "contoso/crm-sync", Share(with: "bea", until: until)) }
    vault.clock.advance(days: 2)
    let bea = try #require(try exposed("bea").first)
    #expect((bea.holds, bea.keepsKey) == (false, true))
  }

  @Test func `an item whose row was deleted does not vanish from the answer`() throws {
    let token = try #require(try vault.session(.audrey).tokens().first).id.hex
    let raw = try RawFile(vault.path)
    for table in ["envelope", "revision", "item"] {
      try raw.run("DELETE FROM \(table) WHERE \(table == "item" ? "id" : "item") = x'\(token)'")
    }
    for person in [Person.audrey, .ada, .dev] {
      #expect(try exposed(as: person).contains { $0.name == token })
    }
  }

  @Test func `storing the same value again ends nobody's exposure`() throws {
    let ada = try vault.session(.ada)
    _ = try ada.commit { try $0.unshare(.token, "contoso/crm-sync", from: "dev") }
    let error = refusal {
      try ada.commit { try $0.rotate(.token, "contoso/crm-sync", secret: secret("refresh-token-1")) }
    }
    #expect(error?.code == .badInput)
    let left = try exposed(onlyLeft: true)
    #expect(left.map(\.name) == ["contoso/crm-sync"])
  }
}
