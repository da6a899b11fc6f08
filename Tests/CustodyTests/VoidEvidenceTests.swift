@testable import CustodyEvidence
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

@testable import Custody

/// Exports of a log in which a member signed what breaks a rule: everywhere it is shown with its author, and nowhere does it
/// count.
@Suite(.serialized) struct VoidEvidenceTests {
  let vault: TemporaryVault
  /// Positions of dev's two void entries: one that can be parsed and one that can't.
  let places: [UInt64]

  init() throws {
    vault = try TamperTests.busyVault(isCosigned: false)
    var found: [UInt64] = []
    try vault.session(.dev).commit { transaction in
      try translating {
        let core = transaction.core
        let token = try #require(core.history.items.first { $0.kind == .token })
        found.append(core.history.size)
        var draft = EntryDraft(
          EntryHeader(
            origin: core.history.origin, time: core.now(), actor: core.me, seq: try core.author().lastSeq + 1,
            seen: transaction.seen, action: .tokenRetire))
        draft.set(.item, token.id)
        try core.ledger.appendUnchecked(draft, by: core.holder)
        found.append(core.history.size)
        draft.header.seq += 1
        let text = Array(
          String(decoding: draft.text, as: UTF8.self).replacingOccurrences(of: "token.retire", with: "token.burn").utf8)
        let name = Entry.keyName(origin: core.history.origin, member: core.me)
        let line = VerifierKey(name: name, ed25519: core.holder.keys.entries.bytes)
          .line(signature: try core.holder.signEntry(text))
        let bytes = text + [0x0a] + line.bytes
        _ = try core.ledger.append(bytes) { history, node throws(HistoryFault) in try history.fold(bytes, node: node) }
      }
    }
    places = found
    try vault.session(.ada).commit {
      try $0.share(.token, "contoso/crm-sync", Share(with: "bea", reason: "afterwards"))
    }
  }

  private func path(_ name: String) -> String { vault.folder + "/" + name }

  private func export(_ format: LogFormat, _ filter: LogFilter = LogFilter()) throws -> String {
    var bytes: [UInt8] = []
    _ = try vault.session(.audrey).exportLog(filter, format) { bytes += $0 }
    return try #require(String(validating: bytes, as: UTF8.self))
  }

  private func verified(_ lines: [String]) throws -> EvidenceReport {
    try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: path("lines.jsonl")))
    return try Evidence.verify(at: path("lines.jsonl"))
  }

  private func lines() throws -> [String] { try export(.jsonl).split(separator: "\n").map(String.init) }

  private func voids(_ lines: [String]) -> [Int] {
    lines.indices.filter { lines[$0].hasPrefix("{\"v\":1,\"type\":\"void\"") }
  }

  @Test func `a bundle and lines of JSON verify with void entries, and say how many and by whom`() throws {
    let size = try vault.session(.audrey).exportBundle(LogFilter(), to: path("bundle")).size
    for name in ["bundle", "bundle.tar"] {
      if name.hasSuffix("tar") {
        _ = try vault.session(.audrey).exportBundle(LogFilter(), below: size, to: path(name))
      }
      let report = try Evidence.verify(at: path(name))
      #expect(report.verdicts.holds)
      #expect(report.entries == size)
      #expect(report.voids == [VoidTally(name: "dev", count: 2)])
    }
    let lines = try lines()
    #expect(voids(lines) == places.map(Int.init))
    #expect(try verified(lines).voids == [VoidTally(name: "dev", count: 2)])
    let limits = try String(contentsOfFile: path("bundle/limits.txt"), encoding: .utf8)
    #expect(limits.contains("Of its entries 2 are void"))
    let verification = try vault.session(.audrey).verifyLog()
    #expect(verification.voids == [VoidTally(name: "dev", count: 2)])
  }

  @Test func `a table of comma-separated values says void, who signed it and why, and nothing else of it`() throws {
    let rows = try export(.csv).components(separatedBy: "\r\n").filter { $0.contains("\"void\"") }
    #expect(rows.count == 2)
    #expect(
      rows.allSatisfy { $0.contains(",\"dev\",") && !$0.contains(",\"token.retire\",") && !$0.contains("contoso") })
    #expect(rows.first?.contains(",\"a developer may not sign token.retire\",") == true)
    #expect(rows.last?.contains(",\"it cannot be read: its action is unknown\",") == true)
  }

  @Test(arguments: [LogFormat.ocsf, .ecs, .cef])
  func `tools that watch other logs are told of no void entry`(format: LogFormat) throws {
    let text = try export(format)
    #expect(!text.contains("token.retire"))
    #expect(!text.contains("token.burn"))
  }

  @Test func `a part of a log has no void entries`() throws {
    var filter = LogFilter()
    filter.actor = "dev"
    let lines = try export(.jsonl, filter).split(separator: "\n").map(String.init)
    #expect(voids(lines).isEmpty)
    #expect(try verified(lines).verdicts.holds)
    #expect(try verified(lines).voids.isEmpty)
  }

  @Test func `a void entry that is shown as one that counts, or the other way round, is found where it stands`() throws
  {
    let sound = try lines()
    let place = Int(places[0])
    for (index, old, new) in [
      (place, "\"type\":\"void\"", "\"type\":\"entry\""), (place - 1, "\"type\":\"entry\"", "\"type\":\"void\""),
      (place, "\"actor_name\":\"dev\"", "\"actor_name\":\"ada\""), (place, "\"signature\":true", "\"signature\":false"),
    ] {
      var changed = sound
      changed[index] = changed[index].replacingOccurrences(of: old, with: new)
      try #require(changed != sound)
      let fault = refusal { _ = try verified(changed) }?.fault
      #expect(fault == HistoryFault(position: UInt64(index), rule: .standsBeside), "\(new)")
    }
    var shorter = sound
    shorter.remove(at: place)
    #expect(refusal { _ = try verified(shorter) }?.fault?.position == UInt64(place))
  }

  @Test func `nothing is disclosed by a void entry's hash`() throws {
    var lines = try lines()
    let shown = try #require(lines.firstIndex { $0.hasPrefix("{\"v\":1,\"type\":\"item\"") })
    lines[shown] = lines[shown].replacing(/"index":\d+/, with: "\"index\":\(places[0])")
    #expect(refusal { _ = try verified(lines) }?.fault?.rule == .notDisclosed)
  }

  // MARK: The page

  @Test(.enabled(if: Browser.path != nil, "no Chromium here"))
  func `the report verifies, says how many entries count for nothing, and takes nothing from them`() throws {
    let page = try ReportPage.open(export(.html), in: vault.folder)
    #expect(page.verdict == "good")
    #expect(page.console == [])
    #expect(page.dom.contains("This report verifies; 2 of its entries count for nothing"))
    #expect(page.dom.contains("2 entries break a rule and count for nothing (by dev 2)."))
    #expect(page.dom.contains("<td>its author’s role (developer) may not sign token.retire</td>"))
    #expect(page.dom.contains("<td>it is of an action that this page does not know</td>"))
    #expect(page.dom.contains(">void</td>"))
    #expect(!page.dom.contains(">token.retire<"))
    #expect(!page.dom.contains(">token.burn<"))
  }

  @Test(.enabled(if: Browser.path != nil, "no Chromium here"))
  func `the report finds a void line that was changed, and one that pretends to be void`() throws {
    let (report, place) = (try export(.html), Int(places[0]))
    for (index, old, new) in [
      (place, "\"type\":\"void\"", "\"type\":\"entry\""), (place - 1, "\"type\":\"entry\"", "\"type\":\"void\""),
      (place, "\"actor_name\":\"dev\"", "\"actor_name\":\"ada\""),
      (place, "{\"v\":1,", "{\"v\":1,\"action\":\"token.retire\","),
    ] {
      let changed = try ReportPage.changed(report) { lines in
        lines[index] = lines[index].replacingOccurrences(of: old, with: new)
      }
      try #require(changed != report)
      let page = try ReportPage.open(changed, in: vault.folder)
      #expect(page.verdict == "bad", "\(new)")
      #expect(page.index("integrity") == "\(index)", "\(new)")
    }
    var filter = LogFilter()
    filter.actor = "dev"
    let part = try ReportPage.open(export(.html, filter), in: vault.folder)
    #expect(part.verdict == "good")
    #expect(part.dom.contains("<p class=\"quiet\">A part of the log has none"))
  }
}
