/// The rows of a vault. It knows no plaintext, no role and no key. One thread at a time uses it.
///
/// Queries throw `StoreError`. A malformed row is skipped as if it were missing, and kept for `takeUnreadable`.
/// Inserting a key that is taken throws `conflict`; changing a missing row throws `notFound`.
package final class Store {
  private let database: any Database
  /// Malformed rows that queries met since they were last taken. Bounded, because a damaged file can have a million.
  private var unreadable: Set<UnreadableRow> = []
  private static let mostUnreadable = 1000

  package init(_ database: any Database) { self.database = database }

  package var isReadOnly: Bool { database.isReadOnly }

  /// Closes the connection. The store is not usable afterwards.
  package func close() { database.close() }

  // MARK: Transactions

  /// All that `body` reads is of one moment.
  package func read<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result {
    try database.within(.read, failing: { $0 }, body)
  }

  /// As `read`; `failing` says what it is called that the transaction itself fails.
  package func read<Result: ~Copyable>(
    failing: (StoreError) -> any Error, _ body: () throws -> Result
  ) throws -> Result {
    try database.within(.read, failing: failing, body)
  }

  /// Runs `body` in a write transaction. If it throws, nothing is written. No other writer comes between its reads
  /// and writes.
  package func write<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result {
    try database.within(.write, failing: { $0 }, body)
  }

  /// Runs `body` like `write`, but throws almost at once if another connection is writing.
  package func writeUnlessBusy<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result {
    database.waitsForOthers = false
    defer { database.waitsForOthers = true }
    return try write(body)
  }

  /// As `write`, for what only the store throws.
  func writeRows<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    try database.within(.write, failing: { $0 }, body)
  }

  /// Copies the whole write-ahead log into the file.
  package func emptyLog() throws(StoreError) { try database.emptyLog() }

  func execute(script: String) throws(StoreError) { try database.execute(script: Array(script.utf8)) }

  /// Makes all tables, in an empty database.
  func makeTables() throws(StoreError) { try database.migrateFromNothing() }

  /// Allows the write-ahead log that was found beside the file to be copied into it. Call it once the rows have been
  /// verified.
  package func trustLog() { database.trustLog() }
  /// The path of that log while it is not trusted. Nil if there was none.
  package var untrustedLog: String? { database.untrustedLog }

  // MARK: What the queries are made of

  /// The first row that can be read.
  func first<Record>(
    _ statement: Statement, _ values: [Value], _ decode: (any Row) throws(StoreError) -> Record
  ) throws(StoreError) -> Record? {
    var record: Record?
    try database.run(statement, values) { row throws(StoreError) in
      record = try readable(row, decode)
      return record == nil
    }
    return record
  }

  /// The first row. A malformed one throws instead of counting as missing.
  func firstOrMalformed<Record>(
    _ statement: Statement, _ values: [Value], _ decode: (any Row) throws(StoreError) -> Record
  ) throws(StoreError) -> Record? {
    var record: Record?
    try database.run(statement, values) { row throws(StoreError) in
      record = try decode(row)
      return false
    }
    return record
  }

  func all<Record>(
    _ statement: Statement, _ values: [Value], _ decode: (any Row) throws(StoreError) -> Record
  ) throws(StoreError) -> [Record] {
    var records: [Record] = []
    try database.run(statement, values) { row throws(StoreError) in
      if let record = try readable(row, decode) { records.append(record) }
      return true
    }
    return records
  }

  /// At most 256 rows; none only if no more can be read. The statement's last value is the number of rows to skip.
  func page<Record>(
    _ statement: Statement, _ values: [Value], _ decode: (any Row) throws(StoreError) -> Record
  ) throws(StoreError) -> [Record] {
    var records: [Record] = []
    var passedOver: Int64 = 0
    var found: Int64
    repeat {
      found = 0
      try database.run(statement, values + [.integer(passedOver)]) { row throws(StoreError) in
        found += 1
        if let record = try readable(row, decode) { records.append(record) }
        return true
      }
      passedOver += found
    } while records.isEmpty && found > 0
    return records
  }

  /// Visits all rows that can be read. Throws what `body` throws, or a `StoreError`.
  func each<Record>(
    _ statement: Statement, _ values: [Value], _ decode: (any Row) throws(StoreError) -> Record,
    _ body: (Record) throws -> Void
  ) throws {
    var stopped: (any Error)?
    try database.run(statement, values) { row throws(StoreError) in
      guard let record = try readable(row, decode) else { return true }
      do { try body(record) } catch { stopped = error }
      return stopped == nil
    }
    if let stopped { throw stopped }
  }

  /// The decoded row; nil for a malformed one, which is noted.
  private func readable<Record>(
    _ row: any Row, _ decode: (any Row) throws(StoreError) -> Record
  ) throws(StoreError) -> Record? {
    do { return try decode(row) } catch .malformed {
      if unreadable.count < Self.mostUnreadable { unreadable.insert(UnreadableRow(row)) }
      return nil
    }
  }

  /// Returns the malformed rows that queries met since the last call, and forgets them.
  package func takeUnreadable() -> Set<UnreadableRow> {
    defer { unreadable = [] }
    return unreadable
  }

  @discardableResult
  func change(_ statement: Statement, _ values: [Value]) throws(StoreError) -> Int {
    try database.change(statement, values)
  }

  func changeOne(_ statement: Statement, _ values: [Value]) throws(StoreError) {
    guard try change(statement, values) > 0 else { throw .notFound }
  }

  // MARK: Size

  package func fileSize() throws(StoreError) -> Int { try database.size() }
}
