import CustodyEvidence
@testable import Custody
import CustodyCrypto
import CustodyLog
import CustodyValues
import CustodyStore
import CustodyTesting
import Testing

/// Damage by one member, or by a change of the file, is named and stops nothing else.
struct DamagedItemTests {
  let vault: TemporaryVault
  init() throws {
    vault = try TemporaryVault()
    try vault.furnish()
  }

  /// Checks what each member can still do, and the names that they list.
  private func goOn(without damaged: String) throws {
    let ada = try vault.session(.ada)
    #expect(try ada.tokens().map(\.details.name) == ["contoso/crm-sync"])
    let reveal = text(try ada.reveal("contoso/crm-sync", how: .pipe))
    #expect(reveal == "refresh-token-1")
    var shown = 0
    try ada.eachLogLine(LogFilter()) { _ in shown += 1 }
    #expect(shown > 0)
    for format in LogFormat.allCases {
      var bytes = 0
      _ = try vault.session(.audrey).exportLog(LogFilter(), format) { bytes += $0.count }
      #expect(bytes > 0)
    }
    _ = try vault.session(.audrey).exposures()
    try ada.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "bea")) }
    _ = try vault.session(.bea).commit { try $0.remove("dev", orphaning: true) }
    #expect(try vault.session(.ada).tokens().map(\.details.name) == ["contoso/crm-sync"])
    // An admin ends it by its ID.
    try vault.session(.ada).commit { try $0.retire(.connector, damaged) }
  }

  @Test(arguments: ["{}", "", "[]", #"{"v":1,"salt":"","name":"other"}"#])
  func `a connector whose metadata says nothing is listed as damaged, with its author, and ended by its ID`(
    metadata: String
  ) throws {
    try vault.session(.dev).commit { transaction in
      try translating { try transaction.register(metadata: Array(metadata.utf8), as: "junk") }
    }
    let audrey = try vault.session(.audrey)
    var damaged: [Identifier] = []
    try audrey.eachConnector(damaged: { damaged.append($0.item.id) }, { #expect($0.details.name == "crm-sync") })
    let junk = try #require(damaged.first)
    let found = try #require(audrey.damages.first)
    #expect((found.item, found.author, damaged.count) == (junk, "dev", 1))
    #expect(found.index == audrey.core.history.items[junk]?.details.entry)
    let verified = try vault.session(.audrey).verifyLog()
    #expect(verified.verdicts.holds && verified.verdicts.damage.map(\.item) == [junk])
    #expect(try vault.session(.audrey).verifyEverything().verdicts.damage.map(\.author) == ["dev"])
    try goOn(without: junk.hex)
  }

  @Test func `a metadata key in nobody's envelope is damage by who made it`() throws {
    let dev = try vault.session(.dev)
    try dev.commit {
      try $0.register(ConnectorDetails(name: "own", provider: "google", connectorID: "g"), secret: secret("s"))
    }
    try vault.session(.dev).commit { try $0.share(.connector, "own", Share(with: "ada")) }
    _ = try vault.session(.ada).commit { try $0.remove("audrey") }
    let own = try dev.connector("own").item
    try dev.commit { transaction in try translating { try transaction.renewBadly(own) } }
    let ada = try vault.session(.ada)
    #expect(try ada.connectors().map(\.details.name) == ["crm-sync"])
    #expect(ada.damages.map(\.author) == ["dev"])
    #expect(ada.damages.first?.index == ada.core.history.items[own.id]?.metadataKey.key.entry)
    #expect(try ada.verifyLog().verdicts.holds)
  }

  @Test func `a share whose reason is another than its hash says is shown, its reason as damaged`() throws {
    let dev = try vault.session(.dev)
    try dev.commit { transaction in try translating { try transaction.shareWithBadReason("crm-sync", with: "ada") } }
    let audrey = try vault.session(.audrey)
    var lines: [LogLine] = []
    try audrey.eachLogLine(LogFilter()) { lines.append($0) }
    let share = try #require(lines.last { $0.entry.action == .connectorShare })
    #expect(share.isReasonDamaged && share.reason == nil && share.name == "crm-sync")
    #expect(lines.filter(\.isReasonDamaged).count == 1)
    #expect(audrey.damages.map(\.index) == [share.position] && audrey.damages.map(\.author) == ["dev"])
    let verified = try audrey.verifyLog()
    #expect(verified.verdicts.holds && verified.verdicts.damage.map(\.index) == [share.position])
  }

  @Test(arguments: [
    "UPDATE note SET sealed = zeroblob(length(sealed)) WHERE kind = 1 AND item IN (SELECT id FROM item WHERE kind = 1)",
    "DELETE FROM note WHERE kind = 1 AND item IN (SELECT id FROM item WHERE kind = 1)",
    "UPDATE envelope SET sealed = zeroblob(80) WHERE kind = 2 AND item IN (SELECT id FROM item WHERE kind = 1)",
    "UPDATE item SET details = details + 1 WHERE kind = 1", "UPDATE item SET kind = 2 WHERE kind = 1",
    "PRAGMA foreign_keys = OFF; DELETE FROM item WHERE kind = 1",
  ])
  func `an item whose row was changed is listed by its ID, and said to be changed in the file`(sql: String) throws {
    try RawFile(vault.path).run(sql)
    let ada = try vault.session(.ada)
    let connector = try #require(ada.core.history.items.first { $0.kind == .connector }).id
    var damaged: [Identifier] = []
    try ada.eachConnector(damaged: { damaged.append($0.item.id) }, { Issue.record("\($0.details.name)") })
    #expect(damaged == [connector])
    #expect(ada.damages.contains { $0.item == connector && $0.index == nil && $0.author == nil })
    #expect(try ada.tokens().count == 1)
    #expect(Set(try ada.exposures().map(\.name)) == ["contoso/crm-sync", connector.hex])
    let error = refusal { _ = try vault.session(.audrey).verifyLog() }
    #expect(error?.code == .integrity && error?.damage.contains { $0.item == connector } == true)
  }

  @Test func `a verification names all that was changed, and not the first alone`() throws {
    let raw = try RawFile(vault.path)
    try raw.run("UPDATE revision SET secret = zeroblob(105)")
    try raw.run("DELETE FROM note WHERE kind = 3")
    try raw.run("UPDATE member SET request = zeroblob(9) WHERE request IS NOT NULL")
    let error = try #require(refusal { _ = try vault.session(.audrey).verifyLog() })
    #expect(error.damage.filter { $0.item != nil }.count >= 3)
    #expect(error.damage.filter { $0.words.contains("request of") }.count >= 2)
  }
}

extension Custody.Transaction {
  /// Registers a connector with any text as its metadata, as a patched client can.
  func register(metadata: [UInt8], as name: String) throws {
    _ = try add(NewItem(kind: .connector, name: name, metadata: metadata, expires: nil), secret: secret("s"))
  }

  /// Shares with a note that has another hash than the entry says.
  func shareWithBadReason(_ name: String, with recipient: String) throws {
    let opened = try core.open(.connector, name, for: .connectorShare)
    let item = opened.item
    let member = try #require(core.history.member(named: recipient))
    let sealed = try core.boxKey(of: member).wrap(opened.dataKey)
    let note = try #require(try writer(for: item).reason("why", at: next))
    let entry = try append(.connectorShare) { entry in
      entry.set(.item, item.id)
      entry.set(.revision, item.revision)
      entry.set(.generation, item.generation)
      entry.set(.to, member.id)
      entry.set(.envelopeSHA256, SHA256.hash(sealed))
      note.name(in: &entry)
      entry.set(.reasonSHA256, SHA256.hash([1]))
    }
    try core.store.put(
      EnvelopeRow(
        item: item.id, kind: .dataKey, generation: item.generation, recipient: member.id, entry: entry, sealed: sealed,
        sha256: SHA256.hash(sealed)))
    try core.store.put(note.row)
  }
}
