internal import CSQLite
internal import Migrations
internal import Synchronization

/// A trigger, a view or a changed column would let a file act: the schema's text must be the one we wrote.
enum SQLiteSchema {
  struct Object: Equatable, Sendable {
    let type: String, name: String, table: String, sql: String?
  }

  private static let objects = Statement(
    "sqlite_schema", "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name, type")

  /// What the embedded migrations make. Other lists are a test's.
  private static let expected = Mutex<[Object]?>(nil)

  static func check(_ database: SQLiteDatabase, after count: Int) throws(StoreError) {
    let found = try read(database)
    let expected = try expected(database.migrations, count)
    for object in found where !expected.contains(object) { throw .schemaMismatch(object.name) }
    for object in expected where !found.contains(object) { throw .schemaMismatch(object.name) }
    guard found.count == expected.count else { throw .schemaMismatch("sqlite_schema") }
  }

  private static func expected(_ steps: [Migration], _ count: Int) throws(StoreError) -> [Object] {
    guard steps.map(\.name) == Migrations.sqlite.map(\.name), count == steps.count else {
      return try make(steps.prefix(count))
    }
    if let known = expected.withLock({ $0 }) { return known }
    let made = try make(steps[...])
    expected.withLock { $0 = made }
    return made
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
