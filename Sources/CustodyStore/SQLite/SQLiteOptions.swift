internal import CustodySystem
internal import Migrations

/// What a caller chooses about a file.
package struct SQLiteOptions {
  /// Milliseconds to wait for another connection's write.
  package var busyTimeout: Int32 = 5000
  /// Asked of the open folder. File locks can't be trusted over a network, and two writers then ruin the file.
  package var isNetworkFileSystem: (_ descriptor: Int32) -> Bool = { FileSystem(of: $0).isNetwork }
  package var migrations: [Migration] = Migrations.sqlite

  package init() {}
}
