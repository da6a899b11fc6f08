internal import CSQLite
internal import Glibc

extension SQLiteDatabase {
  /// "Cust"
  static let applicationID: Int64 = 0x4375_7374
  static let writing = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW

  /// A new, empty database; its schema is the next step. The parent folder must exist.
  package static func create(at path: String, options: SQLiteOptions) throws(StoreError) -> SQLiteDatabase {
    let path = try SQLitePath(path)
    try path.checkFolder(options)
    // Made here, so that it is ours alone from its first moment; the log files beside it take its mode.
    let descriptor = unsafe Glibc.open(path.text, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .system(errno) }
    Glibc.close(descriptor)
    do { return try begin(path, options: options) } catch {
      path.remove()
      throw error
    }
  }

  /// In an empty file that was just made.
  static func begin(_ path: SQLitePath, options: SQLiteOptions) throws(StoreError) -> SQLiteDatabase {
    let database = try SQLiteDatabase(name: path.uri, flags: writing, options: options, path: path)
    try database.execute(script: Array("PRAGMA application_id = \(applicationID)".utf8))
    try database.configure()
    return database
  }

  /// A file that says it is a vault. Read-only where the file or its folder is.
  package static func open(at path: String, options: SQLiteOptions) throws(StoreError) -> SQLiteDatabase {
    let path = try SQLitePath(path)
    try path.checkFile()
    try path.checkFolder(options)
    guard !path.isWritable else {
      return try open(path, SQLITE_OPEN_READWRITE, options)
    }
    do {
      return try open(path, SQLITE_OPEN_READONLY, options)
    } catch {
      // Readers share an index file. Where none can be made, no writer is at work and the file itself has all rows.
      guard error != .notAVault else { throw error }
      // The file is there; it is the index that can be neither found nor made, and rows would be missed without it.
      guard !path.hasWriteAheadLog else { throw error == .notFound ? .readOnly : error }
      return try open(path, SQLITE_OPEN_READONLY, options, suffix: "?immutable=1")
    }
  }

  /// For reading alone: neither the file nor its folder is written to, unless a log beside it has rows of its own.
  package static func openCopy(at path: String, options: SQLiteOptions) throws(StoreError) -> SQLiteDatabase {
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

  /// The file without the log beside it, as far as it can be read so: nothing is locked, and nothing written.
  static func fileAlone(at path: SQLitePath, options: SQLiteOptions) throws(StoreError) -> SQLiteDatabase {
    try SQLiteDatabase(
      name: path.uri + "?immutable=1", flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW, options: options, path: path)
  }

  private static let readApplicationID = Statement("", "PRAGMA application_id")
  private static let setJournal = Statement("", "PRAGMA journal_mode = WAL")

  /// Only now that the file is known to be ours: this may write to it.
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
