import Custody
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// Rows that no insert could make: a file that SQLite did not write may list one twice, or have one beside the only one. They
/// are counted, not only matched (issue 14).
struct CountedRowsTests {
  let bench: TamperTests.Bench
  init() throws { bench = try TamperTests.Bench(TamperTests.busyVault()) }

  /// Lists the last cell of a b-tree's page a second time.
  private func double(_ object: String) throws -> VaultError? {
    try bench.finds { raw in
      let root = try #require(Int(raw.rows("SELECT rootpage FROM sqlite_schema WHERE name = '\(object)'")[0][0]))
      let size = try #require(Int(raw.rows("PRAGMA page_size")[0][0]))
      var file = try Data(contentsOf: URL(fileURLWithPath: bench.copy))
      let page = (root - 1) * size
      func number(_ place: Int) -> Int { Int(file[page + place]) << 8 | Int(file[page + place + 1]) }
      // A leaf: of an index or a table without row IDs, or of one with them.
      try #require([0x0a, 0x0d].contains(file[page]), "\(object) is more than a page")
      let count = number(3)
      let (last, next) = (8 + 2 * (count - 1), 8 + 2 * count)
      try #require(next + 2 <= number(5), "no room")
      file.replaceSubrange(page + next..<page + next + 2, with: file[page + last..<page + last + 2])
      file.replaceSubrange(page + 3..<page + 5, with: [UInt8((count + 1) >> 8), UInt8((count + 1) & 0xff)])
      try file.write(to: URL(fileURLWithPath: bench.copy))
    }
  }

  @Test(arguments: [
    "item", "sqlite_autoindex_item_2", "sqlite_autoindex_revision_1", "member", "key_wrap", "metadata_key",
  ])
  func `a cell that is listed twice is found, and named`(object: String) throws {
    let found = try double(object)
    #expect(found?.code == .integrity, "\(object): \(String(describing: found))")
    #expect(found?.reason.hasSuffix("is in no row") == false)
  }

  @Test func `an item that is listed twice traps no list`() throws {
    _ = try double("sqlite_autoindex_item_2")
    let session = try Vault.open(at: bench.copy).unlock(
      as: bench.vault.people[.audrey] ?? .none, with: bench.holder, pins: .unpinned)
    #expect(try session.tokens().count == 2)
    #expect(try session.tokenLives().count == 2)
    #expect(try session.connectors().count == 2)
  }

  @Test func `a vault row beside the one is found, and nobody is led by it`() throws {
    for one in [0, 2] {
      let found = try bench.finds {
        try $0.run("PRAGMA ignore_check_constraints = ON")
        try $0.run("INSERT INTO vault VALUES (\(one), x'\(String(repeating: "00", count: 16))', zeroblob(32))")
      }
      #expect(found?.code == .integrity)
      #expect(found?.reason.contains("table \"vault\"") == true, "\(String(describing: found))")
      let id = try Vault.open(at: bench.vault.path).id
      #expect(try Vault.open(at: bench.copy).id == id)
    }
  }
}
