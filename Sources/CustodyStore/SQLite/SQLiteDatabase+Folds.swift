internal import CSQLite
internal import CustodyMemory
internal import Glibc

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

  /// Copies the log into the file and empties it, unless another connection is at work.
  func emptyLog() { try? execute(script: Array("PRAGMA wal_checkpoint(TRUNCATE)".utf8)) }

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

/// The name under which a fold is made before it takes its place: locked by who makes it, so that one that was left behind
/// by a process that was killed is known for it.
final class FoldDraft {
  let path: SQLitePath
  private var descriptor: Int32

  init(beside place: SQLitePath) throws(StoreError) {
    Self.removeLeftovers(of: place)
    var word: UInt64 = 0
    guard unsafe getentropy(&word, MemoryLayout<UInt64>.size) == 0 else { throw .system(errno) }
    path = SQLitePath(sibling: "\(place.text).draft-\(String(word, radix: 16))", of: place)
    descriptor = unsafe open(path.text, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .system(errno) }
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
  }

  deinit {
    guard descriptor >= 0 else { return }
    path.remove()
    close(descriptor)
  }

  /// Durable before it has the name, and then another's log must not be taken for its own.
  func replace(_ place: SQLitePath) throws(StoreError) {
    guard fdatasync(descriptor) == 0 else { throw .system(errno) }
    place.remove()
    guard unsafe rename(path.text, place.text) == 0 else { throw .system(errno) }
    close(descriptor)
    descriptor = -1
  }

  private static func removeLeftovers(of place: SQLitePath) {
    let parts = place.text.utf8.lastIndex(of: UInt8(ascii: "/"))
    guard let slash = parts, let names = try? Folder.names(in: String(place.text[..<slash])) else { return }
    let prefix = place.text[place.text.utf8.index(after: slash)...] + ".draft-"
    for name in names where name.hasPrefix(prefix) {
      let path = "\(place.text[...slash])\(name)"
      let found = unsafe open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
      guard found >= 0 else { continue }
      if flock(found, LOCK_EX | LOCK_NB) == 0 { unsafe unlink(path) }
      close(found)
    }
  }
}
