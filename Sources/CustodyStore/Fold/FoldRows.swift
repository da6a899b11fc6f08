internal import CustodyValues

/// The head of a kept fold: the size of the log that it covers, and the sealed key of its rows.
package struct FoldHeadRow: Equatable {
  package let size: UInt64
  /// The epoch of the vault key that seals `key`.
  package let epoch: UInt64
  package let key: [UInt8]
  package let sealed: [UInt8]

  package init(size: UInt64, epoch: UInt64, key: [UInt8], sealed: [UInt8]) {
    (self.size, self.epoch, self.key, self.sealed) = (size, epoch, key, sealed)
  }
}

/// A row of a kept fold: a sealed value, or a bucket of the index that tells which row holds a value. Values are
/// numbered from 1 in the order of their making, buckets from 0.
package struct FoldFileRow {
  package let number: UInt32
  /// The fold's table that the row belongs to; 0 for a bucket.
  package let table: UInt8
  /// The size of the log that the fold covered when this row was written.
  package let size: UInt64
  package let sealed: [UInt8]

  package init(number: UInt32, table: UInt8, size: UInt64, sealed: [UInt8]) {
    (self.number, self.table, self.size, self.sealed) = (number, table, size, sealed)
  }
}

/// The rows of a kept fold on one connection, which may be reading, writing or making the file.
package final class FoldRows {
  let database: SQLiteDatabase
  private var transaction: PendingTransaction?

  init(_ database: SQLiteDatabase) { self.database = database }

  /// All that is asked from now on is of one moment, and all that is written is kept by `commit`, or by nothing.
  func begin(_ kind: DatabaseTransaction) throws(StoreError) {
    transaction = try PendingTransaction(kind, on: database)
  }
  func commit() throws(StoreError) { try transaction.take()?.commit() }
  func end() { transaction = nil }

  package func row(table: UInt8, _ number: UInt32) throws(StoreError) -> FoldFileRow? {
    try first(SQL.row, Self.place(table, number))
  }
  package func bucket(_ number: UInt32) throws(StoreError) -> FoldFileRow? { try first(SQL.bucket, Int64(number)) }

  /// The row's number in the file. Rows of one table lie together, so that reading few rows loads no pages of other
  /// tables.
  private static func place(_ table: UInt8, _ number: UInt32) -> Int64 { Int64(table) << 32 | Int64(number) }

  /// Rows of one table behind `number`, at most `limit`, in the order of their making.
  package func rows(table: UInt8, after number: UInt32, limit: Int) throws(StoreError) -> [FoldFileRow] {
    var (found, last) = ([FoldFileRow](), number)
    found.reserveCapacity(limit)
    let values = [Self.place(table, number), Self.place(table, .max), Int64(limit)].map { Value.integer($0) }
    try database.run(SQL.page, values) { row throws(StoreError) in
      let next = try Self.record(row)
      // Damaged pages may form a cycle.
      guard next.number > last else { throw .corrupt }
      last = next.number
      found.append(next)
      return true
    }
    return found
  }

  package func put(_ row: FoldFileRow) throws(StoreError) {
    _ = try database.change(
      SQL.putRow, [.integer(Self.place(row.table, row.number)), .count(row.size), .blob(row.sealed)])
  }

  package func put(bucket: FoldFileRow) throws(StoreError) {
    _ = try database.change(
      SQL.putBucket, [.integer(Int64(bucket.number)), .count(bucket.size), .blob(bucket.sealed)])
  }

  package func remove(table: UInt8, _ number: UInt32) throws(StoreError) {
    _ = try database.change(SQL.remove, [.integer(Self.place(table, number))])
  }

  func head() throws(StoreError) -> FoldHeadRow? {
    var found: FoldHeadRow?
    try database.run(SQL.head, []) { row throws(StoreError) in
      found = FoldHeadRow(
        size: try row.count(0), epoch: try row.count(1), key: try row.blob(2), sealed: try row.blob(3))
      return false
    }
    return found
  }

  func put(_ head: FoldHeadRow) throws(StoreError) {
    _ = try database.change(SQL.putHead, [.count(head.size), .count(head.epoch), .blob(head.key), .blob(head.sealed)])
  }

  private func first(_ statement: Statement, _ place: Int64) throws(StoreError) -> FoldFileRow? {
    var found: FoldFileRow?
    try database.run(statement, [.integer(place)]) { row throws(StoreError) in
      found = try Self.record(row)
      return false
    }
    return found
  }

  private static func record(_ row: any Row) throws(StoreError) -> FoldFileRow {
    let place = try row.integer(0)
    guard let table = UInt8(exactly: place >> 32) else { throw row.malformed }
    return FoldFileRow(
      number: UInt32(truncatingIfNeeded: place), table: table, size: try row.count(1), sealed: try row.blob(2))
  }

  static let schema: StaticString = """
    CREATE TABLE head (
      one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, epoch INTEGER NOT NULL,
      key BLOB NOT NULL, sealed BLOB NOT NULL) STRICT;
    CREATE TABLE row (place INTEGER PRIMARY KEY, size INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT;
    CREATE TABLE bucket (number INTEGER PRIMARY KEY, size INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT;
    """
}

private enum SQL {
  static let head = Statement("head", "SELECT size, epoch, key, sealed FROM head")
  static let putHead = Statement(
    "head", "INSERT OR REPLACE INTO head (one, size, epoch, key, sealed) VALUES (1, $1, $2, $3, $4)")
  static let row = Statement("row", "SELECT place, size, sealed FROM row WHERE place = $1")
  static let page = Statement(
    "row", "SELECT place, size, sealed FROM row WHERE place > $1 AND place <= $2 ORDER BY place LIMIT $3")
  static let putRow = Statement(
    "row", "INSERT OR REPLACE INTO row (place, size, sealed) VALUES ($1, $2, $3)")
  static let remove = Statement("row", "DELETE FROM row WHERE place = $1")
  static let bucket = Statement("bucket", "SELECT number, size, sealed FROM bucket WHERE number = $1")
  static let putBucket = Statement(
    "bucket", "INSERT OR REPLACE INTO bucket (number, size, sealed) VALUES ($1, $2, $3)")
}
