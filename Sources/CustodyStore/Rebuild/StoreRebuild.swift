internal import CSQLite
/// A vault that is made anew, beside its file, of all rows that can be read of it: where SQLite's own structure is damaged, or
/// the schema is another. It takes the file's place once it is whole, and leaves nothing if it never does.
package final class StoreRebuild {
  private static let mark = ".rebuilding"
  private let place: SQLitePath
  private let options: SQLiteOptions
  /// Closed after `lock`, see there.
  package let pages: PageFile
  private var lock: SQLiteDatabase?
  private let draft: SQLiteDraft
  package let store: Store

  /// Objects of the schema that Custody does not make, or makes otherwise; nil where the schema can't be read.
  package private(set) var foreignObjects: [String]? = []
  /// Pages that can't be read, or not all of them.
  package private(set) var damagedPages = 0
  package private(set) var rows = 0
  /// Rows whose key another one has with other cells, or that no table takes.
  package private(set) var refused = 0

  /// - Throws: `notAVault` where the file is another program's, or has no row of a vault.
  package init(of path: String, options: SQLiteOptions = SQLiteOptions()) throws(StoreError) {
    (place, self.options) = (try SQLitePath(path), options)
    try place.checkFile()
    try place.checkFolder(options)
    pages = try PageFile(place)
    guard pages.application.map({ [0, SQLiteDatabase.applicationID].contains(Int64($0)) }) ?? true else {
      throw .notAVault
    }
    SQLiteDraft.removeLeftovers(of: place, Self.mark)
    draft = try SQLiteDraft(beside: place, Self.mark, named: "")
    store = Store(try SQLiteDatabase.begin(draft.path, options: options))
    do throws(StoreError) {
      try store.makeTables()
      try fill()
    } catch {
      store.close()
      throw error
    }
  }

  deinit { store.close() }

  private func fill() throws(StoreError) {
    try whileLocked { () throws(StoreError) in
      var reader = PageRows(pages)
      try store.beginFilling()
      var names: Set<String> = []
      try reader.each { row throws(StoreError) in
        rows += 1
        if row.place == .migration, case .text(let name) = row.cells[0] { names.insert(name) }
        do throws(StoreError) { try store.insert(row) } catch StoreError.conflict {
          let other = try store.stored(row.place, key: row.key)
          if other?.cells != row.cells { refused += 1 }
        } catch StoreError.io(SQLITE_MISMATCH) {
          // Bytes where a table has its number: the page is another table's.
          refused += 1
        }
      }
      guard rows > 0 else { throw .notAVault }
      try store.commit()
      damagedPages = reader.damaged.count
      foreignObjects = try SQLiteSchema.foreign(in: reader.schema)
      // A step that is not known makes another schema, whose rows would be left out.
      if foreignObjects != [], let unknown = names.subtracting(Store.newestMigrations).min() { throw .newer(unknown) }
    }
  }

  /// Nobody writes to the damaged file meanwhile, as far as SQLite can open it. Where it can't, nobody else can.
  package func whileLocked<R>(_ body: () throws(StoreError) -> R) throws(StoreError) -> R {
    try takeLock()
    defer { releaseLock() }
    return try body()
  }

  package func takeLock() throws(StoreError) {
    guard place.isWritable else { return }
    do throws(StoreError) {
      let database = try SQLiteDatabase(
        name: place.uri, flags: SQLiteDatabase.writing, options: options, path: place)
      try database.leaveLog()
      try database.begin(.write)
      lock = database
    } catch {
      // Another's transaction is waited for; a file that can't be opened has none.
      if error == .locked { throw error }
    }
  }

  package func releaseLock() {
    lock?.rollback()
    lock?.close()
    lock = nil
  }

  /// The new one has the damaged file's name when it returns, and is durable. What the old one was is gone: a copy of it must
  /// have been made. Its log goes first, as it must not be taken for the new one's; so the file is made to need none by then.
  package func finish(keptAs copy: String) throws(StoreError) {
    // To close would copy the log too, and say nothing where it can't, as on a full disk.
    try store.emptyLog()
    if pages.hasLog { try place.become(copyOf: copy, draft: draft.path.text + "-copy") }
    try draft.takeOver(place)
  }
}
