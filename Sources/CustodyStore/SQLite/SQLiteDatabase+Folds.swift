internal import CSQLite

/// Files of kept folds. A fold is a cache: it has no migrations, and its commits are not flushed one by one. It can't
/// be torn, since the write-ahead log has checksums and is flushed before it is copied into the file.
extension SQLiteDatabase {
  /// SQLite's `application_id` of a kept fold, "CuFo" in ASCII.
  private static let foldApplicationID: Int64 = 0x4375_466F
  private static let foldVersion: Int64 = 1

  /// Opens an existing fold. A link, a pipe, a folder or another program's file of that name is refused.
  static func connectToFold(at path: SQLitePath, busyTimeout: Int32) throws(StoreError) -> SQLiteDatabase {
    try path.checkFile()
    var options = SQLiteOptions()
    options.busyTimeout = busyTimeout
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW
    let database = try SQLiteDatabase(name: path.uri, flags: flags, options: options, path: path)
    do throws(StoreError) {
      guard unsafe csqlite_keep_log(database.connection) == SQLITE_OK else { throw .io(SQLITE_MISUSE) }
      // The log is emptied explicitly, at a time when nobody waits for it.
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

  /// Makes a new fold. Nobody else opens it before it is complete, so it needs neither a journal on disk nor flushes.
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

  /// Sets the file to write-ahead logging, in which readers and writers don't block one another. Called after the
  /// last commit.
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
