import CustodyEvidence
@testable import Custody
import CustodyLog
import CustodyValues
import CustodyStore
import CustodyTesting
import Testing

/// Only a connector's registrar and admins can take something from others. An admin can always take over.
struct OwnershipTests {
  let vault: TemporaryVault

  /// dev registered crm-sync; ada, made a developer, holds it by a share; bea is the admin.
  init() throws {
    vault = try TemporaryVault()
    try vault.furnish()
    try vault.session(.dev).commit { try $0.share(.connector, "crm-sync", Share(with: "ada")) }
    _ = try vault.session(.bea).commit { try $0.setRole(of: "ada", to: .developer, orphaning: true) }
  }

  @Test func `a holder by a share can't unshare the registrar, nor retire the connector`() throws {
    let ada = try vault.session(.ada)
    #expect(
      refusal { _ = try ada.commit { try $0.unshare(.connector, "crm-sync", from: "dev") } }?.code == .notPermitted)
    #expect(refusal { try ada.commit { try $0.retire(.connector, "crm-sync") } }?.code == .notPermitted)
    // They rotate its secret, and give up their own grant.
    try ada.commit { try $0.rotate(.connector, "crm-sync", secret: secret("SECRET5678")) }
    #expect(try vault.session(.dev).revisionOf("crm-sync") == 2)
    #expect(try ada.commit { try $0.unshare(.connector, "crm-sync", from: "ada", reason: "done") } == .needsRekey)
    #expect(try vault.session(.audrey).verifyLog().verdicts.holds)
  }

  @Test func `with a patched client they leave only a void entry`() throws {
    let ada = try vault.session(.ada)
    let dev = try #require(vault.people[.dev])
    try ada.commit { transaction in
      try translating {
        let core = transaction.core
        let connector = try #require(core.history.items.first { $0.kind == .connector })
        var draft = EntryDraft(
          EntryHeader(
            origin: core.history.origin, time: core.now(), actor: core.me, seq: try core.author().lastSeq + 1,
            seen: transaction.seen, action: .connectorUnshare))
        draft.set(.item, connector.id)
        draft.set(.to, dev)
        try core.ledger.appendUnchecked(draft, by: core.holder)
      }
    }
    let bea = try vault.session(.bea)
    var whys: [String] = []
    try bea.eachLogLine(LogFilter(), void: { whys.append($0.why) }, { _ in })
    #expect(whys == ["its author is neither an admin nor who registered the connector"])
    #expect(try bea.connector("crm-sync").grants[dev] != nil)
    _ = try vault.session(.dev).claimConnector("crm-sync")
  }

  @Test func `a rekey dated 2999 drops nobody`() throws {
    let bea = try vault.session(.bea)
    try bea.commit { try $0.rotate(.connector, "crm-sync", secret: secret("SECRET5678"), .takingOver()) }
    let soon = vault.clock.now().plusDays(30)
    try bea.commit { try $0.share(.connector, "crm-sync", Share(with: "dev", until: soon)) }
    vault.clock.advance(days: 365_000)
    // ada's clock says that dev's grant ended; no admin's entry does.
    let ada = try vault.session(.ada)
    #expect(try ada.endedGrants(of: .connector, "crm-sync").isEmpty)
    #expect(
      refusal { try ada.commit { try $0.rekey(.connector, "crm-sync", leavingOut: ["dev"]) } }?.code == .notPermitted)
    try ada.commit { try $0.rekey(.connector, "crm-sync") }
    let dev = try #require(vault.people[.dev])
    #expect(try vault.session(.audrey).connector("crm-sync").grants[dev] != nil)
    // An admin whose clock says so may leave them out.
    #expect(try bea.endedGrants(of: .connector, "crm-sync").map(\.name) == ["dev"])
    try bea.commit { try $0.rekey(.connector, "crm-sync") }
    #expect(try vault.session(.audrey).connector("crm-sync").grants[dev] == nil)
    #expect(try vault.session(.audrey).verifyLog().verdicts.holds)
  }

  // MARK: Taking over

  @Test func `an admin takes over what they don't hold, and the value before shows as replaced unseen`() throws {
    let bea = try vault.session(.bea)
    #expect(refusal { _ = try bea.reveal("contoso/crm-sync", how: .pipe) }?.code == .notShared)
    #expect(
      refusal { try bea.commit { try $0.rotate(.token, "contoso/crm-sync", secret: secret("r-2")) } }?.code
        == .notShared)
    try bea.commit { try $0.rotate(.token, "contoso/crm-sync", secret: secret("r-2"), .takingOver()) }
    #expect(try text(bea.reveal("contoso/crm-sync", how: .pipe)) == "r-2")
    #expect(try text(vault.session(.ada).reveal("contoso/crm-sync", how: .pipe)) == "r-2")
    let unseen = try bea.exposures().filter { $0.replacedUnseenBy != nil }
    #expect(unseen.map { "\($0.member.name) \($0.name) \($0.revision)" } == ["ada contoso/crm-sync 1"])
    #expect(unseen.first?.replacedUnseenBy == "bea")
    #expect(unseen.first?.remedy.steps == [.settle(.token, "contoso/crm-sync", revision: 1)])
    #expect(try vault.session(.audrey).verifyLog().verdicts.holds)
  }

  @Test(arguments: ["junk", "the same value"])
  func `a take-over with junk or with the same value ends no exposure, until an admin who held it says so`(
    what: String
  ) throws {
    let value = what == "junk" ? "junk" : "refresh-token-1"
    let bea = try vault.session(.bea)
    try bea.commit { try $0.rotate(.token, "contoso/crm-sync", secret: secret(value), .takingOver()) }
    #expect(try bea.exposures().contains { $0.revision == 1 && $0.member.name == "ada" })
    // bea could not open it, and ada is no admin now.
    #expect(
      refusal { try bea.commit { try $0.settle(.token, "contoso/crm-sync", revision: 1) } }?.code == .notPermitted)
    #expect(
      refusal { try vault.session(.ada).commit { try $0.settle(.token, "contoso/crm-sync", revision: 1) } }?.code
        == .notPermitted)
    _ = try bea.commit { try $0.setRole(of: "ada", to: .admin) }
    try vault.session(.ada).commit {
      try $0.settle(.token, "contoso/crm-sync", revision: 1, reason: "revoked in the portal")
    }
    #expect(try bea.exposures().allSatisfy { $0.replacedUnseenBy == nil })
    #expect(try vault.session(.audrey).verifyLog().verdicts.holds)
  }

  @Test func `an admin whose grant as a developer has ended takes over, and every row is as the log says`() throws {
    let soon = vault.clock.now().plusDays(1)
    try vault.session(.dev).commit {
      _ = try $0.unshare(.connector, "crm-sync", from: "ada")
      try $0.share(.connector, "crm-sync", Share(with: "ada", until: soon))
    }
    _ = try vault.session(.bea).commit { try $0.setRole(of: "ada", to: .admin) }
    vault.clock.advance(days: 2)
    try vault.session(.ada).commit { try $0.rotate(.connector, "crm-sync", secret: secret("s"), .takingOver()) }
    #expect(try vault.session(.audrey).verifyLog().verdicts.holds)
  }

  @Test func `an admin whose own envelope is junk gives their grant back and takes over`() throws {
    try vault.session(.dev).commit { try $0.share(.connector, "crm-sync", Share(with: "bea")) }
    let bea = try vault.session(.bea)
    #expect(try bea.opensValue(of: .connector, "crm-sync"))
    let id = try #require(vault.people[.bea]).hex
    try RawFile(vault.path).run("UPDATE envelope SET sealed = zeroblob(80) WHERE kind = 1 AND recipient = x'\(id)'")
    #expect(try !bea.opensValue(of: .connector, "crm-sync"))
    let new = try secret("SECRET5678")
    #expect(refusal { try bea.commit { try $0.rotate(.connector, "crm-sync", secret: new) } }?.code == .integrity)
    try bea.commit { try $0.rotate(.connector, "crm-sync", secret: secret("SECRET5678"), .takingOver()) }
    #expect(try bea.claimConnector("crm-sync") == "SECRET5678")
    #expect(try vault.session(.dev).claimConnector("crm-sync") == "SECRET5678")
    let unseen = try bea.exposures().filter { $0.replacedUnseenBy == "bea" }.map(\.member.name).sorted()
    #expect(unseen == ["ada", "bea", "dev"])
    #expect(try vault.session(.audrey).verifyLog().verdicts.holds)
    // A holder who is no admin takes nothing over.
    let ada = try #require(vault.people[.ada]).hex
    try RawFile(vault.path).run("UPDATE envelope SET sealed = zeroblob(80) WHERE kind = 1 AND recipient = x'\(ada)'")
    let refused = refusal {
      try vault.session(.ada).commit { try $0.rotate(.connector, "crm-sync", secret: secret("x"), .takingOver()) }
    }
    #expect(refused?.code == .integrity)
  }

  @Test func `nothing old opens to who takes over`() throws {
    let raw = try RawFile(vault.path)
    let before = try raw.rows("SELECT quote(sealed) FROM envelope WHERE kind = 1 AND sealed IS NOT NULL")
    let bea = try vault.session(.bea)
    try bea.commit { try $0.rotate(.token, "contoso/crm-sync", secret: secret("r-2"), .takingOver()) }
    for row in before {
      let isClosed = bea.core.opensNothing(unhex(String(row[0].dropFirst(2).dropLast())))
      #expect(isClosed)
    }
  }

  @Test func `who takes over is told to whom the new value opens`() throws {
    let bea = try vault.session(.bea)
    #expect(try bea.unknownHolders(.token, "contoso/crm-sync").map(\.name) == ["ada"])
    #expect(try vault.session(.ada).unknownHolders(.token, "contoso/crm-sync").isEmpty)
  }

  // MARK: Retiring

  @Test func `an admin retires a connector with its tokens, and every value and data key of them is gone`() throws {
    let bea = try vault.session(.bea)
    #expect(refusal { try bea.commit { try $0.retire(.connector, "crm-sync") } }?.code == .conflict)
    try bea.commit { try $0.retire(.connector, "crm-sync", reason: "over", withTokens: true) }
    let raw = try RawFile(vault.path)
    #expect(try raw.rows("SELECT count(*) FROM revision WHERE secret IS NOT NULL") == [["0"]])
    #expect(try raw.rows("SELECT count(*) FROM envelope WHERE kind = 1 AND sealed IS NOT NULL") == [["0"]])
    // Names and reasons stay for the record.
    let audrey = try vault.session(.audrey)
    #expect(try audrey.tokens().map(\.details.name) == ["contoso/crm-sync"])
    #expect(try audrey.verifyEverything().verdicts.holds)
    try raw.run("UPDATE revision SET secret = x'01'")
    #expect(refusal { _ = try vault.session(.audrey).verifyLog() }?.code == .integrity)
  }
}

extension Session {
  func revisionOf(_ connector: String) throws -> UInt64 { try self.connector(connector).item.revision }

  func claimConnector(_ name: String) throws -> String {
    let token = TokenDetails(tenant: "fabrikam", connector: name, provider: "kaizala", reach: .user)
    return try text(connectorMaterials(for: token, to: destination(of: token), .tokenStore).secret)
  }
}

extension Timestamp {
  fileprivate func plusDays(_ days: Int64) -> Timestamp { adding(milliseconds: days * 86_400_000) }
}
