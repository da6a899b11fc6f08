internal import CSQLite
internal import Glibc

extension SQLiteDatabase {
  /// Copies the database to `PATH.before-0002`, which only its owner can open. A copy of an earlier attempt is
  /// replaced once the new one is complete.
  package func backUp(before step: String) throws(StoreError) {
    guard let path else { return }
    let place = "\(path.text).before-\(step.prefix(4))"
    let draft = SQLitePath(sibling: place + ".draft", of: path)
    draft.remove()
    let descriptor = unsafe Glibc.open(draft.text, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .system(errno) }
    Glibc.close(descriptor)
    do throws(StoreError) {
      try copy(path, to: draft)
      guard unsafe rename(draft.text, place) == 0 else { throw StoreError.system(errno) }
      try path.synchronizeFolder()
    } catch {
      draft.remove()
      throw error
    }
  }

  /// Copies through a second connection, which sees what is committed, while this one keeps writers away.
  private func copy(_ source: SQLitePath, to target: SQLitePath) throws(StoreError) {
    let flags = SQLITE_OPEN_NOFOLLOW
    let reader = try SQLiteDatabase(
      name: source.uri, flags: flags | SQLITE_OPEN_READONLY, options: SQLiteOptions(), path: nil)
    let writer = try SQLiteDatabase(
      name: target.uri, flags: flags | SQLITE_OPEN_READWRITE, options: SQLiteOptions(), path: nil)
    defer {
      reader.close()
      writer.close()
    }
    guard let copy = unsafe sqlite3_backup_init(writer.connection, "main", reader.connection, "main") else {
      throw unsafe .sqlite(sqlite3_errcode(writer.connection), on: writer.connection)
    }
    let code = unsafe sqlite3_backup_step(copy, -1)
    let last = unsafe sqlite3_backup_finish(copy)
    guard code == SQLITE_DONE, last == SQLITE_OK else {
      throw unsafe .sqlite(code == SQLITE_DONE ? last : code, on: writer.connection)
    }
  }
}
