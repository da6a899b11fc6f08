@testable import Custody
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// Rows that are taken back from an untrusted copy.
struct RepairFromTests {
  @Test(arguments: RowFault.allCases)
  func `every row of every table that is damaged is healed from a copy`(_ damage: RowFault) throws {
    let bench = try RepairBench(TamperTests.busyVault())
    let raw = try RawFile(bench.whole)
    let second = try damage == .foreign ? TamperTests.busyVault(.second) : nil
    let other = try second.map { try RawFile($0.path) }
    var tried = 0
    for table in TamperTests.tables {
      let strangers = try other?.literals(of: table) ?? []
      for (number, row) in try raw.literals(of: table).enumerated() {
        var isDone = false
        try bench.damage { file in
          isDone = try damage.apply(
            to: row, of: table, file, foreign: number < strangers.count ? strangers[number] : nil)
        }
        guard isDone else { continue }
        tried += 1
        let plan = try bench.mend(fromCopy: true)
        #expect(plan.lost.isEmpty && plan.covers.isEmpty, "\(table) \(number): \(plan.text)")
        #expect(try bench.difference() == nil, "\(table) \(number)")
        if number == 0 { try bench.everybodyGoesOn() }
      }
    }
    print("rows \(damage.rawValue), healed: \(tried)")
    #expect(tried > 100 || damage == .foreign && tried > 50)
  }

  @Test(arguments: [
    "DELETE FROM member; DELETE FROM key_wrap; DELETE FROM vault; DELETE FROM migration",
    "UPDATE member SET memory = 1099511627776", "UPDATE member SET memory = 17",
    "UPDATE key_wrap SET sealed = zeroblob(80)",
  ])
  func `whoever's own rows are lost, or not theirs any more, unlocks by those of the copy`(damage: String) throws {
    let bench = try RepairBench(TamperTests.busyVault())
    let ada = try #require(bench.vault.people[.ada])
    try bench.damage { try $0.run(damage) }
    let passphrase = Person.ada.passphrase
    #expect(
      refusal {
        _ = try Vault.open(at: bench.vault.path).unlock(as: ada, by: .passphrase(secret(passphrase)), pins: .unpinned)
      } != nil)
    let damaged = try DamagedVault.open(at: bench.vault.path, from: bench.copy)
    #expect(try Set(damaged.ids) == [bench.id])
    let repair = try damaged.unlock(
      as: ada, of: bench.id, by: .passphrase(secret(passphrase)), genesis: bench.vault.genesis, pins: .unpinned)
    _ = try repair.carryOut(repair.plan())
    #expect(try bench.difference() == nil)
    try bench.everybodyGoesOn()
  }

  @Test func `a copy that is another vault, or that somebody changed, gives nothing that the log does not name`() throws
  {
    let bench = try RepairBench(TamperTests.busyVault())
    let raw = try RawFile(bench.copy)
    try raw.run("UPDATE revision SET secret = zeroblob(105); UPDATE member SET seed = zeroblob(105)")
    try raw.run("UPDATE key_wrap SET sealed = zeroblob(80); UPDATE note SET sealed = zeroblob(80)")
    try bench.damage { try $0.run("DELETE FROM revision; DELETE FROM note") }
    let plan = try bench.mend(fromCopy: true)
    #expect(plan.takenBack == 0)
    #expect(Set(plan.lost.map(\.table)) == ["revision", "note"])
    #expect(try RawFile(bench.vault.path).rows("SELECT count(*) FROM revision") == [["0"]])
  }

  @Test func `what was taken from somebody since a copy was made is not given back`() throws {
    let vault = try TamperTests.busyVault()
    let bench = try RepairBench(vault) {
      try vault.session(.ada).commit { _ = try $0.unshare(.token, "contoso/crm-sync", from: "dev", reason: "done") }
    }
    try bench.damage { try $0.run("DELETE FROM envelope") }
    let plan = try bench.mend(fromCopy: true)
    // The unshare made a new metadata key, which is in no older copy.
    #expect(Set(plan.lost.map(\.table)).isSubset(of: ["envelope"]))
    #expect(refusal { _ = try bench.session(.dev).reveal("contoso/crm-sync", how: .pipe) }?.code == .notShared)
    let open = try RawFile(vault.path).rows(
      """
      SELECT count(*) FROM envelope JOIN item ON item.id = envelope.item AND item.generation = envelope.generation
      WHERE envelope.kind = 1 AND item.kind = 2 AND sealed IS NOT NULL
        AND recipient = X'\(vault.people[.dev]?.hex ?? "")'
      """)
    #expect(open == [["1"]])  // fabrikam/mail
  }

  @Test func `a token whose exchange row is lost is in doubt, whatever a copy says`() throws {
    let bench = try RepairBench(exchanged())
    try bench.damage { try $0.run("DELETE FROM exchange") }
    try expectDoubt(bench, bench.mend(fromCopy: true))
  }

  @Test func `a token whose exchange is cut is in doubt, whatever its row says`() throws {
    let bench = try RepairBench(exchanged())
    try bench.damage { try $0.run("DELETE FROM log_entry WHERE position = (SELECT max(position) FROM log_entry)") }
    #expect(try !bench.repair(fromCopy: false).plan().covers.isEmpty)
    try expectDoubt(bench, bench.mend(fromCopy: false, cut: "the disk died"))
  }

  private func expectDoubt(_ bench: RepairBench, _ plan: RepairPlan) throws {
    #expect(plan.doubted.count == 1 && plan.takenBack == 0)
    let token = try bench.session(.ada).token("contoso/crm-sync").item.id
    #expect(try bench.session(.ada).lastExchange(of: token)?.outcome == .unknown)
    try bench.verify()
  }

  /// A vault in which ada exchanged a token last.
  private func exchanged() throws -> TemporaryVault {
    let vault = try TemporaryVault()
    try vault.furnish()
    try vault.session(.dev).commit { try $0.share(.connector, "crm-sync", Share(with: "ada")) }
    let ada = try vault.session(.ada)
    let claim = try ada.claim("contoso/crm-sync")
    _ = try ada.finishExchange(
      claim, how: .pipe,
      ExchangeAnswer(
        accessToken: secret("access"), refreshToken: secret("refresh-2"), facts: .init(obtained: vault.clock.now())))
    return vault
  }
}
