internal import CSQLite

/// A kept fold is a cache in a file of its own: no migrations, and no flush of each commit. It is never torn all the same:
/// the write-ahead log has checksums, and is flushed before it is copied into the file.
extension SQLiteDatabase {
  /// "CuFo"
  private static let foldApplicationID: Int64 = 0x4375_466F
  private static let foldVersion: Int64 = 1

  /// One that is there. Anything else of that name (a link, a pipe, a folder, another program's file) is refused.
  static func openFold(at path: SQLitePath, busyTimeout: Int32) throws(StoreError) -> SQLiteDatabase {
    try path.checkFile()
    var options = SQLiteOptions()
    options.busyTimeout = busyTimeout
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW
    let database = try SQLiteDatabase(name: path.uri, flags: flags, options: options, path: path)
    do throws(StoreError) {
      guard unsafe csqlite_keep_log(database.connection) == SQLITE_OK else { throw .io(SQLITE_MISUSE) }
      // When the log is copied into the file is decided where nobody waits for it.
      try database.execute(
        script: Array("PRAGMA synchronous = NORMAL; PRAGMA cell_size_check = ON; PRAGMA wal_autocheckpoint = 0".utf8))
      guard try database.pragma(readFoldApplication) == foldApplicationID,
        try database.pragma(readFoldVersion) == foldVersion
      else { throw .notAVault }
      return database
    } catch {
      database.close()
      throw error
    }
  }

  /// A new one that nobody else opens until it is whole, and so needs neither a journal on the disk nor a flush.
  static func createFold(at path: SQLitePath, schema: StaticString) throws(StoreError) -> SQLiteDatabase {
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW
    let database = try SQLiteDatabase(name: path.uri, flags: flags, options: SQLiteOptions(), path: path)
    do throws(StoreError) {
      try database.execute(
        script: Array(
          """
          PRAGMA application_id = \(foldApplicationID); PRAGMA user_version = \(foldVersion);
          PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;
          PRAGMA cache_size = -32768; \(schema)
          """.utf8))
      return database
    } catch {
      database.close()
      throw error
    }
  }

  /// Marks the file as one whose readers and writers don't wait for one another. After the last commit.
  func leaveWithLog() throws(StoreError) { try execute(script: Array("PRAGMA journal_mode = WAL".utf8)) }

  private func pragma(_ statement: Statement) throws(StoreError) -> Int64 {
    var integer: Int64 = 0
    try run(statement, []) { row throws(StoreError) in
      integer = try row.integer(0)
      return false
    }
    return integer
  }

  private static let readFoldApplication = Statement("", "PRAGMA application_id")
  private static let readFoldVersion = Statement("", "PRAGMA user_version")
}
