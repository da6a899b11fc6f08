/// A reason why rows could not be read or written. It tells nothing of their content.
package enum StoreError: Error, Equatable, Sendable {
  /// There is no file of that name, or no row of that key.
  case notFound
  case alreadyExists
  case notAVault
  /// A newer version made the file. Names the first migration that this version does not know.
  case newer(String)
  /// An older version made the file, and it can't be migrated because it is not writable. Names the first migration
  /// that it lacks.
  case older(String)
  /// An object of the schema, or a migration, is not as it must be.
  case schemaMismatch(String)
  case readOnly
  case full
  /// Timed out waiting for another connection's write lock.
  case locked
  /// The file is no longer at its path: it was moved, deleted or replaced.
  case moved
  case corrupt
  case networkFileSystem
  /// A file beside the database has this name and is not SQLite's: a link, a pipe or a folder. Or it is a rollback
  /// journal.
  case inTheWay(String)
  /// The write-ahead log of this name belongs to another file, or to another copy of this one.
  case foreignLog(String)
  case permission
  case symlink
  /// An extended result code of SQLite, or the `errno` of a system call.
  case io(Int32)
  /// A value's type, length or range does not fit its column.
  case malformed(table: String)
  /// The key is taken, or a row that it refers to is missing.
  case conflict
}
