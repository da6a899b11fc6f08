import CustodyEvidence
@testable import Custody
import CustodyCrypto
import CustodyLog
import CustodyValues
import CustodyStore
import CustodyTesting
import Testing

/// No state comes from what nobody signed, and what a member signed badly stops nobody else.
struct AttestedFoldTests {
  let vault: TemporaryVault
  init() throws {
    vault = try TemporaryVault()
    try vault.furnish()
  }

  /// dev writes an entry in ada's name, with a signature that does not hold, and a transaction of their own on top: its
  /// checkpoint, the newest, is signed as it should be.
  private func forge(_ action: Action, _ details: (Item, Identifier, inout EntryDraft) -> Void) throws {
    let ada = try #require(vault.people[.ada])
    let dev = try vault.session(.dev)
    try dev.commit { transaction in
      try translating {
        let (core, ledger) = (transaction.core, transaction.core.ledger)
        let victim = try #require(core.history.members[ada])
        let token = try #require(core.history.items.first { $0.kind == .token })
        var draft = EntryDraft(
          EntryHeader(
            origin: core.history.origin, time: core.now(), actor: ada, seq: victim.lastSeq + 1,
            seen: transaction.seen, action: action))
        details(token, core.me, &draft)
        let position = try ledger.append(draft, by: Forger(victim.keys, core.holder, signsElsewhere: false))
        try core.store.insert(
          CheckpointRow(
            size: core.history.size, signer: ada, root: ledger.root(), signature: Array(repeating: 0, count: 64)))
        var own = EntryDraft(
          EntryHeader(
            origin: core.history.origin, time: core.now(), actor: core.me, seq: try core.author().lastSeq + 1,
            seen: ledger.head(), action: .logVerify))
        own.set(.size, position)
        _ = try ledger.append(own, by: core.holder)
      }
    }
  }

  private func forgeShare() throws {
    try forge(.tokenShare) { token, dev, draft in
      draft.set(.item, token.id)
      draft.set(.revision, token.revision)
      draft.set(.generation, token.generation)
      draft.set(.metadataGeneration, token.metadataKey.generation)
      draft.set(.to, dev)
      draft.set(.envelopeSHA256, SHA256.hash([1]))
      draft.set(.metadataEnvelopeSHA256, SHA256.hash([2]))
    }
  }

  @Test func `an unsigned share is no grant, and the vault is read up to it by everyone`() throws {
    try forgeShare()
    for person in [Person.ada, .bea, .audrey, .dev] {
      let session = try vault.session(person)
      #expect(session.stop?.rule == .badSignature)
      #expect(try session.exposures().allSatisfy { $0.member.name != "dev" || $0.kind == .connector })
      #expect(refusal { _ = try session.verifyLog() }?.fault?.rule == .badSignature)
    }
    let ada = try vault.session(.ada)
    let holders = try ada.tokens().first?.grants.keys.map { Optional($0) }
    #expect(holders == [vault.people[.ada]])
    let error = refusal { try ada.commit { try $0.rekey(.token, "contoso/crm-sync") } }
    #expect(error?.code == .integrity)
    #expect(error?.reason.contains("its signature does not hold") == true)
  }

  @Test func `an unsigned registration takes no name`() throws {
    try forge(.connectorRegister) { token, _, draft in
      draft.set(.item, Identifier.random())
      for key in [DetailKey.tag, .commitment, .envelopesSHA256, .metadataCommitment, .metadataEnvelopesSHA256] {
        draft.set(key, SHA256.hash(Array(key.rawValue.utf8)))
      }
      for key in [DetailKey.metadataSHA256, .sealedMetadataSHA256, .valueSHA256] { draft.set(key, SHA256.hash([3])) }
      for key in [DetailKey.revision, .generation, .metadataGeneration] { draft.set(key, 1 as UInt64) }
    }
    let session = try vault.session(.bea)
    #expect(session.stop?.rule == .badSignature)
    #expect(try session.connectors().map(\.details.name) == ["crm-sync"])
  }

  @Test func `rows that a thief without a key puts behind the log are not part of it`() throws {
    let raw = try RawFile(vault.path)
    try raw.run("INSERT INTO log_entry SELECT max(position) + 1, 1, x'0102' FROM log_entry")
    let ada = try vault.session(.ada)
    #expect(ada.stop?.rule == .uncovered)
    #expect(try ada.tokens().map(\.details.name) == ["contoso/crm-sync"])
    #expect(refusal { _ = try ada.reveal("contoso/crm-sync", how: .pipe) }?.code == .integrity)
    try raw.run("DELETE FROM log_entry WHERE sealed = x'0102'")
    #expect(try text(vault.session(.ada).reveal("contoso/crm-sync", how: .pipe)) == "refresh-token-1")
  }

  // MARK: Void entries

  /// dev signs an entry that a rule refuses, as a patched client can, in a transaction that ends as it should.
  private func signBadly(_ action: Action, _ details: (Item, inout EntryDraft) -> Void) throws {
    try vault.session(.dev).commit { transaction in
      try translating {
        let core = transaction.core
        let token = try #require(core.history.items.first { $0.kind == .token })
        var draft = EntryDraft(
          EntryHeader(
            origin: core.history.origin, time: core.now(), actor: core.me, seq: try core.author().lastSeq + 1,
            seen: transaction.seen, action: action))
        details(token, &draft)
        try core.ledger.appendUnchecked(draft, by: core.holder)
      }
    }
  }

  @Test func `what a member signs against a rule is void, shown with its author, and stops nobody`() throws {
    try signBadly(.tokenRetire) { token, draft in draft.set(.item, token.id) }
    try signBadly(.connectorRotate) { token, draft in draft.set(.item, token.id) }
    let ada = try vault.session(.ada)
    #expect(ada.stop == nil)
    var voids: [String] = []
    try ada.eachLogLine(LogFilter(), void: { voids.append("\($0.author.name): \($0.why)") }, { _ in })
    #expect(voids.count == 2)
    #expect(voids.first == "dev: a developer may not sign token.retire")
    let value = text(try ada.reveal("contoso/crm-sync", how: .pipe))
    #expect(value == "refresh-token-1")
    // The author goes on as well, and everything is found to hold.
    _ = try vault.session(.dev).commit { try $0.share(.connector, "crm-sync", Share(with: "ada")) }
    #expect(try vault.session(.audrey).verifyLog().verdicts.holds)
    _ = try ada.commit { try $0.remove("dev", orphaning: true) }
  }
}

extension Ledger {
  /// Appends an entry without folding it, as a patched client can: rules that its own fold would enforce are skipped.
  func appendUnchecked(_ draft: EntryDraft, by holder: any KeyHolder) throws {
    let name = Entry.keyName(origin: draft.header.origin, member: draft.header.actor)
    let line = VerifierKey(name: name, ed25519: holder.keys.entries.bytes).line(
      signature: try holder.signEntry(draft.text))
    let bytes = draft.text + [0x0a] + line.bytes
    _ = try append(bytes) { history, node throws(HistoryFault) in try history.fold(bytes, node: node) }
  }
}
