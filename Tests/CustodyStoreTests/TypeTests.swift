import CustodyMemory
import CustodyStore
import Foundation
import Testing

/// STRICT tables refuse a wrong type only while their text says so; who has the file can take the word out and put it back.
@Suite struct TypeTests {
  private static let nullable = [
    "member.request", "envelope.sealed", "item.tag", "exchange.owner", "exchange.journal", "exchange.access_token",
    "revision.secret",
  ]

  @Test func `a value of another type is malformed, whatever the table and column`() throws {
    let folder = try Folder()
    try filled(.sqlite, folder).close()
    let original = try Data(contentsOf: URL(fileURLWithPath: folder.vault))
    let schema = try raw(folder.vault, "SELECT name, sql FROM sqlite_schema WHERE type = 'table'")
    var cases = 0
    for table in schema.compactMap({ $0[0] }) where table != "migration" {
      for column in try raw(folder.vault, "SELECT name, type FROM pragma_table_info('\(table)') WHERE pk = 0") {
        guard let name = column[0], let type = column[1] else { continue }
        for value in wrong(type)
        where !(value == "NULL" && Self.nullable.contains(table + "." + name)) {
          try original.write(to: URL(fileURLWithPath: folder.vault))
          try confuse(folder.vault, schema, "UPDATE OR IGNORE \(table) SET \(name) = \(value)")
          // A row of no item is in no item's range: the item has no value then, and a verification counts one row too many.
          let expected = "\(table).\(name)" == "revision.item" ? nil : StoreError.malformed(table: table)
          #expect(refusal(folder.vault) == expected, "\(table).\(name) = \(value)")
          cases += 1
        }
      }
    }
    #expect(cases > 100)
  }

  private func refusal(_ path: String) -> StoreError? {
    do { try Cast.readAll(Store.open(at: path)) } catch { return error as? StoreError }
    return nil
  }

  private func wrong(_ type: String) -> [String] {
    type == "BLOB" ? ["5", "'text'", "NULL", "1.5"] : ["x'00'", "'text'", "NULL", "1.5", "-1"]
  }

  private func confuse(_ path: String, _ schema: [[String?]], _ sql: String) throws {
    try raw(
      path,
      """
      PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET sql = replace(replace(sql, 'STRICT, WITHOUT', 'WITHOUT'), ') STRICT', ')');
      UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', '');
      """)
    try raw(path, sql)
    let restored = schema.map { row in
      let text = (row[1] ?? "").replacingOccurrences(of: "'", with: "''")
      return "UPDATE sqlite_schema SET sql = '\(text)' WHERE type = 'table' AND name = '\(row[0] ?? "")';"
    }
    try raw(path, "PRAGMA writable_schema = ON;" + restored.joined())
  }

  @Test func `a number, an ID or a hash of another length or range is malformed`() throws {
    for (table, change) in [
      ("item", "UPDATE item SET kind = 3"), ("item", "UPDATE item SET tag = zeroblob(31) WHERE kind = 1"),
      ("item", "UPDATE item SET id = zeroblob(17) WHERE kind = 1"), ("member", "UPDATE member SET key_file = -1"),
      ("key_wrap", "UPDATE key_wrap SET kind = 4"), ("key_wrap", "UPDATE key_wrap SET sha256 = zeroblob(31)"),
      ("log_node", "UPDATE log_node SET hash = x''"),
      ("log_node", "UPDATE log_node SET place = -place - 1"),
      ("envelope", "UPDATE envelope SET sha256 = zeroblob(33)"), ("envelope", "UPDATE envelope SET kind = 3"),
      ("note", "UPDATE note SET kind = 5 WHERE kind = 4 OR entry = 7"),
      ("note", "UPDATE note SET kind = 0 WHERE entry = 7"),
      ("item", "UPDATE item SET metadata_generation = -1"), ("item", "UPDATE item SET details = -1"),
      ("vault", "UPDATE vault SET id = x''"),
      ("checkpoint", "UPDATE checkpoint SET root = zeroblob(64)"),
    ] {
      let folder = try Folder()
      try filled(.sqlite, folder).close()
      try raw(folder.vault, change)
      expect(.malformed(table: table)) { try Cast.readAll(Store.open(at: folder.vault)) }
    }
  }

  @Test func `an item whose newest revision was deleted is known, and says so`() throws {
    let folder = try Folder()
    try filled(.sqlite, folder).close()
    try raw(folder.vault, "DELETE FROM revision")
    let store = try Store.open(at: folder.vault)
    let retrieval = try #require(try store.retrieval(of: Cast.token.id, recipient: Cast.member.id))
    #expect(retrieval.item == Cast.token && retrieval.revision == nil)
    // Who lists items needs no revision.
    #expect(try store.listing(of: Cast.token.id, recipient: Cast.member.id)?.details == Cast.details)
  }

  @Test func `an item whose details were deleted, or are another's, is listed and says so`() throws {
    let folder = try Folder()
    try filled(.sqlite, folder).close()
    try raw(folder.vault, "UPDATE item SET details = 4 WHERE kind = 2")
    let listed = { try Store.open(at: folder.vault).listing(of: Cast.token.id, recipient: Cast.member.id) }
    #expect(try listed()?.details?.item == Cast.connector.id)
    try raw(folder.vault, "DELETE FROM note WHERE kind = 1")
    let listing = try #require(try listed())
    #expect(listing.details == nil && listing.envelope == Cast.metadataEnvelope)
  }
}
