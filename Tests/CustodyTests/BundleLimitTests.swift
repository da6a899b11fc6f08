@testable import CustodyEvidence
import CustodyLog
import CustodyValues
import CustodyStore
import CustodyTesting
import Foundation
import Testing

@testable import Custody

/// The tool can read all that it writes: no reading limit is below a writing limit.
struct BundleLimitTests {
  let vault: TemporaryVault

  init() throws {
    vault = try TemporaryVault()
    try vault.furnish()
  }

  private func path(_ name: String) -> String { vault.folder + "/" + name }

  /// In every form that is evidence, whole and in part.
  private func verifyAll(below size: UInt64? = nil, _ place: SourceLocation = #_sourceLocation) throws {
    var part = LogFilter()
    part.tenant = "contoso"
    for (name, filter) in [("whole", LogFilter()), ("part", part)] {
      for end in ["", ".tar"] {
        _ = try vault.session(.audrey).exportBundle(filter, below: size, to: path(name + end))
        let report = try Evidence.verify(at: path(name + end))
        #expect(report.verdicts.holds && report.provesNames, sourceLocation: place)
      }
      for format in [LogFormat.jsonl, .html] {
        var bytes: [UInt8] = []
        _ = try vault.session(.audrey).exportLog(filter, format) { bytes += $0 }
        try Data(bytes).write(to: URL(fileURLWithPath: path("\(name).\(format.rawValue)")))
        let report = try Evidence.verify(at: path("\(name).\(format.rawValue)"))
        #expect(report.verdicts.holds && report.isPageKnown ?? true, sourceLocation: place)
      }
    }
  }

  @Test func `a checkpoint that more members cosigned than a note has lines`() throws {
    var members: [(Identifier, String)] = []
    for number in 1...18 {
      let phrase = "member \(number)'s own four words"
      let joined = try Vault.open(at: vault.path).join(
        Applicant("member-\(number)", .developer), by: .passphrase(secret(phrase)), hardness: .floor)
      members.append((joined.member, phrase))
    }
    let ada = try vault.session(.ada)
    for pending in try ada.requests() {
      try ada.commit { try $0.approve(pending.request.member, fingerprint: pending.fingerprint) }
    }
    let note = try ada.checkpoint()
    let size = ada.logSize
    let shown = try #require(CheckpointRequest.Shown(note.bytes))
    for (member, phrase) in members {
      let session = try Vault.open(at: vault.path).unlock(as: member, by: .passphrase(secret(phrase)), pins: .unpinned)
      #expect(try session.cosign(shown).isStored)
    }
    try verifyAll(below: size)
    let report = try Evidence.verify(at: path("whole"))
    #expect(report.cosigners.count == NoteSignature.limit - 1)
    let text = try String(contentsOfFile: path("whole/tlog-policy"), encoding: .utf8)
    let policy = try #require(TrustPolicy(parsing: Array(text.utf8)))
    #expect(policy.logs.count == 22 && policy.witnesses.count == 15)
  }

  @Test(arguments: ["<", "\u{7f}", "\u{202e}", "\"", "e\u{301}"])
  func `the largest reason and details, of characters that take the most room`(character: String) throws {
    let ada = try vault.session(.ada)
    let reason = String(repeating: character, count: Reason.limit / character.utf8.count)
    try ada.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev", reason: reason)) }
    let once = Metadata.encode([("note", .string(character))]).count - Metadata.encode([("note", "")]).count
    func change(_ size: Int) throws {
      let note = String(repeating: character, count: size / once)
      try ada.commit { transaction in try transaction.changeToken("contoso/crm-sync") { $0.note = note } }
    }
    let most = SealedText.limit
    let error = refusal { try change(most + once) }
    #expect(error?.code == .badInput)
    #expect(error?.reason == "the details have more than 256 KiB")
    try change(most - 300)
    try verifyAll()
  }

  /// A patched client writes what it likes: the others' exports leave it out, and are read.
  @Test func `details beyond the limit are damaged, and disclosed by nobody`() throws {
    let dev = try vault.session(.dev)
    var connector = ConnectorDetails(name: "mail", provider: "google", connectorID: "g-1")
    connector.note = "as it was"
    try dev.commit { try $0.register(connector, secret: secret("S")) }
    connector.note = String(repeating: "x", count: 6 << 20)
    let large = connector.metadata
    try dev.commit { transaction in
      try translating {
        let item = try #require(try transaction.core.item(.connector, "mail"))
        let note = try transaction.writer(for: item).note(.details, large, at: transaction.next)
        let entry = try transaction.append(.connectorChange) { entry in
          entry.set(.item, item.id)
          note.name(in: &entry)
        }
        try transaction.core.store.put(note.row)
        try transaction.core.store.updateItem(item.id, details: entry)
      }
    }
    try verifyAll()
    let damage = try vault.session(.audrey).verifyEverything().verdicts.damage
    #expect(damage.contains { $0.words.contains("longer than any text may be") && $0.author == "dev" }, "\(damage)")
  }

  @Test func `a part of more entries than a bundle has files is refused when it is written`() throws {
    let folder = try BundleFolder(path("draft"), limit: 2)
    try folder.put("checkpoint", [1])
    try folder.put("limits.txt", [1])
    let error = refusal { try folder.put("log.csv", [1]) }
    #expect(error?.code == .badInput)
    #expect(error?.hint?.steps == [.give(.jsonLines)])
  }
}
