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
  /// By which it is found. No two rows have the same.
  package let mark: Int64
  package let size: UInt64
  package let sealed: [UInt8]?

  package init(table: UInt8, mark: Int64, size: UInt64, sealed: [UInt8]?) {
    (self.table, self.mark, self.size, self.sealed) = (table, mark, size, sealed)
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

  package func row(mark: Int64) throws(StoreError) -> FoldFileRow? {
    try FoldSQL.first(database, FoldSQL.row, [.integer(mark)])
  }

  /// In the order in which they were first written; with the number of the last one.
  package func rows(
    table: UInt8, after number: Int64, limit: Int
  ) throws(StoreError) -> (rows: [FoldFileRow], last: Int64) {
    try FoldSQL.rows(database, table, after: number, limit)
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
///
/// New rows stand one behind the other, so that writing a million costs no more each than writing a thousand; where a
/// row stands is in memory until the end, when the index is made in one piece.
package final class FoldFileDraft {
  private let place: SQLitePath
  private let draft: FoldDraft
  private let database: SQLiteDatabase
  private var numbers: [Int64: UInt32] = [:]
  private var last: UInt32 = 0

  package init(for path: String) throws(StoreError) {
    place = try SQLitePath(path)
    try place.checkFolder(SQLiteOptions())
    draft = try FoldDraft(beside: place)
    database = try SQLiteDatabase.createFold(at: draft.path, schema: FoldSQL.schema)
    try database.begin(.write)
  }

  deinit { database.close() }

  package func write(_ rows: [FoldFileRow]) throws(StoreError) {
    for row in rows {
      let number = numbers[row.mark]
      if let sealed = row.sealed {
        if let number {
          _ = try database.change(FoldSQL.update, [.integer(Int64(number)), .count(row.size), .blob(sealed)])
        } else {
          guard last < .max else { throw .full }
          last += 1
          numbers[row.mark] = last
          _ = try database.change(
            FoldSQL.insert,
            [.integer(Int64(last)), .integer(Int64(row.table)), .integer(row.mark), .count(row.size), .blob(sealed)])
        }
      } else if let number {
        numbers[row.mark] = nil
        _ = try database.change(FoldSQL.removeNumber, [.integer(Int64(number))])
      }
    }
  }

  package func row(mark: Int64) throws(StoreError) -> FoldFileRow? {
    guard let number = numbers[mark] else { return nil }
    guard let row = try FoldSQL.first(database, FoldSQL.rowOfNumber, [.integer(Int64(number))]) else { throw .corrupt }
    return row
  }

  package func rows(
    table: UInt8, after number: Int64, limit: Int
  ) throws(StoreError) -> (rows: [FoldFileRow], last: Int64) {
    try FoldSQL.rows(database, table, after: number, limit)
  }

  /// Takes the place of whatever is there. Nothing may be asked of the draft after it.
  package func finish(_ head: FoldHeadRow) throws {
    numbers = [:]
    try FoldSQL.write(head, to: database)
    try database.execute(script: FoldSQL.index)
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
      number INTEGER PRIMARY KEY, tbl INTEGER NOT NULL, mark INTEGER NOT NULL, size INTEGER NOT NULL,
      sealed BLOB NOT NULL) STRICT;
    """
  static let index = Array("CREATE UNIQUE INDEX row_mark ON row (mark)".utf8)
  private static let head = Statement("head", "SELECT size, epoch, key, sealed FROM head")
  private static let setHead = Statement(
    "head", "INSERT OR REPLACE INTO head (one, size, epoch, key, sealed) VALUES (1, $1, $2, $3, $4)")
  static let row = Statement("row", "SELECT number, tbl, mark, size, sealed FROM row WHERE mark = $1")
  static let rowOfNumber = Statement("row", "SELECT number, tbl, mark, size, sealed FROM row WHERE number = $1")
  private static let page = Statement(
    "row",
    "SELECT number, tbl, mark, size, sealed FROM row WHERE number > $1 AND tbl = $2 ORDER BY number LIMIT $3")
  static let insert = Statement(
    "row", "INSERT INTO row (number, tbl, mark, size, sealed) VALUES ($1, $2, $3, $4, $5)")
  static let update = Statement("row", "UPDATE row SET size = $2, sealed = $3 WHERE number = $1")
  static let removeNumber = Statement("row", "DELETE FROM row WHERE number = $1")
  private static let set = Statement(
    "row",
    """
    INSERT INTO row (tbl, mark, size, sealed) VALUES ($1, $2, $3, $4)
    ON CONFLICT (mark) DO UPDATE SET tbl = excluded.tbl, size = excluded.size, sealed = excluded.sealed
    """)
  private static let remove = Statement("row", "DELETE FROM row WHERE mark = $1")

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

  private static func record(_ row: any Row) throws(StoreError) -> FoldFileRow {
    guard let table = UInt8(exactly: try row.integer(1)) else { throw row.malformed }
    return FoldFileRow(table: table, mark: try row.integer(2), size: try row.count(3), sealed: try row.blob(4))
  }

  static func first(
    _ database: SQLiteDatabase, _ statement: Statement, _ values: [Value]
  ) throws(StoreError) -> FoldFileRow? {
    var found: FoldFileRow?
    try database.run(statement, values) { row throws(StoreError) in
      found = try record(row)
      return false
    }
    return found
  }

  static func rows(
    _ database: SQLiteDatabase, _ table: UInt8, after number: Int64, _ limit: Int
  ) throws(StoreError) -> (rows: [FoldFileRow], last: Int64) {
    var (found, last) = ([FoldFileRow](), number)
    found.reserveCapacity(limit)
    let values = [Value.integer(number), .integer(Int64(table)), .integer(Int64(limit))]
    try database.run(page, values) { row throws(StoreError) in
      let number = try row.integer(0)
      guard number > last else { throw .corrupt }
      last = number
      found.append(try record(row))
      return true
    }
    return (found, last)
  }

  static func write(_ rows: [FoldFileRow], to database: SQLiteDatabase) throws(StoreError) {
    for row in rows {
      if let sealed = row.sealed {
        _ = try database.change(set, [.integer(Int64(row.table)), .integer(row.mark), .count(row.size), .blob(sealed)])
      } else {
        _ = try database.change(remove, [.integer(row.mark)])
      }
    }
  }
}
