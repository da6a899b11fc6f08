internal import CSQLite
internal import Migrations

/// Compares a file's schema with the one that Custody makes. A trigger, a view or a changed column would let the file
/// act.
package enum SQLiteSchema {
  struct Object: Equatable, Sendable {
    let type: String, name: String, table: String, sql: String?

    /// The object in lines. The lengths of its four texts come first, so that no two objects have the same lines.
    fileprivate var lines: String {
      let texts = [type, name, table, sql ?? ""]
      let counts = texts.map { String($0.utf8.count) } + (sql == nil ? ["null"] : [])
      return counts.joined(separator: " ") + "\n" + texts.joined(separator: "\n") + "\n"
    }
  }

  private static let objects = Statement(
    "sqlite_schema", "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name, type")

  /// The lines of the newest schema. Making them takes a third as long as opening a vault, so opening compares with
  /// `Migrations.sqliteSchema`, and a test compares that text with these lines.
  package static func newest() throws(StoreError) -> [UInt8] {
    lines(try make(Migrations.sqlite[...]))
  }

  private static func lines(_ objects: [Object]) -> [UInt8] { Array(objects.map(\.lines).joined(separator: "\n").utf8) }

  static func check(_ database: SQLiteDatabase, after count: Int) throws(StoreError) {
    let found = try read(database)
    let isNewest = count == Migrations.sqlite.count && database.migrations.map(\.name) == Migrations.sqlite.map(\.name)
    guard !isNewest || lines(found) != Migrations.sqliteSchema else { return }
    // The schema is older, a test's, or wrong. Find out which object is wrong.
    let expected = try make(database.migrations.prefix(count))
    for object in found where !expected.contains(object) { throw .schemaMismatch(object.name) }
    for object in expected where !found.contains(object) { throw .schemaMismatch(object.name) }
    guard found.count == expected.count else { throw .schemaMismatch("sqlite_schema") }
  }

  /// Names of objects, read without SQLite, that the newest schema does not have in this form. Nil if none of that
  /// schema was found.
  static func foreign(in found: [Object]) throws(StoreError) -> [String]? {
    let expected = try make(Migrations.sqlite[...])
    guard found.contains(where: expected.contains) else { return nil }
    return found.filter { !expected.contains($0) }.map(\.name).sorted()
  }

  private static func make(_ steps: ArraySlice<Migration>) throws(StoreError) -> [Object] {
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY
    let database = try SQLiteDatabase(name: ":memory:", flags: flags, options: SQLiteOptions())
    for step in steps { try database.execute(script: step.sql) }
    return try read(database)
  }

  private static func read(_ database: SQLiteDatabase) throws(StoreError) -> [Object] {
    var found: [Object] = []
    try database.run(objects, []) { row throws(StoreError) in
      let sql = row.isNull(3) ? nil : try row.text(3)
      found.append(Object(type: try row.text(0), name: try row.text(1), table: try row.text(2), sql: sql))
      return true
    }
    return found
  }
}
