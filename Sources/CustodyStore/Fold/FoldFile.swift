internal import CustodyMemory

/// The one row that says how far a kept fold has come, and under which key its rows are sealed.
package struct FoldHeadRow: Equatable {
  package let size: UInt64
  /// Of the vault key that seals `key`.
  package let epoch: UInt64
  package let key: [UInt8]
  package let sealed: [UInt8]

  package init(size: UInt64, epoch: UInt64, key: [UInt8], sealed: [UInt8]) {
    (self.size, self.epoch, self.key, self.sealed) = (size, epoch, key, sealed)
  }
}

/// One row of a kept fold. Without `sealed` it is to be removed.
package struct FoldFileRow {
  package let table: UInt8
  package let place: [UInt8]
  package let size: UInt64
  package let sealed: [UInt8]?

  package init(table: UInt8, place: [UInt8], size: UInt64, sealed: [UInt8]?) {
    (self.table, self.place, self.size, self.sealed) = (table, place, size, sealed)
  }
}

/// A kept fold's rows as they were when it was opened, whoever writes to the file after. Knows no key. Used by one thread
/// at a time.
package final class FoldFile {
  /// Beyond this the next start would take longer to read the log than this one takes to copy it.
  private static let longLog = 512 << 10
  /// Milliseconds. What others do here takes a few.
  private static let patience: Int32 = 50

  private let path: SQLitePath
  private let database: SQLiteDatabase
  package let head: FoldHeadRow

  /// Throws whatever is wrong with the file: it is a cache.
  package init(at path: String) throws {
    let place = try SQLitePath(path)
    self.path = place
    // The file and its log are opened by their names one after the other: not while another process puts others there.
    let (database, head) = try FileLock.hold(path + ".lock") {
      let database = try SQLiteDatabase.openFold(at: place, busyTimeout: Self.patience)
      try database.begin(.read)
      guard let head = try FoldSQL.readHead(database) else { throw StoreError.corrupt }
      return (database, head)
    }
    (self.database, self.head) = (database, head)
  }

  deinit { close() }

  private var isClosed = false

  /// Ends the view of the rows, and shortens the log where that is due.
  package func close() {
    guard !isClosed else { return }
    isClosed = true
    database.rollback()
    if path.logSize > Self.longLog { database.emptyLog() }
    database.close()
  }

  package func row(table: UInt8, place: [UInt8]) throws(StoreError) -> FoldFileRow? {
    var found: FoldFileRow?
    try database.run(FoldSQL.row, [.integer(Int64(table)), .blob(place)]) { row throws(StoreError) in
      found = FoldFileRow(table: table, place: place, size: try row.count(0), sealed: try row.blob(1))
      return false
    }
    return found
  }

  /// In the order of their places, which come after that one.
  package func rows(table: UInt8, after place: [UInt8], limit: Int) throws(StoreError) -> [FoldFileRow] {
    try FoldSQL.rows(database, table, after: place, limit)
  }

  /// Writes rows and head in one transaction, through a connection of its own: this one goes on seeing what it saw. False
  /// where the file's head is not `base` any more, or another process writes.
  package func replace(_ base: FoldHeadRow, with head: FoldHeadRow, _ rows: [FoldFileRow]) throws -> Bool {
    let writer = try FileLock.hold(path.text + ".lock") {
      let writer = try SQLiteDatabase.openFold(at: path, busyTimeout: 0)
      try writer.begin(.write)
      return writer
    }
    defer { writer.close() }
    guard try FoldSQL.readHead(writer) == base else { return false }
    try FoldSQL.write(rows, to: writer)
    try FoldSQL.write(head, to: writer)
    try writer.commit()
    return true
  }
}

/// A kept fold that is being made: rows go in and come out until it is finished and takes its place.
package final class FoldFileDraft {
  private let place: SQLitePath
  private let draft: FoldDraft
  private let database: SQLiteDatabase

  package init(for path: String) throws(StoreError) {
    place = try SQLitePath(path)
    try place.checkFolder(SQLiteOptions())
    draft = try FoldDraft(beside: place)
    database = try SQLiteDatabase.createFold(at: draft.path, schema: FoldSQL.schema)
    try database.begin(.write)
  }

  deinit { database.close() }

  /// Fastest in the order of table and place.
  package func write(_ rows: [FoldFileRow]) throws(StoreError) { try FoldSQL.write(rows, to: database) }

  package func row(table: UInt8, place: [UInt8]) throws(StoreError) -> FoldFileRow? {
    var found: FoldFileRow?
    try database.run(FoldSQL.row, [.integer(Int64(table)), .blob(place)]) { row throws(StoreError) in
      found = FoldFileRow(table: table, place: place, size: try row.count(0), sealed: try row.blob(1))
      return false
    }
    return found
  }

  package func rows(table: UInt8, after place: [UInt8], limit: Int) throws(StoreError) -> [FoldFileRow] {
    try FoldSQL.rows(database, table, after: place, limit)
  }

  /// Takes the place of whatever is there. Nothing may be asked of the draft after it.
  package func finish(_ head: FoldHeadRow) throws {
    try FoldSQL.write(head, to: database)
    try database.commit()
    try database.leaveWithLog()
    database.close()
    try FileLock.hold(place.text + ".lock") { try draft.replace(place) }
  }
}

private enum FoldSQL {
  static let schema: StaticString = """
    CREATE TABLE head (
      one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, epoch INTEGER NOT NULL,
      key BLOB NOT NULL, sealed BLOB NOT NULL) STRICT;
    CREATE TABLE row (
      tbl INTEGER NOT NULL, key BLOB NOT NULL, size INTEGER NOT NULL, sealed BLOB NOT NULL,
      PRIMARY KEY (tbl, key)) STRICT, WITHOUT ROWID;
    """
  private static let head = Statement("head", "SELECT size, epoch, key, sealed FROM head")
  private static let setHead = Statement(
    "head", "INSERT OR REPLACE INTO head (one, size, epoch, key, sealed) VALUES (1, $1, $2, $3, $4)")
  static let row = Statement("row", "SELECT size, sealed FROM row WHERE tbl = $1 AND key = $2")
  private static let page = Statement(
    "row", "SELECT key, size, sealed FROM row WHERE tbl = $1 AND key > $2 ORDER BY key LIMIT $3")
  private static let set = Statement(
    "row",
    """
    INSERT INTO row (tbl, key, size, sealed) VALUES ($1, $2, $3, $4)
    ON CONFLICT (tbl, key) DO UPDATE SET size = excluded.size, sealed = excluded.sealed
    """)
  private static let remove = Statement("row", "DELETE FROM row WHERE tbl = $1 AND key = $2")

  static func readHead(_ database: SQLiteDatabase) throws(StoreError) -> FoldHeadRow? {
    var found: FoldHeadRow?
    try database.run(head, []) { row throws(StoreError) in
      found = FoldHeadRow(
        size: try row.count(0), epoch: try row.count(1), key: try row.blob(2), sealed: try row.blob(3))
      return false
    }
    return found
  }

  static func write(_ row: FoldHeadRow, to database: SQLiteDatabase) throws(StoreError) {
    _ = try database.change(setHead, [.count(row.size), .count(row.epoch), .blob(row.key), .blob(row.sealed)])
  }

  static func rows(
    _ database: SQLiteDatabase, _ table: UInt8, after place: [UInt8], _ limit: Int
  ) throws(StoreError) -> [FoldFileRow] {
    var found: [FoldFileRow] = []
    try database.run(page, [.integer(Int64(table)), .blob(place), .integer(Int64(limit))]) { row throws(StoreError) in
      found.append(
        FoldFileRow(table: table, place: try row.blob(0), size: try row.count(1), sealed: try row.blob(2)))
      return true
    }
    return found
  }

  static func write(_ rows: [FoldFileRow], to database: SQLiteDatabase) throws(StoreError) {
    for row in rows {
      if let sealed = row.sealed {
        _ = try database.change(set, [.integer(Int64(row.table)), .blob(row.place), .count(row.size), .blob(sealed)])
      } else {
        _ = try database.change(remove, [.integer(Int64(row.table)), .blob(row.place)])
      }
    }
  }
}
