internal import Migrations

/// Rows as they are, for who puts them right. The schema must be the newest; what stands in the tables may be anything.
extension Store {
  /// As `open`, but for the names of the steps, which are rows like any other here. A log beside the file that does not lead
  /// on from it is named: it is of another time, or of a repair that ended before it was put into the file.
  package static func openToRepair(
    at path: String, options: SQLiteOptions = SQLiteOptions()
  ) throws(StoreError) -> (store: Store, doubtfulLog: String?) {
    let (database, doubtful) = try openBesideLog(path, options)
    // In a damaged file rows are missing that others refer to; and a table is only emptied whole where none is followed.
    try database.execute(script: Array("PRAGMA foreign_keys = OFF".utf8))
    return (try checked(database), doubtful)
  }

  /// A file that nothing is written to or made beside.
  package static func openCopy(
    at path: String, options: SQLiteOptions = SQLiteOptions()
  ) throws(StoreError) -> Store {
    try checked(SQLiteDatabase.openCopy(at: path, options: options))
  }

  private static func checked(_ database: SQLiteDatabase) throws(StoreError) -> Store {
    do throws(StoreError) { try database.checkSchema(after: database.migrations.count) } catch {
      database.close()
      throw error
    }
    return Store(database)
  }

  package static var newestMigrations: [String] { Migrations.sqlite.map(\.name) }

  package func eachStored(_ table: StoredTable, _ body: (StoredRow) throws -> Void) throws {
    try each(table.layout.all, [], { row throws(StoreError) in try StoredRow(row, of: table) }, body)
  }

  /// Those whose first column is this.
  package func stored(_ table: StoredTable, _ first: StoredRow.Cell) throws(StoreError) -> [StoredRow] {
    try all(table.layout.some, [first.value]) { row throws(StoreError) in try StoredRow(row, of: table) }
  }

  /// The row of a whole key.
  package func stored(_ table: StoredTable, key: [StoredRow.Cell]) throws(StoreError) -> StoredRow? {
    guard let first = key.first else { return nil }
    return try stored(table, first).first { $0.key == key }
  }

  /// Whether an entry stands at this position or behind it.
  package func hasEntry(from position: UInt64) throws(StoreError) -> Bool {
    try first(SQL.laterEntry, [.count(position)]) { _ throws(StoreError) in true } ?? false
  }

  package func insert(_ row: StoredRow) throws(StoreError) {
    try change(row.place.layout.insert, row.cells.map(\.value))
  }

  /// Where a key stands twice, no single row can be deleted by it: all go, and what is right comes again.
  package func rewrite(_ table: StoredTable, without out: [StoredRow]) throws {
    var going = Dictionary(out.map { ($0.cells, 1) }, uniquingKeysWith: +)
    var kept: [StoredRow] = []
    try eachStored(table) { row in
      guard let count = going[row.cells], count > 0 else { return kept.append(row) }
      going[row.cells] = count - 1
    }
    try change(table.layout.clear, [])
    for row in kept { try insert(row) }
  }

  /// Whether SQLite's own structure holds, its indexes among it. Visits every row.
  package func isSound() throws(StoreError) -> Bool {
    try first(SQL.check, []) { row throws(StoreError) in try row.text(0) == "ok" } ?? false
  }

  /// Makes every index anew from its table.
  package func reindex() throws(StoreError) { _ = try change(SQL.reindex, []) }

  package func delete(_ row: StoredRow) throws(StoreError) {
    try changeOne(row.place.layout.delete, row.key.map(\.value))
  }
}

private enum SQL {
  static let check = Statement("sqlite_schema", "PRAGMA integrity_check(1)")
  static let reindex = Statement("sqlite_schema", "REINDEX")
  static let laterEntry = Statement("log_entry", "SELECT 1 FROM log_entry WHERE position >= $1 LIMIT 1")
}
