internal import Migrations

/// Rows as they are, for who puts them right. The schema must be the newest; what stands in the tables may be anything.
extension Store {
  /// As `open`, but for the names of the steps, which are rows like any other here.
  package static func openToRepair(
    at path: String, options: SQLiteOptions = SQLiteOptions()
  ) throws(StoreError) -> Store {
    try checked(SQLiteDatabase.open(at: path, options: options))
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

  package func delete(_ row: StoredRow) throws(StoreError) {
    try changeOne(row.place.layout.delete, row.key.map(\.value))
  }
}

private enum SQL {
  static let laterEntry = Statement("log_entry", "SELECT 1 FROM log_entry WHERE position >= $1 LIMIT 1")
}
