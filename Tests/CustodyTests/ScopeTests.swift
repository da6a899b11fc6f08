import CustodyEvidence
import Custody
import CustodyCrypto
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// The signed scope of a part is checked against every line of it.
struct ScopeTests {
  let vault: TemporaryVault

  init() throws { vault = try TamperTests.busyVault(isCosigned: false) }

  private func path(_ name: String) -> String { vault.folder + "/" + name }

  private var shares: LogFilter {
    var filter = LogFilter()
    filter.actions = [.tokenShare]
    filter.tenant = "contoso"
    return filter
  }

  private func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

  private func put(_ text: String, at name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
  }

  /// The lines of a JSON Lines export, changed; what is found.
  private func lines(_ filter: LogFilter, _ change: (inout [String]) throws -> Void) throws -> VaultError? {
    var bytes: [UInt8] = []
    _ = try vault.session(.audrey).exportLog(filter, .jsonl) { bytes += $0 }
    var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    let before = lines
    try change(&lines)
    try #require(lines != before)
    try put(lines.joined(separator: "\n") + "\n", at: "changed.jsonl")
    return refusal { _ = try Evidence.verify(at: path("changed.jsonl")) }
  }

  @Test
  func `names that nothing discloses are refused in a JSON Lines file, and so are others than those of the entries`()
    throws
  {
    func isDisclosure(_ line: String) -> Bool {
      line.contains("\"type\":\"item\"") || line.contains("\"type\":\"reason\"")
    }
    let undisclosed = try lines(LogFilter()) { $0.removeAll(where: isDisclosure) }
    #expect(undisclosed?.fault?.rule == .standsBeside)
    let forged = try lines(LogFilter()) { lines in
      lines.removeAll(where: isDisclosure)
      lines = lines.map {
        $0.replacingOccurrences(of: "\"recipient\":\"dev\"", with: "\"recipient\":\"eve\"")
          .replacingOccurrences(of: "\"tenant\":\"contoso\"", with: "\"tenant\":\"fabrikam\"")
      }
    }
    #expect(forged?.fault?.rule == .standsBeside)
    let recipient = try lines(LogFilter()) { lines in
      let place = try #require(lines.firstIndex { $0.contains("\"recipient\":\"dev\"") })
      lines[place] = lines[place].replacingOccurrences(of: "\"recipient\":\"dev\"", with: "\"recipient\":\"bea\"")
    }
    #expect(recipient?.fault?.rule == .standsBeside)
    // The exporter and the time are only the exporter's claim.
    let claimed = try lines(LogFilter()) { lines in
      lines[lines.count - 1] = lines[lines.count - 1].replacingOccurrences(
        of: "\"scope\":null", with: "\"exporter\":\"ada\",\"scope\":null")
    }
    #expect(claimed?.code == .integrity)
  }

  @Test func `a part says in words what it covers, and the log has the hash of what was signed`() throws {
    let exported = try vault.session(.audrey).exportBundle(shares, to: path("part"))
    let report = try Evidence.verify(at: path("part"))
    let scope = try #require(report.scope)
    #expect(scope.exporter == "audrey")
    #expect(scope.scope.entries == exported.count)
    #expect(
      scope.text.hasPrefix("token.share, about tokens of the tenant contoso: 2 of the first \(exported.size) entries"))
    #expect(try text("part/limits.txt").contains("is the word of audrey, who signed the file \"scope\""))
    var entries: [Entry] = []
    try vault.session(.audrey).eachLogLine(LogFilter()) { entries.append($0.entry) }
    let written = try #require(entries.last { $0.action == .logExport })
    #expect(
      written.digest(.scopeSHA256) == SHA256.hash(Array(try text("part/scope").split(separator: "lines ")[0].utf8)))
    _ = try vault.session(.audrey).exportLog(shares, .csv) { _ in }
    _ = try vault.session(.audrey).exportBundle(LogFilter(), to: path("whole"))
    entries = []
    try vault.session(.audrey).eachLogLine(LogFilter()) { entries.append($0.entry) }
    // An export of another format than evidence, or of the whole log, has no scope to sign.
    #expect(entries.suffix(2).map { $0.digest(.scopeSHA256) } == [nil, nil])
  }

  @Test func `a scope that was rewritten, is another's, or is taken off is refused`() throws {
    _ = try vault.session(.audrey).exportBundle(shares, to: path("part"))
    let before = try text("part/scope")
    let changes: [(String, String)] = [
      ("tenant contoso", "tenant fabrikam"), ("unread 0", "unread 1"), ("action token.share\n", ""),
      ("entries 2", "entries 1"),
      ("tenant contoso\n", "tenant contoso\nuntil 2026-01-01T00:00:00.000Z\n"),
      ("custody-scope/v1", "custody-scope/v2"),
    ]
    for (old, new) in changes {
      try put(before.replacingOccurrences(of: old, with: new), at: "part/scope")
      #expect(refusal { _ = try Evidence.verify(at: path("part")) }?.code == .integrity, "\(new)")
    }
    try FileManager.default.removeItem(atPath: path("part/scope"))
    #expect(refusal { _ = try Evidence.verify(at: path("part")) }?.reason.contains("\"scope\"") == true)
    // One that audrey signed for another part.
    var other = LogFilter()
    other.tenant = "fabrikam"
    _ = try vault.session(.audrey).exportBundle(other, to: path("other"))
    try put(text("other/scope"), at: "part/scope")
    #expect(refusal { _ = try Evidence.verify(at: path("part")) }?.code == .integrity)
    // A whole log has none, and nothing says that it had one.
    let exported = try vault.session(.audrey).exportBundle(LogFilter(), to: path("whole"))
    try put(before, at: "whole/scope")
    #expect(refusal { _ = try Evidence.verify(at: path("whole")) }?.code == .integrity)
    #expect(try lines(shares) { $0[$0.count - 1] = Self.withoutScope($0[$0.count - 1]) }?.code == .integrity)
    #expect(exported.count == exported.size)
  }

  private static func withoutScope(_ line: String) -> String {
    line.replacing(/"scope":"[^"]*"/, with: "\"scope\":null")
  }

  @Test func `a share that is relabelled as an enrolment, or left out, is found by the scope`() throws {
    let relabelled = try lines(shares) { lines in
      let place = try #require(lines.firstIndex { $0.contains("\"type\":\"entry\"") })
      lines[place] = lines[place].replacingOccurrences(of: "\"type\":\"entry\"", with: "\"type\":\"enrolment\"")
    }
    #expect(relabelled?.fault?.rule == .outsideScope)
    let leftOut = try lines(shares) { lines in
      lines.remove(at: try #require(lines.lastIndex { $0.contains("\"type\":\"entry\"") }))
    }
    #expect(leftOut?.code == .integrity)
    #expect(leftOut?.fault == nil)
    // An insider who knows the format also removes the row from the table, and its reason.
    _ = try vault.session(.audrey).exportBundle(shares, to: path("part"))
    var rows = try text("part/log.csv").components(separatedBy: "\r\n")
    rows.remove(at: 1)
    try put(rows.joined(separator: "\r\n"), at: "part/log.csv")
    let first = try text("part/log.jsonl").components(separatedBy: "\n").firstIndex {
      $0.contains("\"type\":\"entry\"")
    }
    var all = try text("part/log.jsonl").components(separatedBy: "\n")
    let place = try #require(first)
    all[place] = all[place].replacing(/"reason":"[^"]*"/, with: "")
      .replacingOccurrences(of: "\"type\":\"entry\"", with: "\"type\":\"enrolment\"")
    try put(all.joined(separator: "\n"), at: "part/log.jsonl")
    #expect(refusal { _ = try Evidence.verify(at: path("part")) }?.fault?.rule == .outsideScope)
  }

  @Test func `a scope that somebody signs who is no member, or was none then, is refused`() throws {
    // dev signs with their own key under the exporter's name.
    _ = try vault.session(.audrey).exportBundle(shares, to: path("part"))
    let note = try #require(SignedNote(parsing: Array(try text("part/scope").utf8)))
    let dev = try #require(vault.people[.dev])
    let holder = try Vault.open(at: vault.path).identity(of: dev, by: .passphrase(secret(Person.dev.passphrase)))
    let forged = SignedNote(
      text: note.text,
      signatures: [
        NoteSignature(
          name: note.signatures[0].name, keyID: note.signatures[0].keyID, signature: try holder.signEntry(note.text))
      ])
    try Data(forged.bytes).write(to: URL(fileURLWithPath: path("part/scope")))
    #expect(refusal { _ = try Evidence.verify(at: path("part")) }?.code == .integrity)
    // At a size at which the exporter was none: nothing there proves their key.
    var early: UInt64?
    try vault.session(.audrey).eachLogLine(LogFilter()) { line in
      if line.entry.action == .memberEnroll, line.recipient?.name == "audrey", early == nil { early = line.position }
    }
    let size = try #require(early)
    let audrey = try vault.session(.audrey)
    let error = refusal { _ = try audrey.exportBundle(shares, below: size, to: path("early")) }
    #expect(error?.code == .notFound, "\(String(describing: error))")
    // The same of whose deeds are asked for: the founder exports up to before dev.
    var actor = LogFilter()
    actor.actor = "dev"
    let ada = try vault.session(.ada)
    #expect(refusal { _ = try ada.exportBundle(actor, below: 1, to: path("before")) }?.code == .notFound)
  }

  @Test func `yesterday's row has yesterday's role, alone and in the whole log`() throws {
    // dev, to whom it was shared as a developer, becomes an auditor.
    let ada = try vault.session(.ada)
    try ada.commit { _ = try $0.setRole(of: "bea", to: .auditor, reason: "moved to the audit team", orphaning: true) }
    for (name, filter) in [("part", shares), ("whole", LogFilter())] {
      _ = try vault.session(.audrey).exportBundle(filter, to: path(name))
      #expect(try Evidence.verify(at: path(name)).verdicts.holds)
      let table = try text(name + "/log.csv")
      let share = try #require(
        table.components(separatedBy: "\r\n").first { $0.contains("\"token.share\"") && $0.contains("\"bea\"") })
      #expect(share.contains("\"bea\",\"admin\",\"person\""), "\(name): \(share)")
    }
    let change = try #require(
      text("whole/log.csv").components(separatedBy: "\r\n").last { $0.contains("\"member.role\"") })
    #expect(change.contains("\"bea\",\"auditor\",\"person\""))
    #expect(change.contains("\"as an auditor\",\"moved to the audit team\""))
  }

  @Test func `an entry that is dated outside of a period is not left out of it in silence`() throws {
    let now = vault.clock.now()
    var filter = shares
    filter.since = now.adding(milliseconds: -3_600_000)
    let before = try vault.session(.audrey).exportLog(filter, .csv) { _ in }
    #expect(before.doubts.misdated == [])
    vault.clock.set(now.adding(milliseconds: -10 * 86_400_000))
    try vault.session(.ada).commit { try $0.share(.token, "contoso/crm-sync", Share(with: "bea", reason: "backdated")) }
    let position = try vault.session(.ada).logSize - 1
    vault.clock.set(now.adding(milliseconds: 60_000))
    try vault.session(.ada).commit { try $0.share(.token, "contoso/crm-sync", Share(with: "bea")) }
    for format in [LogFormat.csv, .jsonl, .html, .ecs] {
      let exported = try vault.session(.audrey).exportLog(filter, format) { _ in }
      #expect(exported.doubts.misdated.contains(position), "\(format)")
      #expect(exported.count == before.count + 1)
    }
    #expect(try vault.session(.audrey).exportBundle(filter, to: path("period")).doubts.misdated.contains(position))
    #expect(try vault.session(.audrey).eachLogLine(filter) { _ in }.misdated.contains(position))
    // Without a period nothing is asked of times.
    #expect(try vault.session(.audrey).exportLog(shares, .csv) { _ in }.doubts.misdated == [])
  }

  @Test func `a part of no entry is evidence that its exporter saw none`() throws {
    var filter = LogFilter()
    filter.actions = [.logRecover]
    let exported = try vault.session(.audrey).exportBundle(filter, to: path("none"))
    #expect(exported.count == 0)
    let report = try Evidence.verify(at: path("none"))
    #expect(report.verdicts.holds)
    #expect(report.scope?.text.hasPrefix("log.recover: 0 of the first ") == true)
  }

  @Test func `whatever proves who somebody was, or why, can't be taken out of a part`() throws {
    try vault.session(.ada).commit { _ = try $0.setRole(of: "bea", to: .developer, reason: "moved", orphaning: true) }
    let role = try lines(shares) { lines in
      lines.removeAll { $0.contains("\"type\":\"enrolment\"") && $0.contains("\"action\":\"member.role\"") }
    }
    #expect(role?.code == .integrity)
    let reasons = try lines(shares) { lines in
      lines.removeAll { $0.contains("\"type\":\"reason\"") }
      lines = lines.map { $0.replacing(/,?"reason":"[^"]*"(?=[,}])/, with: "") }
    }
    #expect(reasons?.code == .integrity)
    // The page finds it too.
    guard Browser.path != nil else { return }
    let page = try ReportPage.of(vault, shares)
    let kept = page.split(separator: "\n", omittingEmptySubsequences: false).filter {
      !($0.contains("\"type\":\"enrolment\"") && $0.contains("\"action\":\"member.role\""))
    }.joined(separator: "\n")
    try #require(kept != page)
    #expect(try ReportPage.open(page, in: vault.folder).verdict == "good")
    #expect(try ReportPage.open(kept, in: vault.folder).verdict == "bad")
  }

  @Test func `who can't open every name says so in what they sign`() throws {
    try vault.session(.ada).commit {
      try $0.store(
        TokenDetails(tenant: "contoso", connector: "mail", provider: "google", reach: .user), secret: secret("google-2")
      )
    }
    let exported = try vault.session(.dev).exportBundle(shares, to: path("part"))
    #expect(exported.doubts.unread == 1)
    let scope = try #require(try Evidence.verify(at: path("part")).scope)
    #expect(scope.text.contains("contoso (but for 1 token whose name does not open to dev): "))
    #expect(try vault.session(.audrey).exportBundle(shares, to: path("whole")).doubts.unread == 0)
  }
}
