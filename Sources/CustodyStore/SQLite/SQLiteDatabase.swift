internal import CSQLite

/// A connection to SQLite.
@safe package final class SQLiteDatabase: Database {
  package let isReadOnly: Bool
  package let migrations: [Migration]
  /// Nil for a database in memory.
  let path: SQLitePath?
  private(set) var connection: OpaquePointer?
  private var prepared: [SQLiteRow?] = []
  /// The error after which this connection is not used. After a failed flush the system may have dropped the pages
  /// that it could not write, so nothing later could be trusted.
  private var failure: StoreError?
  private let limit: SQLiteStepLimit
  private let busyTimeout: Int32

  /// Opens a database by path or URI, and changes nothing in it.
  init(name: String, flags: Int32, options: SQLiteOptions, path: SQLitePath? = nil) throws(StoreError) {
    self.path = path
    isReadOnly = flags & SQLITE_OPEN_READONLY != 0
    migrations = options.migrations
    limit = SQLiteStepLimit()
    busyTimeout = options.busyTimeout
    // One thread at a time uses a connection, so it needs no mutex.
    let flags = flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_URI
    let code = unsafe sqlite3_open_v2(name, &connection, flags, nil)
    guard code == SQLITE_OK, let connection = unsafe connection else {
      let error = unsafe StoreError.sqlite(code, on: connection)
      close()
      throw error
    }
    unsafe sqlite3_busy_timeout(connection, options.busyTimeout)
    guard unsafe csqlite_set_defensive(connection) == SQLITE_OK, unsafe csqlite_untrust_schema(connection) == SQLITE_OK
    else { throw .io(SQLITE_MISUSE) }
    // Limits a malformed record to 16 MiB instead of a gigabyte.
    unsafe sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, 16 << 20)
    unsafe sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0)
    unsafe limit.watch(connection)
  }

  deinit { close() }

  package func close() {
    prepared = []
    unsafe sqlite3_close_v2(connection)
    unsafe connection = nil
  }

  /// Leaves the write-ahead log that was found where it is, because it is not known to belong to this file. Nothing
  /// of it is copied into the file until `trustLog`.
  func leaveLog() throws(StoreError) {
    untrustedLog = path?.log
    guard unsafe csqlite_keep_log(connection) == SQLITE_OK,
      unsafe sqlite3_wal_autocheckpoint(connection, 0) == SQLITE_OK
    else { throw .io(SQLITE_MISUSE) }
  }

  package private(set) var untrustedLog: String?

  package func trustLog() {
    untrustedLog = nil
    unsafe _ = csqlite_copy_log(connection)
    // SQLite's own default.
    unsafe _ = sqlite3_wal_autocheckpoint(connection, 1000)
  }

  private static let checkpoint = Statement("", "PRAGMA wal_checkpoint(TRUNCATE)")

  package func emptyLog() throws(StoreError) {
    var isBusy = true
    try run(Self.checkpoint, []) { row throws(StoreError) in
      isBusy = try row.integer(0) != 0
      return true
    }
    guard !isBusy else { throw .locked }
  }

  private var writes = false
  package var waitsForOthers = true {
    didSet { unsafe sqlite3_busy_timeout(connection, waitsForOthers ? busyTimeout : 100) }
  }

  // MARK: Statements

  package func run(
    _ statement: Statement, _ values: [Value], _ body: (any Row) throws(StoreError) -> Bool
  ) throws(StoreError) {
    let row = try start(statement, values)
    defer { stop(row) }
    var count = 0
    while true {
      limit.restart()
      let code = row.step()
      guard code == SQLITE_ROW else {
        if code == SQLITE_DONE { return }
        throw failed(code)
      }
      count += 1
      if count & 0xFFFF == 0 { try checkPlausible(count) }
      guard try body(row) else { return }
    }
  }

  package func change(_ statement: Statement, _ values: [Value]) throws(StoreError) -> Int {
    let row = try start(statement, values)
    defer { stop(row) }
    limit.restart()
    let code = row.step()
    guard code == SQLITE_DONE else { throw failed(code) }
    return Int(unsafe sqlite3_changes(connection))
  }

  private func start(_ statement: Statement, _ values: [Value]) throws(StoreError) -> SQLiteRow {
    if let failure { throw failure }
    let row = try row(of: statement)
    let code = row.bind(values)
    guard code == SQLITE_OK else { throw .io(code) }
    row.isRunning = true
    return row
  }

  private func stop(_ row: SQLiteRow) {
    row.reset()
    row.isRunning = false
  }

  private func row(of statement: Statement) throws(StoreError) -> SQLiteRow {
    guard let connection = unsafe connection else { throw .io(SQLITE_MISUSE) }
    if statement.number < prepared.count, let known = prepared[statement.number] {
      return known.isRunning ? try unsafe SQLiteRow(statement, on: connection) : known
    }
    let fresh = try unsafe SQLiteRow(statement, on: connection)
    while prepared.count <= statement.number { prepared.append(nil) }
    prepared[statement.number] = fresh
    return fresh
  }

  private func failed(_ code: Int32) -> StoreError {
    let error = unsafe StoreError.sqlite(code, on: connection)
    if code & 0xFF == SQLITE_IOERR, error != .full { failure = error }
    return error
  }

  /// Stops a scan that returns more rows than the file can hold at four bytes each, as one does whose pages form a
  /// cycle.
  private func checkPlausible(_ rows: Int) throws(StoreError) {
    guard rows <= (try size()) / 4 else { throw .corrupt }
  }

  // MARK: Transactions

  private static let beginRead = Statement("", "BEGIN")
  private static let beginWrite = Statement("", "BEGIN IMMEDIATE")
  private static let commit = Statement("", "COMMIT")
  private static let rollback = Statement("", "ROLLBACK")

  private var isInTransaction: Bool { unsafe connection != nil && sqlite3_get_autocommit(connection) == 0 }

  package func begin(_ transaction: DatabaseTransaction) throws(StoreError) {
    if isReadOnly, transaction == .write { throw .readOnly }
    _ = try change(transaction == .write ? Self.beginWrite : Self.beginRead, [])
    writes = transaction == .write
  }

  package func commit() throws(StoreError) {
    do {
      if writes { try checkPlace() }
      _ = try change(Self.commit, [])
    } catch {
      rollback()
      throw error
    }
  }

  /// Throws if another file has taken this one's name, as after a restored backup. Nobody would ever see a commit to
  /// it.
  private func checkPlace() throws(StoreError) {
    var hasMoved: Int32 = 0
    let code = unsafe sqlite3_file_control(connection, "main", SQLITE_FCNTL_HAS_MOVED, &hasMoved)
    guard code == SQLITE_OK || code == SQLITE_NOTFOUND else { throw failed(code) }
    if hasMoved != 0 { throw .moved }
  }

  package func rollback() {
    // A full disk has rolled back already. What can't be rolled back was never committed.
    guard isInTransaction else { return }
    if failure == nil { _ = try? change(Self.rollback, []) } else { close() }
  }

  // MARK: Schema and size

  package func execute(script: [UInt8]) throws(StoreError) {
    let code = unsafe (script + [0]).withUnsafeBufferPointer { text in
      unsafe text.withMemoryRebound(to: CChar.self) {
        unsafe sqlite3_exec(connection, $0.baseAddress, nil, nil, nil)
      }
    }
    guard code == SQLITE_OK else { throw failed(code) }
  }

  package func checkSchema(after count: Int) throws(StoreError) {
    try SQLiteSchema.check(self, after: count)
  }

  private static let bytes = Statement(
    "", "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")

  package func size() throws(StoreError) -> Int {
    var size = 0
    try run(Self.bytes, []) { row throws(StoreError) in
      size = Int(try row.count(0))
      return false
    }
    return size
  }
}
