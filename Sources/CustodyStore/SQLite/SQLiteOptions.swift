internal import CustodySystem
internal import Migrations

/// Options for opening a vault's file.
package struct SQLiteOptions {
  /// Milliseconds to wait for another connection's write.
  package var busyTimeout: Int32 = 5000
  /// Tells whether an open folder is on a network file system. File locks can't be trusted there, and two writers
  /// would ruin the file.
  package var isNetworkFileSystem: (_ descriptor: Int32) -> Bool = { FileSystem(of: $0).isNetwork }
  package var migrations: [Migration] = Migrations.sqlite

  package init() {}
}
