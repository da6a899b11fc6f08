import CustodyEvidence
import Custody
import CustodyLog
import CustodySystem
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// Bundles and JSON Lines, made and verified: with no vault and no key.
struct EvidenceTests {
  let vault: TemporaryVault

  init() throws { vault = try TamperTests.busyVault(isCosigned: false) }

  private func path(_ name: String) -> String { vault.folder + "/" + name }

  private func export(_ filter: LogFilter = LogFilter(), below size: UInt64? = nil, to name: String) throws -> Exported
  {
    try vault.session(.audrey).exportBundle(filter, below: size, to: path(name))
  }

  private func lines(_ filter: LogFilter = LogFilter(), to name: String) throws -> String {
    var bytes: [UInt8] = []
    _ = try vault.session(.audrey).exportLog(filter, .jsonl) { bytes += $0 }
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  private var contoso: LogFilter {
    var filter = LogFilter()
    filter.tenant = "contoso"
    return filter
  }

  /// Every file of a folder, by name.
  private func content(_ name: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for file in try Folder.files(below: path(name)) {
      files[file] = try Data(contentsOf: URL(fileURLWithPath: path(name) + "/" + file))
    }
    return files
  }

  @Test func `a bundle of a whole log verifies, as a folder and as an archive`() throws {
    let exported = try export(to: "bundle")
    _ = try export(below: exported.size, to: "bundle.tar")
    for name in ["bundle", "bundle.tar"] {
      var expectation = Expectation()
      expectation.genesis = vault.genesis
      let report = try Evidence.verify(at: path(name), expecting: expectation)
      #expect(report.verdicts.holds)
      #expect(report.verdicts.completeness.isEmpty)
      #expect(report.entries == exported.size)
      #expect(report.checkpoint.size == exported.size)
      #expect(report.isWhole)
      #expect(report.provesNames)
    }
    let names = try content("bundle").keys.sorted()
    #expect(
      names == [
        "VERIFY.txt", "actors.txt", "checkpoint", "disclosed.jsonl", "limits.txt", "log.csv", "log.jsonl",
        "tile/0/000.p/\(exported.size)", "tile/entries/000.p/\(exported.size)", "tlog-policy",
      ])
  }

  @Test func `a tenant's part of a log verifies without the rest`() throws {
    let exported = try export(contoso, to: "bundle")
    let report = try Evidence.verify(at: path("bundle"))
    #expect(report.verdicts.holds)
    #expect(!report.isWhole)
    #expect(report.entries > exported.count)
    #expect(report.entries < exported.size)
    let files = try content("bundle")
    #expect(!files.values.contains { String(decoding: $0, as: UTF8.self).contains("fabrikam") })
    #expect(files.keys.filter { $0.hasPrefix("proofs/") }.count == Int(report.entries))
    // The exporter's enrolment is in a part, because they sign its scope.
    #expect(String(decoding: try #require(files["actors.txt"]), as: UTF8.self).contains(" audrey auditor "))
    #expect(try Evidence.verify(at: lines(contoso, to: "part.jsonl")).entries == report.entries)
  }

  @Test(arguments: ["action", "actor", "token", "since"])
  func `whatever a filter admits can be shown with what proves it`(kind: String) throws {
    var filter = LogFilter()
    switch kind {
    case "action": filter.actions = [.tokenUnshare, .tokenReveal]
    case "actor": filter.actor = "dev"
    case "token": filter.token = "fabrikam/mail"
    default: filter.since = vault.clock.now()
    }
    let report = try Evidence.verify(at: lines(filter, to: "part.jsonl"))
    #expect(report.verdicts.holds)
    _ = try export(filter, to: "bundle")
    #expect(try Evidence.verify(at: path("bundle")).verdicts.holds)
  }

  @Test func `an admin who removes themself is shown without the one who stays`() throws {
    try vault.session(.ada).commit { _ = try $0.remove("ada", orphaning: true) }
    let size = try vault.session(.audrey).logSize
    var filter = LogFilter()
    filter.actions = [.memberRemove]
    _ = try export(filter, below: size, to: "bundle")
    let report = try Evidence.verify(at: path("bundle"))
    #expect(report.verdicts.holds)
    #expect(report.signer == "ada")
    let actors = String(decoding: try #require(try content("bundle")["actors.txt"]), as: UTF8.self)
    #expect(!actors.contains(" bea "))
  }

  @Test func `a developer's export shows what they can open, and verifies`() throws {
    var bytes: [UInt8] = []
    _ = try vault.session(.dev).exportLog(LogFilter(), .jsonl) { bytes += $0 }
    try Data(bytes).write(to: URL(fileURLWithPath: path("dev.jsonl")))
    #expect(try Evidence.verify(at: path("dev.jsonl")).verdicts.holds)
  }

  @Test func `the same size makes the same bytes of a whole log, whoever exports and whatever came later`() throws {
    let exported = try export(to: "one")
    try vault.session(.ada).commit { transaction in
      try transaction.share(.token, "contoso/crm-sync", Share(with: "bea", reason: "again"))
      try transaction.rotate(.token, "contoso/crm-sync", secret: secret("refresh-token-3"), NewValue(reason: "monthly"))
      try transaction.rotate(.token, "fabrikam/mail", secret: secret("google-2"))
    }
    vault.clock.advance(days: 1)
    _ = try export(below: exported.size, to: "two")
    let ada = try vault.session(.ada)
    _ = try ada.exportBundle(LogFilter(), below: exported.size, to: path("three"))
    #expect(try content("one") == content("two"))
    #expect(try content("one") == content("three"))
    for name in ["a.tar", "b.tar"] { _ = try export(below: exported.size, to: name) }
    #expect(FileManager.default.contentsEqual(atPath: path("a.tar"), andPath: path("b.tar")))
  }

  @Test func `an archive unpacks with tar to what the folder has`() throws {
    let exported = try export(to: "folder")
    _ = try export(below: exported.size, to: "archive.tar")
    try FileManager.default.createDirectory(atPath: path("unpacked"), withIntermediateDirectories: true)
    let (status, output) = try Products.run("/bin/tar", ["xvf", path("archive.tar"), "-C", path("unpacked")])
    #expect(status == 0, "\(output)")
    #expect(try content("unpacked") == content("folder"))
  }

  @Test func `details that were changed are not disclosed for the time before, and the rest still is`() throws {
    let before = try export(to: "before")
    try vault.session(.ada).commit { transaction in
      try transaction.changeToken("fabrikam/mail") { $0.note = "new owner" }
    }
    _ = try export(below: before.size, to: "after")
    #expect(try Evidence.verify(at: path("after")).verdicts.holds)
    let text = String(decoding: try #require(try content("after")["log.jsonl"]), as: UTF8.self)
    #expect(!text.contains("fabrikam"))
    #expect(text.contains("contoso/crm-sync"))
    _ = try export(to: "now")
    let now = String(decoding: try #require(try content("now")["log.jsonl"]), as: UTF8.self)
    #expect(now.contains("fabrikam/mail"))
    #expect(try Evidence.verify(at: path("now")).verdicts.holds)
  }

  @Test func `a size that is no checkpoint's is refused, with the nearest two`() throws {
    let error = refusal { _ = try export(below: 10, to: "bundle") }
    #expect(error?.code == .notFound)
    #expect(error?.hint?.description.contains("the nearest are of 7 and 15 entries") == true, "\(error?.hint ?? "")")
    #expect(!FileManager.default.fileExists(atPath: path("bundle")))
    #expect(!FileManager.default.fileExists(atPath: path("bundle.draft")))
    try Data().write(to: URL(fileURLWithPath: path("taken")))
    #expect(refusal { _ = try export(to: "taken") }?.code == .alreadyExists)
    // The remains of an export that was killed are named.
    try FileManager.default.createDirectory(
      atPath: "\(vault.folder)/cut-off.draft", withIntermediateDirectories: false)
    let left = refusal { _ = try export(to: "cut-off") }
    #expect(left?.code == .alreadyExists)
    #expect(left?.reason.contains("cut-off.draft\" is there") == true)
  }

  @Test func `a checkpoint from before vouches for a log that leads on from it, and contradicts any other`() throws {
    let old = try export(to: "old")
    try vault.session(.ada).commit { try $0.share(.token, "contoso/crm-sync", Share(with: "bea")) }
    _ = try export(to: "new")
    var expectation = Expectation()
    expectation.checkpoint = try Evidence.verify(at: path("old")).checkpoint
    let later = try Evidence.verify(at: path("new"), expecting: expectation)
    #expect(later.verdicts.completeness == [Voucher(.given, size: old.size, time: nil)])
    #expect(later.verdicts.holds)
    expectation.checkpoint = later.checkpoint
    let cut = try Evidence.verify(at: path("old"), expecting: expectation)
    #expect(!cut.verdicts.holds)
    #expect(cut.verdicts.isSound)
    #expect(cut.verdicts.contradiction == nil)
    #expect(cut.verdicts.undecided?.contains("or one whose end was cut off") == true)
    let root = try #require(Digest([UInt8](repeating: 1, count: 32)))
    expectation.checkpoint = Checkpoint(origin: later.checkpoint.origin, size: old.size, root: root)
    let rewritten = try Evidence.verify(at: path("new"), expecting: expectation)
    #expect(rewritten.verdicts.contradiction?.contains("rewritten") == true)
    expectation.checkpoint = Checkpoint(origin: "custody.local/other", size: 1, root: root)
    #expect(try Evidence.verify(at: path("new"), expecting: expectation).verdicts.holds == false)
    expectation = Expectation()
    expectation.genesis = root
    let fault = refusal { _ = try Evidence.verify(at: path("new"), expecting: expectation) }?.fault
    #expect(fault == HistoryFault(position: 0, rule: .otherGenesis))
  }

  @Test func `whether a part leads on from an older checkpoint can't be told, and is no contradiction`() throws {
    _ = try export(to: "old")
    var expectation = Expectation()
    let old = try Evidence.verify(at: path("old")).checkpoint
    try vault.session(.ada).commit { try $0.share(.token, "contoso/crm-sync", Share(with: "bea")) }
    _ = try export(contoso, to: "part")
    let own = try Evidence.verify(at: path("part")).checkpoint
    func verdicts(_ given: Checkpoint) throws -> Verdicts {
      expectation.checkpoint = given
      return try Evidence.verify(at: path("part"), expecting: expectation).verdicts
    }
    let older = try verdicts(old)
    #expect(older.isSound && !older.holds)
    #expect(older.contradiction == nil)
    #expect(older.undecided?.contains("a part of a log does not have the entries between") == true)
    #expect(try verdicts(own).completeness == [Voucher(.given, size: own.size, time: nil)])
    let empty = Checkpoint(origin: own.origin, size: 0, root: MerkleTree.emptyRoot)
    #expect(try verdicts(empty).holds)
    // These checkpoints contradict what is known.
    #expect(try verdicts(Checkpoint(origin: own.origin, size: own.size, root: old.root)).contradiction != nil)
    #expect(try verdicts(Checkpoint(origin: own.origin, size: 0, root: old.root)).contradiction != nil)
    #expect(try verdicts(Checkpoint(origin: "custody.local/other", size: 1, root: old.root)).contradiction != nil)
  }

  private func policy(_ name: String) throws -> TrustPolicy {
    try #require(TrustPolicy(parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: path(name + "/tlog-policy"))))))
  }

  @Test func `a policy has the keys of all who may sign, whoever signed the head`() throws {
    _ = try export(to: "one")
    // dev signed the first one.
    try vault.session(.ada).commit { try $0.share(.token, "contoso/crm-sync", Share(with: "bea")) }
    _ = try export(to: "two")
    let (one, two) = (try policy("one"), try policy("two"))
    #expect(one.logs == two.logs && one.logs.count == 4)
    let heads = try ["one", "two"].map { name in
      try #require(SignedNote(parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: path(name + "/checkpoint"))))))
    }
    #expect(heads[0].signatures[0].keyID != heads[1].signatures[0].keyID)
    for head in heads { #expect(one.logs.filter { $0.verify(head) }.count == 1) }
    // The same keys stand in actors.txt, at the end of each member's line.
    let actors = String(decoding: try #require(try content("two")["actors.txt"]), as: UTF8.self)
    let keys = actors.split(separator: "\n").compactMap { $0.split(separator: " ").last.map(String.init) }
    #expect(keys == two.logs.map(\.text))
    // A part proves some of them.
    var filter = LogFilter()
    filter.token = "fabrikam/mail"
    _ = try export(filter, to: "part")
    let part = try policy("part")
    #expect(part.logs.allSatisfy(two.logs.contains))
    // A removed member no longer signs.
    try vault.session(.ada).commit { _ = try $0.remove("dev", orphaning: true) }
    _ = try export(to: "after")
    #expect(try policy("after").logs.count == 3)
    #expect(try Evidence.verify(at: path("after")).verdicts.holds)
  }

  @Test func `what is no evidence is refused in words`() throws {
    #expect(refusal { _ = try Evidence.verify(at: path("nothing")) }?.code == .notFound)
    #expect(refusal { _ = try Evidence.verify(at: "/dev/null") }?.code == .failed)
    try Data("hello\n".utf8).write(to: URL(fileURLWithPath: path("letter")))
    #expect(refusal { _ = try Evidence.verify(at: path("letter")) }?.code == .badInput)
    try Data().write(to: URL(fileURLWithPath: path("empty")))
    #expect(refusal { _ = try Evidence.verify(at: path("empty")) }?.code == .badInput)
    #expect(refusal { _ = try Evidence.verify(at: vault.path) }?.code == .badInput)
    try FileManager.default.createDirectory(atPath: path("folder"), withIntermediateDirectories: true)
    #expect(refusal { _ = try Evidence.verify(at: path("folder")) }?.code == .badInput)
  }
}
