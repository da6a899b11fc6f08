@testable import Custody
import CustodyCrypto
import CustodyLog
import CustodyValues
import CustodyTesting
import Testing

/// Junk that a holder brought is taken back, and every row is as the log says.
struct RevertTests {
  let vault: TemporaryVault

  /// dev registered crm-sync; ada, made a developer, holds it by a share; bea is the admin.
  init() throws {
    vault = try TemporaryVault()
    try vault.furnish()
    try vault.session(.dev).commit { try $0.share(.connector, "crm-sync", Share(with: "ada")) }
    _ = try vault.session(.bea).commit { try $0.setRole(of: "ada", to: .developer, orphaning: true) }
  }

  private func holds() throws -> Bool { try vault.session(.audrey).verifyLog().verdicts.holds }

  /// Envelopes of data keys that are there: who has how many.
  private func envelopes(of person: Person) throws -> Int {
    let id = try #require(vault.people[person]).hex
    return try RawFile(vault.path).rows(
      "SELECT 1 FROM envelope WHERE kind = 1 AND sealed IS NOT NULL AND recipient = x'\(id)'"
    ).count
  }

  @Test func `the value before is brought back for all who have a grant, and who brought junk is named`() throws {
    try vault.session(.ada).commit { try $0.rotate(.connector, "crm-sync", secret: secret("JUNK")) }
    let dev = try vault.session(.dev)
    let found = try dev.reversion(of: .connector, "crm-sync")
    #expect((found.revision, found.earlier, found.author.name) == (2, 1, "ada"))
    #expect(found.action == .connectorRotate && !found.isOverExchange)
    #expect(try holds())
    try dev.commit { try $0.revert(.connector, "crm-sync", reason: "junk by ada") }
    for person in [Person.dev, .ada] { #expect(try vault.session(person).claimConnector("crm-sync") == "SECRET1234") }
    #expect(try dev.revisionOf("crm-sync") == 3)
    #expect(try holds())
    let exposed = try vault.session(.bea).exposures().filter { $0.kind == .connector }
    #expect(Set(exposed.map { "\($0.member.name) \($0.revision)" }) == ["ada 3", "dev 3"])
  }

  @Test func `a data key that opens to nobody else is taken back by who is left with junk`() throws {
    let ada = try vault.session(.ada)
    try ada.commit { transaction in try translating { try transaction.rekeyBadly("crm-sync") } }
    let dev = try vault.session(.dev)
    #expect(refusal { _ = try dev.claimConnector("crm-sync") }?.code == .integrity)
    try dev.commit { try $0.revert(.connector, "crm-sync") }
    for person in [Person.dev, .ada] { #expect(try vault.session(person).claimConnector("crm-sync") == "SECRET1234") }
    #expect(try holds())
  }

  @Test func `the value before stays until the one after, and no longer`() throws {
    let dev = try vault.session(.dev)
    let values = { try RawFile(vault.path).rows("SELECT revision, generation FROM revision ORDER BY rowid").count }
    let before = try values()
    for value in ["SECRET2", "SECRET3", "SECRET4"] {
      try dev.commit { try $0.rotate(.connector, "crm-sync", secret: secret(value)) }
      #expect(try values() == before + 1)
      #expect(try envelopes(of: .ada) == 3)
    }
    try dev.commit { try $0.rekey(.connector, "crm-sync") }
    #expect(try values() == before + 1)
    try dev.commit { try $0.revert(.connector, "crm-sync") }
    #expect(try dev.claimConnector("crm-sync") == "SECRET4")
    #expect(try values() == before + 1)
    #expect(try holds())
  }

  @Test func `who loses the right keeps no envelope of the value before`() throws {
    let dev = try vault.session(.dev)
    try dev.commit { try $0.rotate(.connector, "crm-sync", secret: secret("SECRET2")) }
    #expect(try envelopes(of: .ada) == 3)
    _ = try dev.commit { try $0.unshare(.connector, "crm-sync", from: "ada") }
    // Her token is what is left.
    #expect(try envelopes(of: .ada) == 1)
    #expect(try holds())
    try dev.commit { try $0.share(.connector, "crm-sync", Share(with: "ada")) }
    let refused = refusal { try vault.session(.ada).commit { try $0.revert(.connector, "crm-sync") } }
    #expect(refused?.code == .notPermitted && refused?.hint?.description.contains("dev") == true)
    try dev.commit { try $0.rotate(.connector, "crm-sync", secret: secret("SECRET3")) }
    _ = try vault.session(.bea).commit { try $0.remove("ada", orphaning: true) }
    #expect(try envelopes(of: .ada) == 0)
    #expect(try holds())
    try vault.session(.bea).commit { try $0.retire(.connector, "crm-sync", withTokens: true) }
    #expect(try RawFile(vault.path).rows("SELECT 1 FROM revision WHERE secret IS NOT NULL").isEmpty)
    #expect(try envelopes(of: .dev) == 0)
    #expect(try holds())
  }

  @Test func `what an admin rotated stays for who is no admin, and a first value has none before it`() throws {
    let dev = try vault.session(.dev)
    let bea = try vault.session(.bea)
    #expect(refusal { try dev.commit { try $0.revert(.connector, "crm-sync") } }?.code == .notFound)
    try bea.commit { try $0.rotate(.connector, "crm-sync", secret: secret("SECRET2"), .takingOver()) }
    let refused = refusal { try dev.commit { try $0.revert(.connector, "crm-sync") } }
    #expect(refused?.code == .notPermitted && refused?.reason.contains("an admin brought") == true)
    #expect(refusal { try bea.commit { try $0.revert(.connector, "crm-sync") } }?.code == .notPermitted)
    #expect(
      refusal { try vault.session(.audrey).commit { try $0.revert(.connector, "crm-sync") } }?.code == .notPermitted)
    #expect(try holds())
  }
}

extension RevertTests {
  @Test func `before a removal the values are named that the leaver brought and a revert would still undo`() throws {
    let ada = try vault.session(.ada)
    let dev = try #require(vault.people[.dev])
    #expect(try ada.replacements(by: dev).isEmpty)
    try vault.session(.dev).commit { try $0.rotate(.connector, "crm-sync", secret: secret("NONSENSE")) }
    #expect(try ada.replacements(by: dev).map(\.name) == ["crm-sync"])
    #expect(try ada.replacements(by: dev, of: Identifier.none).isEmpty)
    // A new data key is what ends it.
    try vault.session(.dev).commit { try $0.rekey(.connector, "crm-sync") }
    #expect(try ada.replacements(by: dev).isEmpty)
  }
}

extension Custody.Transaction {
  /// Makes a data key that opens only to its author, as a patched client can.
  func rekeyBadly(_ name: String) throws {
    let opened = try core.open(.connector, name, for: .connectorRekey)
    let (item, generation) = (opened.item, opened.item.generation + 1)
    let dataKey = try DataKey.random(in: core.arena)
    let sealed = try seal(secret("JUNK"), of: item.id, item.revision, generation, under: dataKey)
    var envelopes = Envelopes(.dataKey, generation: generation)
    for id in core.history.grants(of: item).keys.sorted() {
      let member = try #require(core.history.members[id])
      envelopes.add(id, id == core.me ? try core.boxKey(of: member).wrap(dataKey) : Sodium.randomBytes(80))
    }
    let made = envelopes
    let entry = try append(.connectorRekey) { entry in
      sealed.name(in: &entry, item: item.id)
      entry.set(.commitment, dataKey.commitment(item: item.id, generation: generation))
      entry.set(.envelopesSHA256, made.sha256)
    }
    try core.store.put(sealed.row(item: item.id, entry: entry))
    try core.store.updateItem(item.id, revision: item.revision, generation: generation)
    try made.insert(into: core.store, item: item.id, entry: entry)
  }
}
