import CustodyEvidence
@testable import Custody
import CustodyCrypto
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// Rows that a repair without a copy takes out, and rows that it keeps.
struct RepairTests {
  let bench: RepairBench
  init() throws { bench = try RepairBench(TamperTests.busyVault()) }

  private var size: UInt64 { get throws { UInt64(try rows("SELECT count(*) FROM log_entry")[0][0]) ?? 0 } }

  private func rows(_ sql: String) throws -> [[String]] { try RawFile(bench.vault.path).rows(sql) }

  @Test func `a sound vault has nothing to repair, and gets no entry`() throws {
    try bench.damage { _ in }
    let plan = try bench.mend(fromCopy: false)
    #expect(plan.isNothing && plan.lost.isEmpty, "\(plan.text)")
    #expect(try bench.difference() == nil)
  }

  private static let damages = [
    "INSERT INTO log_entry VALUES ((SELECT max(position) + 1 FROM log_entry), 3, zeroblob(900))",
    "INSERT INTO log_entry VALUES (9223372036854775807, 3, zeroblob(900))",
    "INSERT INTO checkpoint SELECT size + 5, signer, root, signature FROM checkpoint ORDER BY size DESC LIMIT 1",
    "INSERT INTO log_node VALUES (4000, zeroblob(32))",
    "UPDATE item SET revision = revision + 1, generation = generation + 1",
    "UPDATE item SET details = 999, tag = NULL",
    "DELETE FROM item; DELETE FROM log_node",
    "UPDATE log_node SET hash = zeroblob(32)",
    "UPDATE log_entry SET epoch = 7",
    "UPDATE vault SET audit_key = zeroblob(32)",
    "DELETE FROM vault; DELETE FROM migration",
    "INSERT INTO migration VALUES ('0009-later')",
    "UPDATE note SET item = zeroblob(16), generation = 77",
    "UPDATE revision SET entry = 0",
    "UPDATE revision SET entry = -1",
    "UPDATE envelope SET sha256 = x'00'",
    "UPDATE key_wrap SET sha256 = x'00' WHERE recipient = zeroblob(16)",
    "UPDATE log_entry SET epoch = -1",
    """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) INSERT INTO envelope
    SELECT item, kind, generation, randomblob(16), entry, sealed, randomblob(32) FROM envelope, n
    """,
    "INSERT INTO revision SELECT DISTINCT item, 99, 99, 0, zeroblob(105) FROM revision",
    "INSERT OR IGNORE INTO envelope SELECT item, kind, generation, zeroblob(16), 999, sealed, sha256 FROM envelope",
    "UPDATE envelope SET sealed = zeroblob(80) WHERE sealed IS NULL",
    "INSERT INTO key_wrap SELECT recipient, 99, 99, kind, sealed, sha256 FROM key_wrap WHERE epoch = 3",
    "INSERT INTO exchange VALUES (zeroblob(16), 1, NULL, 0, NULL, 0, NULL)",
  ]

  @Test func `what is not the log's goes, and what follows from it comes back, without a copy`() throws {
    for damage in Self.damages {
      try bench.damage { try $0.run(damage) }
      let plan = try bench.mend(fromCopy: false)
      #expect(!plan.isNothing && plan.lost.isEmpty, "\(damage): \(plan.text)")
      #expect(try bench.difference() == nil, "\(damage)")
      try bench.everybodyGoesOn()
    }
  }

  @Test func `entries that no checkpoint covers are named, taken out, and kept in a file that the log names`() throws {
    try bench.damage { try $0.run("DELETE FROM checkpoint WHERE size = (SELECT max(size) FROM checkpoint)") }
    let repair = try bench.repair(fromCopy: false)
    let plan = try repair.plan()
    #expect(plan.covers.map(\.isWithoutCheckpoint) == [true] && plan.lost.isEmpty)
    #expect(refusal { _ = try repair.carryOut(plan) }?.code == .integrity)
    #expect(plan.behind.last?.action == .logCosign && plan.behind.last?.author == "bea")
    #expect(plan.text.contains { $0.hasPrefix("log entry \(plan.size): log.cosign, signed by bea, ") })
    let done = try repair.carryOut(plan, cut: "their checkpoint is lost")
    let path = try #require(done.quarantine)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    let lines = bytes.split(separator: 0x0a)
    #expect(lines.count == done.takenOut)
    let first = try #require(try JSONSerialization.jsonObject(with: Data(lines[0])) as? [String: Any])
    #expect(first["table"] as? String == "log_entry" && (first["row"] as? [String: Any])?["sealed"] is String)
    var entry: Entry?
    try bench.session(.audrey).eachLogLine(LogFilter()) { if $0.position == done.position { entry = $0.entry } }
    #expect(entry?.action == .vaultRepair && entry?.number(.count) == UInt64(done.takenOut))
    #expect(entry?.digest(.quarantineSHA256) == SHA256.hash(bytes))
    try bench.everybodyGoesOn()
  }

  @Test func `rows behind the last position that holds are no part of the vault, and all others are read`() throws {
    let vault = try TamperTests.busyVault()
    let admin = try vault.session(.ada)
    try admin.commit {
      try $0.rotate(.token, "contoso/crm-sync", secret: secret("refresh-token-3"))
      try $0.store(
        TokenDetails(tenant: "new", connector: "mail", provider: "google", reach: .user), secret: secret("google-2"))
    }
    let bench = try RepairBench(vault)
    try bench.damage {
      try $0.run("UPDATE checkpoint SET signature = zeroblob(64) WHERE size = (SELECT max(size) FROM checkpoint)")
    }
    let ada = try bench.session(.ada)
    #expect(ada.stop?.rule == .checkpointSignature)
    #expect(try ada.stopCover() == nil)
    #expect(try ada.tokens().map(\.details.name) == ["fabrikam/mail"])
    #expect(ada.damages.contains { $0.text.contains("not readable until the vault is repaired") })
    _ = try ada.tokenLives()
    #expect(refusal { _ = try ada.reveal("fabrikam/mail", how: .pipe) }?.hint?.steps.contains(.repairFromCopy) == true)
    _ = try bench.mend(fromCopy: false, cut: "the checkpoint is lost")
    #expect(try bench.session(.ada).tokens().map(\.details.name).sorted() == ["contoso/crm-sync", "fabrikam/mail"])
    _ = try bench.session(.dev).reveal("contoso/crm-sync", how: .pipe)
  }

  @Test func `who signed a checkpoint over what is not read is named`() throws {
    try bench.damage { try $0.run("DELETE FROM log_entry WHERE position = (SELECT max(position) FROM log_entry)") }
    let session = try bench.session(.audrey)
    #expect(session.stop != nil)
    #expect(try session.stopCover()?.signer == "bea")
  }

  @Test func `what a member's checkpoint covers is only cut on request, and every machine can follow`() throws {
    let pins = PinFolder(path: bench.vault.folder + "/dev")
    let own = PinFolder(path: bench.vault.folder + "/ada")
    try bench.damage { _ in }
    _ = try bench.session(.dev, pins: pins)
    _ = try bench.session(.ada, pins: own)
    try RawFile(bench.vault.path).run("DELETE FROM log_entry WHERE position >= \(try size - 3)")
    let repair = try bench.repair(fromCopy: false, pins: own)
    let plan = try repair.plan()
    #expect(plan.covers.first?.isPinned == true && plan.covers.contains { $0.signer == "bea" })
    #expect(refusal { _ = try repair.carryOut(plan) }?.code == .integrity)
    #expect(refusal { _ = try repair.carryOut(plan, cut: "") }?.code == .badInput)
    _ = try repair.carryOut(plan, cut: "the disk died")
    #expect(try bench.session(.ada, pins: own).pinConflict == nil)
    let dev = try bench.session(.dev, pins: pins)
    let recovery = try #require(dev.pinConflict?.recovery)
    #expect(recovery.name == "ada" && recovery.reason == "the disk died")
    _ = try dev.recover(by: dev.recoveryPlan())
    _ = try bench.session(.dev, pins: pins).reveal("contoso/crm-sync", how: .pipe)
    try bench.verify()
    // Entries that were cut and are put back end nothing, because the cut is on record.
    let again = try bench.mend(fromCopy: false)
    #expect(again.isNothing)
  }

  @Test func `a repair that was killed before its rows were in the file is finished by the next one`() throws {
    try bench.damage {
      try $0.run("UPDATE checkpoint SET signature = zeroblob(64) WHERE size = (SELECT max(size) FROM checkpoint)")
    }
    let reader = try RawFile(bench.vault.path)
    try reader.run("BEGIN")
    _ = try reader.rows("SELECT count(*) FROM item")
    try bench.mend(fromCopy: false, cut: "the checkpoint is lost")
    // The files that a process leaves if it is killed right after its commit.
    let killed = bench.vault.folder + "/killed.db"
    for end in ["", "-wal"] { try FileManager.default.copyItem(atPath: bench.vault.path + end, toPath: killed + end) }
    #expect(refusal { _ = try Vault.open(at: killed) }?.code == .integrity)
    let ada = try #require(bench.vault.people[.ada])
    let holder = try #require(bench.holders[.ada])
    let repair = try DamagedVault.open(at: killed).unlock(as: ada, of: bench.id, with: holder, pins: .unpinned)
    #expect(try repair.plan().isNothing)
    try repair.settle()
    _ = try Vault.open(at: killed).unlock(as: ada, with: holder, pins: .unpinned).tokens()
  }

  @Test func `an entry in the middle that is lost is a cut, and comes back from a copy`() throws {
    try bench.damage { try $0.run("DELETE FROM log_entry WHERE position = 9") }
    let plan = try bench.repair(fromCopy: false).plan()
    #expect(!plan.covers.isEmpty && plan.size <= 9)
    #expect(plan.behind.contains { $0.author != nil })
    let healed = try bench.mend(fromCopy: true)
    #expect(healed.covers.isEmpty && healed.takenBack == 1)
    #expect(try bench.difference() == nil)
  }

  @Test func `only an admin repairs, and only what they were shown`() throws {
    try bench.damage { try $0.run("DELETE FROM item") }
    #expect(refusal { _ = try bench.repair(.dev, fromCopy: false).plan() }?.code == .notPermitted)
    let repair = try bench.repair(fromCopy: false)
    let plan = try repair.plan()
    try RawFile(bench.vault.path).run("DELETE FROM log_node WHERE place = 3")
    #expect(refusal { _ = try repair.carryOut(plan) }?.code == .conflict)
    _ = try repair.carryOut(repair.plan())
    try bench.everybodyGoesOn()
  }

  @Test func `a row that is lost everywhere is named, and takes no other with it`() throws {
    let dev = try #require(bench.vault.people[.dev])
    try bench.damage {
      try $0.run(
        "UPDATE envelope SET sealed = zeroblob(80) WHERE kind = 1 AND recipient = X'\(dev.hex)'; DELETE FROM item")
    }
    let plan = try bench.mend(fromCopy: false)
    #expect(!plan.lost.isEmpty && plan.lost.allSatisfy { $0.table == "envelope" })
    let ada = try bench.session(.ada)
    _ = try ada.tokens()
    _ = try ada.reveal("fabrikam/mail", how: .pipe)
    try ada.commit { try $0.rotate(.token, "contoso/crm-sync", secret: secret("new")) }
    _ = try bench.session(.dev).reveal("contoso/crm-sync", how: .pipe)
  }
}

/// Damage that no statement of SQL could do.
struct PageRepairTests {
  @Test func `a cell that a page lists twice is taken out`() throws {
    let bench = try RepairBench(TamperTests.busyVault())
    for object in ["item", "member", "key_wrap", "metadata_key", "sqlite_autoindex_item_2", "checkpoint"] {
      try bench.damage { _ in }
      try Self.double(object, in: bench.vault.path)
      let plan = try bench.mend(fromCopy: false)
      #expect(!plan.isNothing && plan.lost.isEmpty, "\(object): \(plan.text)")
      #expect(try bench.difference() == nil, "\(object)")
      #expect(try RawFile(bench.vault.path).rows("PRAGMA integrity_check") == [["ok"]])
      try bench.everybodyGoesOn()
    }
  }

  /// Lists the last cell of a b-tree's page a second time.
  private static func double(_ object: String, in path: String) throws {
    let raw = try RawFile(path)
    let root = try #require(Int(raw.rows("SELECT rootpage FROM sqlite_schema WHERE name = '\(object)'")[0][0]))
    let size = try #require(Int(raw.rows("PRAGMA page_size")[0][0]))
    var file = try Data(contentsOf: URL(fileURLWithPath: path))
    let page = (root - 1) * size
    func number(_ place: Int) -> Int { Int(file[page + place]) << 8 | Int(file[page + place + 1]) }
    try #require([0x0a, 0x0d].contains(file[page]), "\(object) is more than a page")
    let count = number(3)
    let (last, next) = (8 + 2 * (count - 1), 8 + 2 * count)
    try #require(next + 2 <= number(5), "no room")
    file.replaceSubrange(page + next..<page + next + 2, with: file[page + last..<page + last + 2])
    file.replaceSubrange(page + 3..<page + 5, with: [UInt8((count + 1) >> 8), UInt8((count + 1) & 0xff)])
    try file.write(to: URL(fileURLWithPath: path))
  }
}
