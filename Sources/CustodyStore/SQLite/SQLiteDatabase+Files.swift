internal import CSQLite
internal import Glibc

extension SQLiteDatabase {
  /// SQLite's `application_id` of a vault, "Cust" in ASCII.
  static let applicationID: Int64 = 0x4375_7374
  static let writing = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW

  /// Makes an empty database, without a schema. The parent folder must exist.
  package static func create(at path: String, options: SQLiteOptions) throws(StoreError) -> SQLiteDatabase {
    let path = try SQLitePath(path)
    try path.checkFolder(options)
    // Made here, so that nobody else can open it from its first moment on. SQLite gives the log files beside it the
    // same mode.
    let descriptor = unsafe Glibc.open(path.text, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .system(errno) }
    Glibc.close(descriptor)
    do { return try begin(path, options: options) } catch {
      path.remove()
      throw error
    }
  }

  /// Opens an empty file that was just made, and marks it as a vault.
  static func begin(_ path: SQLitePath, options: SQLiteOptions) throws(StoreError) -> SQLiteDatabase {
    let database = try SQLiteDatabase(name: path.uri, flags: writing, options: options, path: path)
    try database.execute(script: Array("PRAGMA application_id = \(applicationID)".utf8))
    try database.configure()
    return database
  }

  /// Opens a file that is marked as a vault; read-only if the file or its folder is.
  package static func connect(to path: String, options: SQLiteOptions) throws(StoreError) -> SQLiteDatabase {
    let path = try SQLitePath(path)
    try path.checkFile()
    try path.checkFolder(options)
    guard !path.isWritable else {
      return try open(path, SQLITE_OPEN_READWRITE, options)
    }
    do {
      return try open(path, SQLITE_OPEN_READONLY, options)
    } catch {
      // Readers share an index file. If none can be made, no writer is at work and the file itself has all rows.
      guard error != .notAVault else { throw error }
      // The file exists, but the log's index can be neither found nor made. Rows would be missed without it.
      guard !path.hasWriteAheadLog else { throw error == .notFound ? .readOnly : error }
      return try open(path, SQLITE_OPEN_READONLY, options, suffix: "?immutable=1")
    }
  }

  /// Opens a vault for reading. Neither the file nor its folder is written to, unless a write-ahead log beside it has
  /// rows.
  package static func connectToCopy(at path: String, options: SQLiteOptions) throws(StoreError) -> SQLiteDatabase {
    let path = try SQLitePath(path)
    try path.checkFile()
    try path.checkFolder(options)
    return try open(
      path, SQLITE_OPEN_READONLY, options, suffix: path.hasWriteAheadLog ? "" : "?immutable=1")
  }

  private static func open(
    _ path: SQLitePath, _ flags: Int32, _ options: SQLiteOptions, suffix: String = ""
  ) throws(StoreError) -> SQLiteDatabase {
    let hasLog = path.hasWriteAheadLog
    let database = try SQLiteDatabase(
      name: path.uri + suffix, flags: flags | SQLITE_OPEN_NOFOLLOW, options: options, path: path)
    if hasLog { try database.leaveLog() }
    guard try database.integer(readApplicationID) == applicationID else { throw .notAVault }
    try database.configure()
    return database
  }

  /// Opens the file without its write-ahead log. Takes no lock and writes nothing.
  static func fileAlone(at path: SQLitePath, options: SQLiteOptions) throws(StoreError) -> SQLiteDatabase {
    try SQLiteDatabase(
      name: path.uri + "?immutable=1", flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW, options: options, path: path)
  }

  private static let readApplicationID = Statement("", "PRAGMA application_id")
  private static let setJournal = Statement("", "PRAGMA journal_mode = WAL")

  /// Sets the connection's options. This may write to the file, so it must first be known to be a vault.
  private func configure() throws(StoreError) {
    try execute(
      script: Array(
        """
        PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON;
        PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;
        """.utf8))
    guard !isReadOnly else { return }
    var mode = ""
    try run(Self.setJournal, []) { row throws(StoreError) in
      mode = try row.text(0)
      return false
    }
    guard mode == "wal" else { throw .io(SQLITE_CANTOPEN) }
  }

  private func integer(_ statement: Statement) throws(StoreError) -> Int64 {
    var integer: Int64 = 0
    try run(statement, []) { row throws(StoreError) in
      integer = try row.integer(0)
      return false
    }
    return integer
  }
}
