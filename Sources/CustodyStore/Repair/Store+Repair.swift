package import CustodyValues
internal import Migrations

/// Access to rows for a repair. The schema must be the newest, but the rows may hold anything.
extension Store {
  /// Opens a vault for repair, like `open` but without checking the names of the migrations, which are ordinary rows
  /// here. Also returns the path of a write-ahead log that does not continue the file: it is of another time, or a
  /// repair ended before the log was copied into the file.
  package static func connectToRepair(
    at path: String, options: SQLiteOptions = SQLiteOptions()
  ) throws(StoreError) -> (store: Store, doubtfulLog: String?) {
    let (database, doubtful) = try connectBesideLog(path, options)
    do throws(StoreError) {
      // A damaged file may lack rows that others refer to.
      try database.execute(script: Array("PRAGMA foreign_keys = OFF".utf8))
      try database.checkSchema(after: database.migrations.count)
      let store = Store(database)
      guard try store.isSound() else { throw StoreError.corrupt }
      return (store, doubtful)
    } catch {
      database.close()
      throw error
    }
  }

  /// Begins to fill a new file, in one transaction.
  func fill(_ body: () throws(StoreError) -> Void) throws(StoreError) {
    try execute(script: "PRAGMA foreign_keys = OFF")
    try writeRows(body)
  }

  /// Opens a file without writing to it or making files beside it.
  package static func connectToCopy(
    at path: String, options: SQLiteOptions = SQLiteOptions()
  ) throws(StoreError) -> Store {
    let database = try SQLiteDatabase.connectToCopy(at: path, options: options)
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

  /// The row of a complete key.
  package func stored(_ table: StoredTable, key: [StoredRow.Cell]) throws(StoreError) -> StoredRow? {
    try first(table.layout.one, key.map(\.value)) { row throws(StoreError) in try StoredRow(row, of: table) }
  }

  /// Rows that may be wrapped keys of a recipient, the newest first.
  package func wraps(of recipient: Identifier, limit: Int) throws(StoreError) -> [StoredRow] {
    try all(SQL.wraps, [.identifier(recipient), .integer(Int64(limit))]) { row throws(StoreError) in
      try StoredRow(row, of: .keyWrap)
    }
  }

  /// True if a vault key of a later epoch is wrapped for anyone.
  package func hasWraps(after epoch: UInt64) throws(StoreError) -> Bool {
    try first(SQL.laterWrap, [.count(epoch)]) { _ throws(StoreError) in true } ?? false
  }

  /// True if there is an entry at this position or later.
  package func hasEntry(from position: UInt64) throws(StoreError) -> Bool {
    try first(SQL.laterEntry, [.count(position)]) { _ throws(StoreError) in true } ?? false
  }

  package func insert(_ row: StoredRow) throws(StoreError) {
    try change(row.place.layout.insert, row.cells.map(\.value))
  }

  /// True if SQLite's own structure is sound, including the indexes. Visits every row.
  package func isSound() throws(StoreError) -> Bool {
    try first(SQL.check, []) { row throws(StoreError) in try row.text(0) == "ok" } ?? false
  }

  package func delete(_ row: StoredRow) throws(StoreError) {
    try changeOne(row.place.layout.delete, row.key.map(\.value))
  }
}

private enum SQL {
  static let check = Statement("sqlite_schema", "PRAGMA integrity_check(1)")
  static let wraps = Statement(
    "key_wrap",
    """
    SELECT recipient, sealed_in, epoch, kind, sealed, sha256 FROM key_wrap WHERE recipient = $1
    ORDER BY sealed_in DESC, epoch DESC LIMIT $2
    """)
  static let laterWrap = Statement("key_wrap", "SELECT 1 FROM key_wrap WHERE epoch > $1 LIMIT 1")
  static let laterEntry = Statement("log_entry", "SELECT 1 FROM log_entry WHERE position >= $1 LIMIT 1")
}
