/// Why rows could not be read or kept. Says nothing of what is in them.
package enum StoreError: Error, Equatable, Sendable {
  /// There is no file of that name, or no row of that key.
  case notFound
  case alreadyExists
  case notAVault
  /// A newer version made it: the first migration this one doesn't know.
  case newer(String)
  /// An older version made it, and it can't be written: the first migration that it lacks.
  case older(String)
  /// The object of the schema (or the migration) that is not as it must be.
  case schemaMismatch(String)
  case readOnly
  case full
  /// Another connection writes; it was waited for.
  case locked
  /// The file is no longer at its place: it was moved or deleted, or another was put there.
  case moved
  case corrupt
  case networkFileSystem
  /// What has this name beside the file is not SQLite's: a link, a pipe, a folder; or a rollback journal.
  case inTheWay(String)
  /// What has this name is the write-ahead log of another file, or of another copy of this one.
  case foreignLog(String)
  case permission
  case symlink
  /// An extended result code of SQLite, or the error number of a system call.
  case io(Int32)
  /// A value of another type, length or range than its column has.
  case malformed(table: String)
  /// The key is taken, or the row it refers to is missing.
  case conflict
}
