internal import CustodySystem
internal import CustodyValues

/// The rows of a kept fold, as they were when its file was opened, even if another process writes to it later. It
/// knows no key. One thread at a time uses it.
package final class FoldFile {
  /// Bytes of a write-ahead log above which it is emptied. A longer one would take the next start longer to read than
  /// emptying takes now.
  private static let longLog = 512 << 10
  /// Milliseconds to wait for other processes, whose work here takes a few.
  private static let patience: Int32 = 50

  private let path: SQLitePath
  package let rows: FoldRows
  package let head: FoldHeadRow
  private var isClosed = false

  /// Opens the file. Any error means that the fold is not usable; it is a cache.
  package init(at path: String) throws {
    let place = try SQLitePath(path)
    // The lock keeps other processes from replacing the file or its log between the opening of the two.
    let (rows, head) = try FileLock.hold(path + ".lock") {
      let rows = FoldRows(try SQLiteDatabase.connectToFold(at: place, busyTimeout: Self.patience))
      try rows.begin(.read)
      guard let head = try rows.head() else { throw StoreError.corrupt }
      return (rows, head)
    }
    (self.path, self.rows, self.head) = (place, rows, head)
  }

  deinit { close() }

  /// Ends the view of the rows, and empties a long write-ahead log.
  package func close() {
    guard !isClosed else { return }
    isClosed = true
    rows.end()
    if path.logSize > Self.longLog { try? rows.database.emptyLog() }
    rows.database.close()
  }

  package static func remove(at path: String) {
    guard let place = try? SQLitePath(path) else { return }
    try? FileLock.hold(path + ".lock") { place.remove() }
  }

  /// Changes rows and head in one transaction on another connection. This one goes on seeing the rows as they were.
  /// - Returns: False if the file's head is no longer `base`.
  /// - Throws: Also if another process is writing.
  package func replace(_ base: FoldHeadRow, _ body: (FoldRows) throws -> FoldHeadRow) throws -> Bool {
    let writer = try FileLock.hold(path.text + ".lock") {
      let writer = FoldRows(try SQLiteDatabase.connectToFold(at: path, busyTimeout: 0))
      try writer.begin(.write)
      return writer
    }
    defer { writer.database.close() }
    guard try writer.head() == base else { return false }
    try writer.put(try body(writer))
    try writer.commit()
    return true
  }
}

/// A kept fold that is being made. It gets its place when it is finished, and is removed otherwise.
package final class FoldFileDraft {
  private let place: SQLitePath
  private let draft: SQLiteDraft
  private static let mark = ".draft-"
  package let rows: FoldRows

  package init(for path: String) throws {
    place = try SQLitePath(path)
    try place.checkFolder(SQLiteOptions())
    SQLiteDraft.removeLeftovers(of: place, Self.mark)
    draft = try SQLiteDraft(beside: place, Self.mark, named: try Folder.randomName())
    rows = FoldRows(try SQLiteDatabase.createFold(at: draft.path, schema: FoldRows.schema))
    try rows.begin(.write)
  }

  deinit { rows.database.close() }

  /// Finishes the fold, in place of an existing one. The draft is not usable afterwards.
  package func finish(_ head: FoldHeadRow) throws {
    try rows.put(head)
    try rows.commit()
    try rows.database.leaveWithLog()
    rows.database.close()
    try FileLock.hold(place.text + ".lock") { try draft.replace(place) }
  }
}
