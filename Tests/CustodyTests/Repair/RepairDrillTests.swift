import CustodyEvidence
@testable import Custody
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// A vault of many items, damaged in many ways, each healed to what an older copy has.
struct RepairDrillTests {
  @Test func `a vault that is damaged at random is healed to what an older copy has, and everybody goes on`() throws {
    let (items, ways) = Sweep.isWhole ? (1000, 200) : (60, 60)
    let vault = try TamperTests.busyVault()
    let ada = try vault.session(.ada)
    try Self.store(items / 2, "older", ada)
    let bench = try RepairBench(vault) { try Self.store(items - items / 2, "newer", ada) }
    let kept = try Self.rows(bench.copy)
    var random = Chance(seed: Sweep.seed)
    var done = 0
    for way in 0..<ways {
      let count = Int.random(in: 1...4, using: &random)
      var said: [String] = []
      try bench.damage { file in
        for _ in 0..<count {
          guard let (table, rows) = kept.randomElement(using: &random), let row = rows.randomElement(using: &random),
            let damage = [RowFault.dropped, .zeroed, .doubled].randomElement(using: &random),
            try file.rows("SELECT 1 FROM \"\(table)\" WHERE \(file.whole(row, of: table))").count == 1,
            try damage.apply(to: row, of: table, file, foreign: nil)
          else { continue }
          said.append("\(damage.rawValue) \(table)")
        }
      }
      guard !said.isEmpty else { continue }
      done += 1
      let plan = try bench.mend(fromCopy: true)
      #expect(plan.lost.isEmpty && plan.covers.isEmpty, "\(way), \(said): \(plan.text)")
      #expect(try bench.difference() == nil, "\(way), \(said)")
      if way % 20 == 0 { try bench.everybodyGoesOn() }
    }
    print("drill: \(done) ways over \(items) items, by seed \(Sweep.seed)")
    #expect(done > ways * 3 / 4)
  }

  private static func store(_ count: Int, _ name: String, _ ada: borrowing Session) throws {
    try ada.commit { transaction in
      for number in 0..<count {
        try transaction.store(
          TokenDetails(tenant: "\(name)-\(number)", connector: "mail", provider: "google", reach: .user),
          secret: secret("token-\(number)"))
        if number % 3 == 0 {
          try transaction.share(.token, "\(name)-\(number)/mail", Share(with: "dev", reason: "drill"))
        }
      }
    }
  }

  private static func rows(_ path: String) throws -> [(String, [[String]])] {
    let raw = try RawFile(path)
    return try TamperTests.tables.map { ($0, try raw.literals(of: $0)) }
  }
}

extension RawFile {
  /// `WHERE` for a row by all of its cells.
  fileprivate func whole(_ row: [String], of table: String) throws -> String {
    zip(try columns(of: table), row).map { "\"\($0.name)\" IS \($1)" }.joined(separator: " AND ")
  }
}
