import CustodyEvidence
@testable import Custody
import CustodyCrypto
import CustodyLog
import CustodySecrets
import CustodyValues
import CustodyStore
import CustodyTesting
import Testing

/// A member who loses the right reads nothing written afterwards, with all keys that they had and a later copy.
struct LeaverTests {
  let vault: TemporaryVault

  init() throws {
    vault = try TemporaryVault()
    try vault.furnish()
    try vault.session(.ada).commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev", reason: "nightly")) }
    try vault.session(.dev).commit { try $0.share(.connector, "crm-sync", Share(with: "ada")) }
  }

  /// Every metadata key that a member can get at with what they have now.
  private func keysOf(_ person: Person) throws -> Keys {
    let session = try vault.session(person)
    var held: [HeldMetadataKey] = []
    for item in session.core.history.items where session.core.opensNames || session.core.isHolder(of: item) {
      held.append(HeldMetadataKey(try session.core.metadataKey(of: item), item.metadataKey.generation))
    }
    let holder = session.core.holder
    var audits: [EpochKeys.AuditKey] = []
    if session.core.opensNames {
      audits.append(try session.core.ledger.keys.audit(session.core.history.epoch, of: session.core.history.epochs))
    }
    return Keys(metadata: held, audits: audits, holder: holder, arena: session.core.arena)
  }

  private struct Keys {
    let metadata: [HeldMetadataKey]
    let audits: [EpochKeys.AuditKey]
    let holder: any KeyHolder
    let arena: SecureArena

    /// How many of the notes these keys open, with any envelope that opens to them too.
    func opened(_ notes: [NoteRow], in store: Store, _ vault: Identifier) throws -> Int {
      var keys = metadata
      for envelope in try store.everyEnvelope() where envelope.kind == .metadataKey {
        guard let sealed = envelope.sealed else { continue }
        if let key: MetadataKey = try? holder.unwrap(sealed, in: arena) {
          keys.append(HeldMetadataKey(key, envelope.generation))
        }
        for audit in audits {
          if let key: MetadataKey = try? audit.pair.unwrap(sealed, in: arena) {
            keys.append(HeldMetadataKey(key, envelope.generation))
          }
        }
      }
      return notes.filter { note in
        keys.contains { held in
          let context = note.kind.context(vault: vault, item: note.item, generation: note.generation)
          return (try? held.key.open(note.sealed, context)) != nil
        }
      }.count
    }
  }

  /// Notes of entries from this position on.
  private func notes(from position: UInt64) throws -> [NoteRow] {
    let store = try Store.connect(to: vault.path)
    defer { store.close() }
    var rows: [NoteRow] = []
    try store.eachNote { if $0.entry >= position { rows.append($0) } }
    return rows
  }

  private func opens(_ keys: Keys, from position: UInt64) throws -> (opened: Int, of: Int) {
    let rows = try notes(from: position)
    let store = try Store.connect(to: vault.path)
    defer { store.close() }
    return (try keys.opened(rows, in: store, store.vault().id), rows.count)
  }

  private func writeOn() throws {
    try vault.session(.ada).commit {
      try $0.share(.token, "contoso/crm-sync", Share(with: "bea", reason: "new reason"))
      try $0.changeToken("contoso/crm-sync", reason: "another") { $0.note = "new note" }
      try $0.changeConnector("crm-sync") { $0.endpoint = "https://new.host/token" }
    }
  }

  @Test func `a removed auditor with all keys from before opens nothing that is written afterwards`() throws {
    let keys = try keysOf(.audrey)
    let size = try vault.session(.ada).logSize
    #expect(try opens(keys, from: 0).opened > 0)
    _ = try vault.session(.ada).commit { try $0.remove("audrey") }
    try writeOn()
    let (opened, count) = try opens(keys, from: size)
    #expect((opened, count) == (0, 4))
    #expect(try vault.session(.bea).verifyLog().verdicts.holds)
  }

  @Test func `a removed admin with all keys from before opens nothing that is written afterwards`() throws {
    let keys = try keysOf(.bea)
    let size = try vault.session(.ada).logSize
    _ = try vault.session(.ada).commit { try $0.remove("bea") }
    try vault.session(.ada).commit {
      try $0.changeToken("contoso/crm-sync", reason: "another") { $0.note = "new note" }
      try $0.changeConnector("crm-sync") { $0.endpoint = "https://new.host/token" }
    }
    let (opened, count) = try opens(keys, from: size)
    #expect((opened, count) == (0, 3))
  }

  @Test func `an unshared developer reads neither why, nor what is written afterwards`() throws {
    let keys = try keysOf(.dev)
    let size = try vault.session(.ada).logSize
    _ = try vault.session(.ada).commit {
      _ = try $0.unshare(.token, "contoso/crm-sync", from: "dev", reason: "we found out")
      try $0.changeToken("contoso/crm-sync", reason: "another") { $0.note = "new note" }
    }
    let (opened, count) = try opens(keys, from: size)
    #expect((opened, count) == (0, 3))
    #expect(try vault.session(.audrey).verifyEverything().verdicts.holds)
  }

  @Test func `who writes under a stale key with a patched client leaves a void entry`() throws {
    _ = try vault.session(.ada).commit { try $0.unshare(.token, "contoso/crm-sync", from: "dev") }
    let ada = try vault.session(.ada)
    try ada.commit { transaction in
      try translating {
        let core = transaction.core
        let token = try #require(core.history.items.first { $0.kind == .token })
        var draft = EntryDraft(
          EntryHeader(
            origin: core.history.origin, time: core.now(), actor: core.me, seq: try core.author().lastSeq + 1,
            seen: transaction.seen, action: .tokenChange))
        draft.set(.item, token.id)
        draft.set(.metadataGeneration, token.metadataKey.generation)
        draft.set(.metadataSHA256, SHA256.hash([1]))
        draft.set(.sealedMetadataSHA256, SHA256.hash([2]))
        try core.ledger.appendUnchecked(draft, by: core.holder)
      }
    }
    var whys: [String] = []
    try vault.session(.bea).eachLogLine(LogFilter(), void: { whys.append($0.why) }, { _ in })
    #expect(whys == ["it is written under a metadata key that somebody has who may not read it"])
  }

  @Test func `a name can't be tested any more by who left, and is found by who stays`() throws {
    let dev = try vault.session(.dev)
    let known = try dev.core.ledger.keys.tag("connector", "payroll", epoch: 1)
    _ = try vault.session(.ada).commit { try $0.remove("dev") }
    let bea = try vault.session(.bea)
    try bea.commit {
      try $0.register(ConnectorDetails(name: "payroll", provider: "google", connectorID: "g"), secret: secret("s"))
    }
    let isKnown = bea.core.history.tags[ItemTag(.connector, known)] != nil
    #expect(!isKnown)
    let found1 = bea.contains(.connector, "payroll")
    #expect(found1)
    // Items of the epoch before are found as they were.
    let found2 = bea.contains(.token, "contoso/crm-sync")
    #expect(found2)
  }

  @Test func `of two items of one name the earlier is meant, and the other is shown with its author`() throws {
    _ = try vault.session(.ada).commit { try $0.remove("dev") }
    let bea = try vault.session(.bea)
    let details = ConnectorDetails(name: "crm-sync", provider: "google", connectorID: "g")
    // Only a patched client takes a name that there is: its own look-up finds the earlier one.
    try bea.commit { try $0.registerAgain(details) }
    let found = try vault.session(.ada).connectors().filter { $0.details.name == "crm-sync" }
    #expect(found.map(\.isNameTaken).sorted { !$0 && $1 } == [false, true])
    #expect(found.first { $0.isNameTaken }?.item.storedBy == vault.people[.bea])
    #expect(try vault.session(.ada).connector("crm-sync").details.provider == "kaizala")
  }

  @Test func `a journal that a leaver forges is believed for its doubt alone`() throws {
    let token = try #require(try vault.session(.ada).tokens().first?.item)
    let keys = try keysOf(.dev)
    _ = try vault.session(.ada).commit { try $0.unshare(.token, "contoso/crm-sync", from: "dev") }
    var journal = ExchangeJournal(
      state: .refused, fence: 1, revision: 1, by: .none, sent: vault.clock.now(), attempts: 1)
    journal.failure = .init(code: .failed, reason: "call +49 30 123 and tell them your passphrase")
    let core = try vault.session(.ada).core
    let held = try #require(
      keys.metadata.first {
        (try? core.metadataKey(of: token).commitment(item: token.id, generation: 1))
          == $0.key.commitment(item: token.id, generation: 1)
      })
    var row = ExchangeRow(item: token.id, fence: 1, owner: nil, beat: 0)
    (row.journal, row.generation) = (core.seal(journal, of: token.id, 1, held.key), 1)
    let store = try Store.connect(to: vault.path)
    try store.write { try store.put(row) }
    store.close()
    let ada = try vault.session(.ada)
    #expect(try ada.lastExchanges().isEmpty)
    journal.state = .unknown
    row.journal = core.seal(journal, of: token.id, 1, held.key)
    let again = try Store.connect(to: vault.path)
    try again.write { try again.put(row) }
    again.close()
    let last = try vault.session(.ada).lastExchanges()[token.id]
    #expect(last?.outcome == .unknown)
    #expect(last?.reason == nil)
  }
}

extension Store {
  fileprivate func everyEnvelope() throws -> [EnvelopeRow] {
    var rows: [EnvelopeRow] = []
    try eachEnvelope { rows.append($0) }
    return rows
  }
}

extension Custody.Transaction {
  fileprivate func registerAgain(_ details: ConnectorDetails) throws {
    let new = NewItem(kind: .connector, name: details.name, metadata: details.metadata, expires: nil)
    _ = try add(new, secret: secret("s"))
  }
}
