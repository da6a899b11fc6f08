@testable import Custody
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// Copies that are not what they should be.
struct RepairCopyTests {
  let bench: RepairBench
  init() throws { bench = try RepairBench(TamperTests.busyVault()) }

  private func write(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: bench.copy)) }

  private func expectRefused(_ code: VaultError.Code, _ what: String) throws {
    let error = refusal { _ = try bench.mend(fromCopy: true) }
    #expect(error?.code == code, "\(what): \(error.map { "\($0)" } ?? "no error")")
    #expect(error?.reason.hasPrefix("cannot take rows back from \"\(bench.copy)\": ") == true, "\(what)")
    #expect(error?.subject == bench.copy && error?.hint != nil, "\(what)")
    #expect(error?.reason.contains("the vault") == false, "\(what)")
  }

  @Test func `a fault of a copy is said of the copy`() throws {
    let whole = try [UInt8](Data(contentsOf: URL(fileURLWithPath: bench.copy)))
    try bench.damage { try $0.run("DELETE FROM note") }
    try write([])
    try expectRefused(.notAVault, "empty")
    try write(Array("not a vault at all\n".utf8))
    try expectRefused(.notAVault, "a text")
    try write(whole)
    try RawFile(bench.copy).run("CREATE TABLE extra (a)")
    try expectRefused(.integrity, "a schema that was added to")
    try write(whole)
    let root = try #require(
      Int(RawFile(bench.copy).rows("SELECT rootpage FROM sqlite_schema WHERE name = 'note'")[0][0]))
    var torn = whole
    torn.replaceSubrange((root - 1) * 4096..<root * 4096, with: [UInt8](repeating: 0xff, count: 4096))
    try write(torn)
    try expectRefused(.integrity, "a page that is damaged")
    try FileManager.default.removeItem(atPath: bench.copy)
    try expectRefused(.notFound, "none")
    #expect(mkfifo(bench.copy, 0o600) == 0)
    try expectRefused(.notAVault, "a pipe")
    try FileManager.default.removeItem(atPath: bench.copy)
    try FileManager.default.createSymbolicLink(atPath: bench.copy, withDestinationPath: bench.whole)
    try expectRefused(.failed, "a link")
    try FileManager.default.removeItem(atPath: bench.copy)
    let other = try TamperTests.busyVault(.second)
    try FileManager.default.copyItem(atPath: other.copy("other.db"), toPath: bench.copy)
    try expectRefused(.badInput, "another vault")
  }

  @Test func `rows that somebody adds to a copy cost nothing, whatever they are`() throws {
    let junk = [
      "INSERT INTO log_entry SELECT 100000 + i, 1, randomblob(500) FROM n",
      "INSERT INTO item SELECT randomblob(16), 1, randomblob(32), 1, 1, 1, 1 FROM n",
      "INSERT INTO envelope SELECT (SELECT id FROM item LIMIT 1), 1, 1, randomblob(16), i, randomblob(80), randomblob(32) FROM n",
      "INSERT INTO key_wrap SELECT X'\(bench.vault.people[.ada]?.hex ?? "")', 10 + i, i, 1, randomblob(80), randomblob(32) FROM n",
      "INSERT INTO note SELECT 100000 + i, 1, randomblob(16), 1, randomblob(80) FROM n",
    ]
    let raw = try RawFile(bench.copy)
    for statement in junk {
      try raw.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) \(statement)")
    }
    try bench.damage {
      try $0.run("DELETE FROM note; DELETE FROM envelope; DELETE FROM item; DELETE FROM log_entry WHERE position > 7")
    }
    let clock = ContinuousClock()
    var plan: RepairPlan?
    let time = try clock.measure { plan = try bench.mend(fromCopy: true) }
    #expect(plan?.lost.isEmpty == true && plan?.covers.isEmpty == true && plan?.behindCount == 0)
    #expect(try bench.difference() == nil)
    #expect(time < .seconds(300))
  }

  @Test func `whoever lost their own newest keys is told who can make new ones, and these do`() throws {
    let vault = try TamperTests.busyVault()
    let bench = try RepairBench(vault) {
      let bea = try vault.session(.bea)
      try bea.commit { _ = try $0.setRole(of: "audrey", to: .developer) }
      try bea.commit { _ = try $0.setRole(of: "audrey", to: .auditor) }
    }
    let ada = try #require(vault.people[.ada])
    try bench.damage { try $0.run("DELETE FROM key_wrap WHERE recipient = X'\(ada.hex)'") }
    let error = refusal { try bench.mend(fromCopy: true) }
    #expect(error?.code == .integrity && error?.reason.contains("your own envelopes of the vault keys") == true)
    #expect(error?.hint?.description.contains("ask bea to run \"repair\"") == true)
    #expect(
      error?.hint?.steps.contains(.changeRole(of: "ada", to: .admin)) == true
        && error?.hint?.steps.contains(.repairCutting) == false)
    // Rows that bea can't restore are named, and she goes on.
    let first = try bench.repair(.bea, fromCopy: false).plan()
    #expect(first.lost.map(\.table) == ["key_wrap"] && first.covers.isEmpty)
    try bench.session(.bea).commit { _ = try $0.setRole(of: "ada", to: .developer) }
    try bench.session(.bea).commit { _ = try $0.setRole(of: "ada", to: .admin) }
    _ = try bench.session(.ada).reveal("fabrikam/mail", how: .pipe)
    // Keys of older epochs are reported as missing until a repair records that they are gone.
    let missed = refusal { _ = try bench.session(.bea).verifyEverything() }
    #expect(missed?.reason.contains("the wrapped keys of ") == true)
    let plan = try bench.repair(.bea, fromCopy: false).plan()
    #expect(plan.olderKeysGone.count > 1)
    #expect(plan.text.contains("gone  some of the wrapped keys of \"ada\"; another copy may have them"))
    _ = try bench.repair(.bea, fromCopy: false).carryOut(plan, cut: nil)
    let damage = try bench.session(.bea).verifyEverything().verdicts.damage
    #expect(damage.isEmpty, "\(damage)")
    #expect(try bench.repair(.bea, fromCopy: false).plan().isNothing)
    // One that is gone besides is missed again.
    try bench.damage { try $0.run("DELETE FROM key_wrap WHERE recipient != zeroblob(16) AND sealed_in = 2") }
    #expect(refusal { _ = try bench.session(.bea).verifyLog() }?.reason.contains("the wrapped keys of ") == true)
  }
}
