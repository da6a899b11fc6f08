internal import CustodySystem
internal import CustodyValues

/// A kept fold's rows as they were when it was opened, whoever writes to the file after. Knows no key. Used by one thread
/// at a time.
package final class FoldFile {
  /// Beyond this the next start would take longer to read the log than this one takes to copy it.
  private static let longLog = 512 << 10
  /// Milliseconds. What others do here takes a few.
  private static let patience: Int32 = 50

  private let path: SQLitePath
  package let rows: FoldRows
  package let head: FoldHeadRow
  private var isClosed = false

  /// Throws whatever is wrong with the file: it is a cache.
  package init(at path: String) throws {
    let place = try SQLitePath(path)
    // The file and its log are opened by their names one after the other: not while another process puts others there.
    let (rows, head) = try FileLock.hold(path + ".lock") {
      let rows = FoldRows(try SQLiteDatabase.openFold(at: place, busyTimeout: Self.patience))
      try rows.database.begin(.read)
      guard let head = try rows.head() else { throw StoreError.corrupt }
      return (rows, head)
    }
    (self.path, self.rows, self.head) = (place, rows, head)
  }

  deinit { close() }

  /// Ends the view of the rows, and shortens the log where that is due.
  package func close() {
    guard !isClosed else { return }
    isClosed = true
    rows.database.rollback()
    if path.logSize > Self.longLog { try? rows.database.emptyLog() }
    rows.database.close()
  }

  package static func remove(at path: String) {
    guard let place = try? SQLitePath(path) else { return }
    try? FileLock.hold(path + ".lock") { place.remove() }
  }

  /// Changes rows and head in one transaction, through a connection of its own: this one goes on seeing what it saw. False
  /// where the file's head is not `base` any more, or another process writes.
  package func replace(_ base: FoldHeadRow, _ body: (FoldRows) throws -> FoldHeadRow) throws -> Bool {
    let writer = try FileLock.hold(path.text + ".lock") {
      let writer = FoldRows(try SQLiteDatabase.openFold(at: path, busyTimeout: 0))
      try writer.database.begin(.write)
      return writer
    }
    defer { writer.database.close() }
    guard try writer.head() == base else { return false }
    try writer.put(try body(writer))
    try writer.database.commit()
    return true
  }
}

/// A kept fold that is being made: it has no place until it is finished, and is gone if it never is.
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
    try rows.database.begin(.write)
  }

  deinit { rows.database.close() }

  /// Takes the place of whatever is there. Nothing may be asked of the draft after it.
  package func finish(_ head: FoldHeadRow) throws {
    try rows.put(head)
    try rows.database.commit()
    try rows.database.leaveWithLog()
    rows.database.close()
    try FileLock.hold(place.text + ".lock") { try draft.replace(place) }
  }
}
