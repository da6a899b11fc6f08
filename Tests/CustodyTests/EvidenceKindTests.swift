import CustodyEvidence
import Custody
import CustodyLog
import CustodySystem
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// Inputs of `log verify --bundle` of the wrong kind: "can't tell" is not "tampered with".
struct EvidenceKindTests {
  let vault: TemporaryVault

  init() throws { vault = try TamperTests.busyVault(isCosigned: false) }

  private func path(_ name: String) -> String { vault.folder + "/" + name }

  private func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
    try Data(Array(bytes)).write(to: URL(fileURLWithPath: path(name)))
  }

  private func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

  private func export(_ format: LogFormat, to name: String, _ filter: LogFilter = LogFilter()) throws {
    var bytes: [UInt8] = []
    _ = try vault.session(.audrey).exportLog(filter, format) { bytes += $0 }
    try write(bytes, to: name)
  }

  private func refused(_ name: String) -> VaultError? { refusal { _ = try Evidence.verify(at: path(name)) } }

  /// It says what the file is, and what to type; and that nothing is known of any tampering.
  private func expect(_ name: String, _ reason: String, _ hint: String, _ place: SourceLocation = #_sourceLocation) {
    let error = refused(name)
    #expect(error?.code == .badInput, "\(name): \(error?.reason ?? "accepted")", sourceLocation: place)
    #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "accepted")", sourceLocation: place)
    #expect(
      error?.hint?.description.contains(hint) == true, "\(error?.hint?.description ?? "no hint")", sourceLocation: place
    )
  }

  @Test func `an export for people and their tools is named, with the command that makes evidence`() throws {
    for (format, name) in [(LogFormat.csv, "CSV"), (.ocsf, "OCSF"), (.ecs, "ECS"), (.cef, "CEF")] {
      try export(format, to: format.rawValue)
      expect(
        format.rawValue, "is a \(name)".replacing("a OCSF", with: "an OCSF").replacing("a ECS", with: "an ECS"),
        "\"export a bundle\"")
    }
  }

  @Test func `a lone checkpoint, request or proof is named, and what it is good for`() throws {
    let session = try vault.session(.audrey)
    let size = session.logSize
    try write(session.checkpoint().bytes, to: "head")
    expect("head", "is a checkpoint of \(size) entries", "\"verify a bundle with checkpoint ")
    try write(session.checkpointRequest(from: 3).bytes, to: "request")
    expect("request", "is a request to cosign a checkpoint of \(size) entries", "with checkpoint")
    try write(session.prove(4).bytes, to: "4.tlog-proof")
    expect("4.tlog-proof", "is the proof of entry 4", "ask for a bundle that has the entry")
  }

  @Test func `other files are named as what they are`() throws {
    #expect(refused("vault.db")?.hint?.steps == [.verifyVault(path("vault.db"))])
    expect("vault.db", "is an SQLite file", "verify the vault itself")
    try write("%PDF-1.7\n".utf8, to: "it's.pdf")
    expect("it's.pdf", "is a PDF", "a bundle's folder")
    try write([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], to: "it's.xz")
    expect("it's.xz", "is compressed with xz", "unxz -k '")
    #expect(refused("it's.xz")?.hint?.description.hasSuffix("it'\\''s.xz'") == true)
    try write("<!DOCTYPE html><p>hello".utf8, to: "page.html")
    expect("page.html", "a page without a log", "export a bundle")
    try write("custody-request/v1\nvault 00\n".utf8, to: "join")
    expect("join", "is a request to join a vault", "a bundle's folder")
    try write("{\"v\":1,\"tokens\":[]}\n".utf8, to: "tokens.json")
    expect("tokens.json", "is no bundle, and no export", "a bundle's folder")
    for (name, bytes) in [("letter", Array("hello\n".utf8)), ("empty", []), ("noise", (0...255).map { UInt8($0) })] {
      try write(bytes, to: name)
      expect(name, "is no bundle, and no export", "a bundle's folder")
    }
    _ = try vault.session(.audrey).exportBundle(LogFilter(), to: path("bundle"))
    expect("bundle/VERIFY.txt", "is a text out of a bundle", "name the bundle's folder")
    expect("bundle/disclosed.jsonl", "is the disclosed.jsonl of a bundle", "name the bundle's folder")
    expect("bundle/tile", "no file of one is in it", "export a bundle")
  }

  @Test(arguments: [false, true])
  func `the lines of an HTML report are verified, and its page is told from a changed one`(part: Bool) throws {
    var filter = LogFilter()
    if part { filter.tenant = "contoso" }
    try vault.session(.ada).commit {
      try $0.share(.token, "contoso/crm-sync", Share(with: "bea", reason: "<b> & \\u003c \u{2028} </script>"))
    }
    try export(.html, to: "report.html", filter)
    let report = try Evidence.verify(at: path("report.html"))
    #expect(report.verdicts.holds)
    #expect(report.isPageKnown == true)
    #expect(report.provesNames)
    #expect(report.isWhole != part)
    let sound = try text("report.html")
    for (old, new) in [
      ("<title>", "<title>Harmless "), ("</body>", "<p>all is well</p></body>"), ("</html>\n", "</html>\n\n"),
      ("'use strict';", "'use strict' ;"), ("\\u0026", "&"),
    ] {
      try write(sound.replacing(old, with: new, maxReplacements: 1).utf8, to: "changed.html")
      let changed = try Evidence.verify(at: path("changed.html"))
      #expect(changed.verdicts.holds && changed.isPageKnown == false, "\(old)")
    }
    // A changed line is tampering, whatever the page shows of it.
    try write(
      sound.replacing("\"actor_name\":\"ada\"", with: "\"actor_name\":\"eve\"", maxReplacements: 1).utf8, to: "eve.html"
    )
    #expect(refused("eve.html")?.fault?.rule == .standsBeside)
    try write(
      sound.replacing("<title>", with: "<title> ").replacing("\"actor_name\":\"ada\"", with: "\"actor_name\":\"eve\"")
        .utf8,
      to: "both.html")
    #expect(refused("both.html")?.code == .integrity)
    #expect(refused("both.html")?.hint?.description.contains("not the page") == true)
    try write(sound.replacing("\n", with: "\r\n").utf8, to: "mailed.html")
    expect("mailed.html", "line ends were changed to CRLF", "once more in a .tar or .zip")
  }

  @Test func `what mail and editors do to a text is said so, and is no tampering`() throws {
    try export(.jsonl, to: "log.jsonl")
    let lines = try text("log.jsonl")
    for (name, bytes, words) in [
      ("crlf", Array(lines.replacing("\n", with: "\r\n").utf8), "changed to CRLF by mail or an editor"),
      ("mark", Array(("\u{feff}" + lines).utf8), "a byte order mark"),
      ("both", Array(("\u{feff}" + lines.replacing("\n", with: "\r\n")).utf8), "a byte order mark"),
      ("wide", Array(Data([0xff, 0xfe]) + (lines.data(using: .utf16LittleEndian) ?? Data())), "saved as UTF-16"),
    ] {
      try write(bytes, to: name)
      expect(name, words, "once more in a .tar or .zip")
      #expect(refused(name)?.reason.contains("no proof that somebody tampered") == true)
    }
    // The file has no part of an export, so the error does not advise another export.
    try write("\u{feff}hello\r\n".utf8, to: "letter")
    expect("letter", "is no bundle", "a bundle's folder")
    var filter = LogFilter()
    filter.tenant = "contoso"
    _ = try vault.session(.audrey).exportBundle(filter, to: path("bundle"))
    let proof = try #require(try Folder.files(below: path("bundle")).first { $0.hasPrefix("proofs/") })
    for name in [
      "checkpoint", "log.jsonl", "disclosed.jsonl", "actors.txt", "tlog-policy", "VERIFY.txt", "limits.txt", proof,
    ] {
      let sound = try text("bundle/" + name)
      try write(sound.replacing("\n", with: "\r\n").utf8, to: "bundle/" + name)
      expect("bundle", "\"\(name)\" is not as it was written: its line ends", "once more")
      try write(("\u{feff}" + sound).utf8, to: "bundle/" + name)
      expect("bundle", "\"\(name)\" is not as it was written: a byte order mark", "once more")
      try write(sound.utf8, to: "bundle/" + name)
    }
    let table = try text("bundle/log.csv")
    try write(table.replacing("\r\n", with: "\n").utf8, to: "bundle/log.csv")
    expect("bundle", "changed from CRLF to LF", "once more")
    try write(table.utf8, to: "bundle/log.csv")
    #expect(try Evidence.verify(at: path("bundle")).verdicts.holds)
  }
}
