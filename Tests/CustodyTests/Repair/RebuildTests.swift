import CustodyEvidence
@testable import Custody
import CustodyCrypto
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// Files that SQLite can't read, or whose schema is another: they are made anew.
struct RebuildTests {
  let bench: RepairBench
  private var path: String { bench.vault.path }
  private let size = 4096

  init() throws { bench = try RepairBench(TamperTests.busyVault()) }

  /// Changes the bytes of the file as it is at rest.
  private func spoil(_ change: (inout [UInt8]) throws -> Void) throws {
    try bench.damage { _ in }
    var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    try change(&bytes)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  /// Returns true if there was something to repair.
  @discardableResult
  private func expectHealed(_ what: String, fromCopy: Bool = true) throws -> Bool {
    let plan = try bench.mend(fromCopy: fromCopy)
    #expect(plan.lost.isEmpty && plan.covers.isEmpty, "\(what): \(plan.text)")
    #expect(try bench.difference() == nil, "\(what)")
    #expect(try RawFile(path).rows("PRAGMA integrity_check") == [["ok"]], "\(what)")
    return plan.rebuild != nil
  }

  enum Spoiling: CaseIterable {
    case zeroed, torn, random, header

    func apply(to page: ArraySlice<UInt8>) -> [UInt8] {
      switch self {
      case .zeroed: return [UInt8](repeating: 0, count: page.count)
      case .torn: return page.prefix(512) + [UInt8](repeating: 0, count: page.count - 512)
      case .random:
        var number = UInt32(page.startIndex) | 1
        return page.map { _ in
          number = number &* 1_664_525 &+ 1_013_904_223
          return UInt8(truncatingIfNeeded: number >> 24)
        }
      case .header: return [UInt8](repeating: 0xff, count: 8) + page.dropFirst(8)
      }
    }
  }

  @Test(arguments: Spoiling.allCases) func `any page that is damaged is healed from a copy`(_ spoiling: Spoiling) throws
  {
    let pages = try Data(contentsOf: URL(fileURLWithPath: bench.whole)).count / size
    #expect(pages > 15)
    var rebuilt = 0
    for page in 0..<pages {
      let place = page * size..<(page + 1) * size
      try spoil { $0.replaceSubrange(place, with: spoiling.apply(to: $0[place])) }
      if try expectHealed("page \(page + 1), \(spoiling)") { rebuilt += 1 }
      if page < 2 { try bench.everybodyGoesOn() }
    }
    // The page of an empty table may have nothing to tear.
    #expect(rebuilt > pages - 5)
  }

  @Test func `what the unharmed pages have is gone on with, without a copy`() throws {
    // Page 1 is the schema's: no tree leads anywhere any more.
    try spoil { $0.replaceSubrange(0..<size, with: [UInt8](repeating: 0, count: size)) }
    try expectHealed("page 1", fromCopy: false)
    try bench.everybodyGoesOn()
  }

  @Test func `a file that ends early is healed from a copy`() throws {
    for end in [3 * size, 7 * size + 100] {
      try spoil { $0.removeSubrange(end...) }
      try expectHealed("\(end) bytes")
    }
    try bench.everybodyGoesOn()
  }

  @Test func `what was added to the schema is named, and left out`() throws {
    let additions = [
      "CREATE TABLE extra (a, b)", "CREATE INDEX extra ON note (item)", "CREATE VIEW extra AS SELECT * FROM item",
      "CREATE TRIGGER extra AFTER DELETE ON note BEGIN DELETE FROM item; END",
    ]
    for addition in additions {
      try bench.damage { try $0.run(addition) }
      let error = refusal { _ = try bench.session(.ada) }
      #expect(error?.code == .integrity && error?.hint?.steps.contains(.repair) == true)
      #expect(
        try bench.repair(fromCopy: false).plan().text.contains { $0.contains("extra, which is not of Custody's") })
      try expectHealed(addition, fromCopy: false)
    }
    try bench.damage { try $0.run("ALTER TABLE note ADD COLUMN extra TEXT; UPDATE note SET extra = 'x'") }
    try expectHealed("a column", fromCopy: false)
    try bench.everybodyGoesOn()
  }

  @Test func `the damaged file is kept, and the entry has its hash`() throws {
    var damaged: [UInt8] = []
    try spoil {
      $0.replaceSubrange(5 * size..<6 * size, with: [UInt8](repeating: 0, count: size))
      damaged = $0
    }
    let repair = try bench.repair(fromCopy: true)
    let done = try repair.carryOut(repair.plan())
    let kept = try #require(done.quarantine)
    #expect(try [UInt8](Data(contentsOf: URL(fileURLWithPath: kept))) == damaged)
    #expect(try FileManager.default.attributesOfItem(atPath: kept)[.posixPermissions] as? Int == 0o600)
    var entry: Entry?
    try bench.session(.audrey).eachLogLine(LogFilter()) { if $0.position == done.position { entry = $0.entry } }
    #expect(entry?.digest(.quarantineSHA256) == SHA256.hash(damaged) && done.quarantineSHA256 == SHA256.hash(damaged))
    #expect(try leftovers() == [])
  }

  @Test func `what is committed in the log beside the damaged file is not lost`() throws {
    let reader = try RawFile(path)
    try reader.run("BEGIN")
    _ = try reader.rows("SELECT count(*) FROM item")
    try bench.session(.ada).commit { try $0.rotate(.token, "contoso/crm-sync", secret: secret("refresh-token-3")) }
    let killed = bench.vault.folder + "/killed.db"
    for end in ["", "-wal"] { try FileManager.default.copyItem(atPath: path + end, toPath: killed + end) }
    var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: killed)))
    let root = try #require(Int(reader.rows("SELECT rootpage FROM sqlite_schema WHERE name = 'vault'")[0][0]))
    bytes.replaceSubrange((root - 1) * size..<root * size, with: [UInt8](repeating: 0, count: size))
    try Data(bytes).write(to: URL(fileURLWithPath: killed))
    let ada = try #require(bench.vault.people[.ada])
    let holder = try #require(bench.holders[.ada])
    let repair = try DamagedVault.open(at: killed).unlock(as: ada, of: bench.id, with: holder, pins: .unpinned)
    let done = try repair.carryOut(repair.plan())
    #expect(!FileManager.default.fileExists(atPath: killed + "-wal"))
    let token = try Vault.open(at: killed).unlock(as: ada, with: holder, pins: .unpinned).reveal(
      "contoso/crm-sync", how: .pipe)
    #expect(text(token) == "refresh-token-3")
    // The file that is kept needs no log.
    let kept = try RawFile(#require(done.quarantine))
    #expect(try kept.rows("SELECT max(revision) FROM revision") == [["3"]])
  }

  @Test func `what was added to the schema in the log beside the file is left out, and the rest of that log is not`()
    throws
  {
    let reader = try RawFile(path)
    try reader.run("BEGIN")
    _ = try reader.rows("SELECT count(*) FROM item")
    try bench.session(.ada).commit { try $0.rotate(.token, "contoso/crm-sync", secret: secret("refresh-token-3")) }
    try RawFile(path).run("CREATE TABLE extra (a)")
    let killed = bench.vault.folder + "/killed.db"
    for end in ["", "-wal"] { try FileManager.default.copyItem(atPath: path + end, toPath: killed + end) }
    let ada = try #require(bench.vault.people[.ada])
    let holder = try #require(bench.holders[.ada])
    let repair = try DamagedVault.open(at: killed).unlock(as: ada, of: bench.id, with: holder, pins: .unpinned)
    let plan = try repair.plan()
    #expect(plan.rebuild?.foreignObjects == ["extra"])
    _ = try repair.carryOut(plan)
    let token = try Vault.open(at: killed).unlock(as: ada, with: holder, pins: .unpinned).reveal(
      "contoso/crm-sync", how: .pipe)
    #expect(text(token) == "refresh-token-3")
  }

  @Test func `a log of another vault beside a whole file is named, and nothing is made anew`() throws {
    try bench.damage { _ in }
    let other = try TamperTests.busyVault(.second)
    let reader = try RawFile(other.path)
    try reader.run("BEGIN")
    _ = try reader.rows("SELECT count(*) FROM item")
    try other.session(.ada).commit { try $0.rotate(.token, "contoso/crm-sync", secret: secret("refresh-token-3")) }
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    try FileManager.default.copyItem(atPath: other.path + "-wal", toPath: path + "-wal")
    let error = refusal { _ = try bench.repair(fromCopy: true) }
    #expect(error?.code == .integrity && error?.reason.contains("is not the log of") == true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before && leftovers() == [])
  }

  @Test func `a repair of a file that has changed since it was planned is refused`() throws {
    try bench.damage { try $0.run("CREATE TABLE extra (a)") }
    let repair = try bench.repair(fromCopy: false)
    let plan = try repair.plan()
    try RawFile(path).run("CREATE TABLE later (a)")
    #expect(refusal { _ = try repair.carryOut(plan) }?.code == .conflict)
    let kept = try FileManager.default.contentsOfDirectory(atPath: bench.vault.folder)
    #expect(!kept.contains { $0.contains("quarantine") })
  }

  @Test func `what is no vault, or a newer one, is not made anew, and the words say what to do`() throws {
    try spoil { $0 = [UInt8](repeating: 0, count: 20 * size) }
    let empty = refusal { _ = try bench.repair(fromCopy: true) }
    #expect(empty?.code == .notAVault && empty?.hint?.description.contains("cp COPY \(path)") == true)
    try spoil { $0.replaceSubrange(68..<72, with: [1, 2, 3, 4]) }
    #expect(refusal { _ = try bench.repair(fromCopy: true) }?.code == .notAVault)
    try bench.damage { try $0.run("INSERT INTO migration VALUES ('0009-later'); CREATE TABLE later (a)") }
    #expect(refusal { _ = try bench.repair(fromCopy: true) }?.code == .newerVault)
    #expect(try leftovers() == [])
  }

  /// Files beside the vault that no repair should leave.
  private func leftovers() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: bench.vault.folder).filter { $0.contains("rebuilding") }
  }
}
