import CustodyEvidence
import Custody
import CustodyCrypto
import CustodyLog
import CustodySecrets
import CustodyValues
import CustodyStore
import CustodyTesting
import Testing

/// Leaving, and another role: what was theirs opens nothing that is written from then on.
struct MembershipTests {
  let vault: TemporaryVault

  init() throws {
    vault = try TemporaryVault()
    try vault.furnish()
    try vault.session(.ada).commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) }
    // Otherwise only dev could open the connector.
    try vault.session(.dev).commit { try $0.share(.connector, "crm-sync", Share(with: "ada")) }
  }

  private func remove(_ name: String, by person: Person = .ada) throws -> Departure {
    try vault.session(person).commit { try $0.remove(name, reason: "left the company") }
  }

  private func identity(_ person: Person) throws -> any KeyHolder {
    try Vault.open(at: vault.path).identity(
      of: vault.people[person] ?? .none, by: .passphrase(secret(person.passphrase)))
  }

  @Test func `a removed member can't unlock, and those who stay open everything`() throws {
    let departure = try remove("dev")
    #expect((departure.rekeyed.count, departure.unkeyed.count) == (2, 0))
    #expect(refusal { _ = try vault.session(.dev) }?.code == .notFound)
    let value = try text(vault.session(.ada).reveal("contoso/crm-sync", how: .pipe))
    #expect(value == "refresh-token-1")
    // The auditor reads names and entries from before and after, under two epochs' keys.
    let audrey = try vault.session(.audrey)
    let names = try audrey.tokens().map(\.details.name)
    #expect(names == ["contoso/crm-sync"])
    var actions: [Action] = []
    try audrey.eachLogLine(LogFilter()) { actions.append($0.entry.action) }
    #expect(actions.contains(.memberRemove))
    #expect(actions.first == .vaultCreate)
    let verified = try audrey.verifyLog()
    #expect(verified.verdicts.holds)
  }

  @Test func `who leaves can't keep a data key by taking their own envelope away`() throws {
    let dev = try #require(vault.people[.dev])
    try RawFile(vault.path).run("UPDATE envelope SET sealed = NULL WHERE kind = 1 AND recipient = x'\(dev.hex)'")
    #expect(try remove("dev").rekeyed.count == 2)
  }

  @Test func `an item that doesn't open stops no removal, and is told`() throws {
    let ada = try #require(vault.people[.ada])
    try RawFile(vault.path).run(
      "UPDATE envelope SET sealed = zeroblob(80) WHERE kind = 1 AND recipient = x'\(ada.hex)'")
    let departure = try remove("dev")
    #expect((departure.rekeyed.count, departure.unkeyed.count) == (0, 2))
  }

  @Test func `with a patched client and the old keys nothing that came since opens`() throws {
    let dev = try identity(.dev)
    _ = try remove("dev")
    try vault.session(.ada).commit { try $0.rotate(.token, "contoso/crm-sync", secret: secret("refresh-token-2")) }
    let arena = try SecureArena()
    let store = try Store.connect(to: vault.path)
    for wrap in try store.keyWraps() {
      guard let sealed = wrap.sealed else { continue }
      let key: VaultKey? = try? dev.unwrap(sealed, in: arena)
      let opens = key != nil
      #expect(!opens)
    }
    try store.eachEnvelope { row in
      guard let sealed = row.sealed else { return }
      let key: DataKey? = try? dev.unwrap(sealed, in: arena)
      let opens = key != nil
      #expect(!opens)
    }
  }

  @Test func `who was in a session sees that they were removed`() throws {
    let dev = try vault.session(.dev)
    _ = try remove("dev")
    #expect(refusal { _ = try dev.reveal("contoso/crm-sync", how: .pipe) }?.code == .notPermitted)
    #expect(refusal { _ = try dev.tokens() }?.code == .notPermitted)
  }

  @Test func `another's open session goes on under the new keys`() throws {
    let bea = try vault.session(.bea)
    _ = try bea.tokens()
    _ = try remove("dev")
    try bea.commit {
      try $0.store(
        TokenDetails(tenant: "fabrikam", connector: "crm-sync", provider: "kaizala", reach: .tenant),
        secret: secret("another"))
    }
    let value = try text(bea.reveal("fabrikam/crm-sync", how: .pipe))
    #expect(value == "another")
  }

  @Test func `the last admin stays, and an admin may leave when there is another`() throws {
    let ada = try vault.session(.ada)
    try ada.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "bea")) }
    _ = try ada.commit { try $0.remove("bea", orphaning: true) }
    let alone = refusal { try ada.commit { _ = try $0.remove("ada", orphaning: true) } }
    #expect(alone?.code == .notPermitted)
    #expect(alone?.reason.contains("last admin") == true)
    #expect(refusal { try ada.commit { _ = try $0.setRole(of: "ada", to: .developer) } }?.code == .notPermitted)

    let other = try TemporaryVault(.second)
    let bea = try other.session(.bea)
    let departure = try bea.commit { try $0.remove("bea") }
    #expect(departure.rekeyed.isEmpty)
    #expect(refusal { _ = try other.session(.bea) } != nil)
    let verified = try other.session(.audrey).verifyLog()
    #expect(verified.verdicts.holds)
  }

  @Test func `what the leaver alone could open is named first`() throws {
    let ada = try vault.session(.ada)
    try ada.commit {
      try $0.store(
        TokenDetails(tenant: "fabrikam", connector: "crm-sync", provider: "kaizala", reach: .tenant),
        secret: secret("another"))
    }
    let error = refusal { try vault.session(.bea).commit { _ = try $0.remove("ada") } }
    #expect(error?.code == .conflict)
    #expect(error?.reason.contains("1 of the items (fabrikam/crm-sync)") == true)
    #expect(error?.hint?.steps == [.use(.orphan)])
    try ada.commit { try $0.share(.token, "fabrikam/crm-sync", Share(with: "bea")) }
    let departure = try vault.session(.bea).commit { try $0.remove("ada") }
    #expect((departure.rekeyed.count, departure.unkeyed.count) == (1, 2))
  }

  @Test func `items whose key the remover lacks stand exposed until a holder rekeys`() throws {
    let departure = try remove("dev", by: .bea)
    #expect(departure.unkeyed.count == 2)
    var filter = ExposureFilter()
    filter.onlyLeft = true
    let exposed = try vault.session(.audrey).exposures(filter)
    #expect(Set(exposed.map(\.name)) == ["contoso/crm-sync", "crm-sync"])
    #expect(!exposed.contains { !$0.keepsKey })
  }

  @Test func `a later member reads the whole log and nothing else`() throws {
    _ = try remove("dev")
    let joined = try Vault.open(at: vault.path).join(
      Applicant("eve", .auditor), by: .passphrase(secret("eve's own four words")), hardness: .floor)
    let ada = try vault.session(.ada)
    try ada.commit { try $0.approve(joined.member, fingerprint: joined.fingerprint) }
    let eve = try Vault.open(at: vault.path).unlock(
      as: joined.member, by: .passphrase(secret("eve's own four words")), pins: .unpinned)
    let names = try eve.tokens().map(\.details.name)
    #expect(names == ["contoso/crm-sync"])
    let verified = try eve.verifyLog()
    #expect(verified.verdicts.holds)
    // Names of who was removed stay theirs.
    let again = try Vault.open(at: vault.path).join(
      Applicant("dev", .developer), by: .passphrase(secret("another four own words")), hardness: .floor)
    #expect(
      refusal { try ada.commit { try $0.approve(again.member, fingerprint: again.fingerprint) } }?.code == .conflict)
  }

  @Test func `a request from before a removal is approved after it, by the fingerprint that was read out`() throws {
    let joined = try Vault.open(at: vault.path).join(
      Applicant("eve", .developer), by: .passphrase(secret("eve's own four words")), hardness: .floor)
    _ = try remove("dev")
    try vault.session(.ada).commit { try $0.approve(joined.member, fingerprint: joined.fingerprint) }
    let eve = try Vault.open(at: vault.path).unlock(
      as: joined.member, by: .passphrase(secret("eve's own four words")), pins: .unpinned)
    let name = eve.member?.name
    #expect(name == "eve")
    let verified = try eve.verifyLog()
    #expect(verified.verdicts.holds)
  }

  @Test func `a developer becomes an admin, an admin an auditor`() throws {
    let ada = try vault.session(.ada)
    _ = try ada.commit { try $0.setRole(of: "dev", to: .admin, reason: "leads the team now") }
    let dev = try vault.session(.dev)
    try dev.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "bea")) }
    let role = try dev.members().first { $0.name == "dev" }?.role
    #expect(role == .admin)
    let departure = try ada.commit { try $0.setRole(of: "dev", to: .auditor) }
    #expect(departure.rekeyed.count == 2)
    let auditor = try vault.session(.dev)
    #expect(refusal { _ = try auditor.reveal("contoso/crm-sync", how: .pipe) }?.code == .notPermitted)
    let names = try auditor.tokens().map(\.details.name)
    #expect(names == ["contoso/crm-sync"])
    #expect(refusal { try ada.commit { _ = try $0.setRole(of: "dev", to: .auditor) } }?.code == .conflict)
    let verified = try vault.session(.audrey).verifyLog()
    #expect(verified.verdicts.holds)
  }

  @Test func `a removal that does not commit leaves everything as it was`() throws {
    struct Stop: Error {}
    let ada = try vault.session(.ada)
    do {
      try ada.commit { transaction in
        _ = try transaction.remove("dev")
        throw Stop()
      }
      Issue.record("it was committed")
    } catch {}
    let value = try text(ada.reveal("contoso/crm-sync", how: .pipe))
    #expect(value == "refresh-token-1")
    _ = try vault.session(.dev).reveal("contoso/crm-sync", how: .pipe)
    _ = try ada.commit { try $0.remove("dev") }
    _ = try vault.session(.audrey).verifyLog()
  }
}
