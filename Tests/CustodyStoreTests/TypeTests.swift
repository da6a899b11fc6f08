import CustodySystem
import CustodyValues
import CustodyStore
import Foundation
import Testing

/// STRICT tables refuse a wrong type only while their text says so; who has the file can take the word out and put it back.
@Suite struct TypeTests {
  private static let nullable = [
    "member.request", "envelope.sealed", "item.tag", "exchange.owner", "exchange.journal", "exchange.access_token",
    "revision.secret", "key_wrap.sealed",
  ]

  /// Which nobody vouches for.
  private static let numbers = ["exchange.fence", "exchange.beat", "exchange.generation"]

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
          let column = "\(table).\(name)"
          let expected: Set<String> = column == "revision.item" || Self.numbers.contains(column) ? [] : [table]
          #expect(try malformed(folder.vault) == expected, "\(table).\(name) = \(value)")
          cases += 1
        }
      }
    }
    #expect(cases > 100)
  }

  /// The tables with rows that are passed over, or that end a query where the row's loss may not be taken for nothing.
  private func malformed(_ path: String) throws -> Set<String> {
    let store = try Store.connect(to: path)
    do { try Cast.readAll(store) } catch StoreError.malformed(let table) { return [table] }
    return Set(store.takeUnreadable().map(\.table))
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
      #expect(try malformed(folder.vault) == [table], "\(change)")
    }
  }

  @Test func `a malformed row is passed over, and the rows around it are read`() throws {
    let folder = try Folder()
    try filled(.sqlite, folder).close()
    try raw(
      folder.vault,
      """
      UPDATE item SET revision = -1 WHERE kind = 1; UPDATE note SET item = x'00' WHERE entry = 4;
      UPDATE log_node SET hash = x'' WHERE place = 0; UPDATE checkpoint SET root = x'' WHERE size = 3;
      """)
    let store = try Store.connect(to: folder.vault)
    var items: [ItemRow] = []
    try store.eachItem { items.append($0) }
    #expect(items == [Cast.token])
    #expect(try store.item(id: Cast.connector.id) == nil)
    #expect(try store.notes(after: nil) == Array(Cast.notes.dropFirst()))
    #expect(try store.nodes(level: 0, from: 0) == [Cast.nodes[1]])
    #expect(try store.newestCheckpoint() == Cast.checkpoints[0])
    #expect(
      Dictionary(uniqueKeysWithValues: store.takeUnreadable().map { ($0.table, $0.key) }) == [
        "checkpoint": .number(3), "item": .identifier(Cast.connector.id), "log_node": .number(0), "note": .number(4),
      ])
    #expect(store.takeUnreadable().isEmpty)
  }

  @Test func `pages go on behind any number of malformed rows`() throws {
    let folder = try Folder()
    try filled(.sqlite, folder).close()
    try raw(
      folder.vault,
      """
      WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 700)
      INSERT INTO log_node SELECT i, CASE i WHEN 700 THEN zeroblob(32) ELSE x'00' END FROM n;
      """)
    let store = try Store.connect(to: folder.vault)
    #expect(try store.nodes(level: 0, from: 2).map(\.number) == [700])
    #expect(try store.nodes(level: 0, from: 701).isEmpty)
    #expect(store.takeUnreadable().count == 698)
  }

  @Test func `an item whose newest revision was deleted is known, and says so`() throws {
    let folder = try Folder()
    try filled(.sqlite, folder).close()
    try raw(folder.vault, "DELETE FROM revision")
    let store = try Store.connect(to: folder.vault)
    let retrieval = try #require(try store.retrieval(of: Cast.token.id, recipient: Cast.member.id))
    #expect(retrieval.item == Cast.token && retrieval.revision == nil)
    // Listing an item needs no revision.
    #expect(try store.listing(of: Cast.token.id, recipient: Cast.member.id)?.details == Cast.details)
  }

  @Test func `an item whose details were deleted, or are another's, is listed and says so`() throws {
    let folder = try Folder()
    try filled(.sqlite, folder).close()
    try raw(folder.vault, "UPDATE item SET details = 4 WHERE kind = 2")
    let listed = { try Store.connect(to: folder.vault).listing(of: Cast.token.id, recipient: Cast.member.id) }
    #expect(try listed()?.details?.item == Cast.connector.id)
    try raw(folder.vault, "DELETE FROM note WHERE kind = 1")
    let listing = try #require(try listed())
    #expect(listing.details == nil && listing.envelope == Cast.metadataEnvelope)
  }
}
