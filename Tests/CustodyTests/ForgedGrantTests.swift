@testable import Custody
import CustodyCrypto
import CustodyLog
import CustodyMemory
import CustodyStore
import CustodyTesting
import Testing

/// A share in another member's name, which the fold takes as it is because nobody has relied on it yet.
struct ForgedGrantTests {
  let vault: TemporaryVault
  init() throws {
    vault = try TemporaryVault()
    try vault.furnish()
  }

  /// dev writes, in ada's name, that ada shares the token with dev, and a transaction of their own on top: its
  /// checkpoint, the newest, is signed as it should be.
  private func forgeShare() throws {
    let ada = try #require(vault.people[.ada])
    let dev = try vault.session(.dev)
    try dev.commit { transaction in
      try translating {
        let (core, ledger) = (transaction.core, transaction.core.ledger)
        let victim = try #require(core.history.members[ada])
        let token = try #require(core.history.items.values.first { $0.kind == .token })
        var draft = EntryDraft(
          EntryHeader(
            origin: core.history.origin, time: core.now(), actor: ada, seq: victim.lastSeq + 1,
            seen: transaction.seen, action: .tokenShare))
        draft.set(.item, token.id)
        draft.set(.revision, token.revision)
        draft.set(.generation, token.generation)
        draft.set(.to, core.me)
        draft.set(.envelopeSHA256, SHA256.hash([1]))
        let position = try ledger.append(draft, by: Forger(victim.keys, core.holder))
        try core.store.insert(
          EnvelopeRow(
            item: token.id, generation: token.generation, recipient: core.me, entry: position, sealed: [1],
            sha256: SHA256.hash([1])))
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

  @Test func `a new data key is not sealed to whom a share in another's name lets in`() throws {
    try forgeShare()
    let ada = try vault.session(.ada)
    let error = refusal { try ada.commit { try $0.rekey(.token, "contoso/crm-sync") } }
    #expect(error?.code == .integrity)
    #expect(error?.reason.contains("its signature does not hold") == true)
    // What dev has is still nothing that opens.
    #expect(refusal { _ = try vault.session(.dev).reveal("contoso/crm-sync", how: .pipe) }?.code == .integrity)
  }

  @Test func `who is let in by a share in another's name does not pass for the holder who remains`() throws {
    try forgeShare()
    let bea = try vault.session(.bea)
    for error in [
      refusal { _ = try bea.commit { try $0.unshare(.token, "contoso/crm-sync", from: "ada") } },
      refusal { _ = try bea.commit { try $0.remove("ada") } },
    ] {
      #expect(error?.code == .integrity)
      #expect(error?.reason.contains("its signature does not hold") == true)
    }
    let value = text(try vault.session(.ada).reveal("contoso/crm-sync", how: .pipe))
    #expect(value == "refresh-token-1")
  }

  @Test func `taking a grant back lets nobody in whom a share in another's name names`() throws {
    try vault.session(.ada).commit { try $0.share(.token, "contoso/crm-sync", Share(with: "bea")) }
    try forgeShare()
    let ada = try vault.session(.ada)
    let error = refusal { _ = try ada.commit { try $0.unshare(.token, "contoso/crm-sync", from: "bea") } }
    #expect(error?.code == .integrity)
    #expect(error?.reason.contains("its signature does not hold") == true)
  }
}
