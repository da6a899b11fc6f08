internal import CSQLite
/// A new vault made beside a damaged one, from all rows that can be read, if SQLite's structure is damaged or the
/// schema is another. It takes the file's place once it is complete, and otherwise leaves nothing.
package final class StoreRebuild {
  private static let mark = ".rebuilding"
  private let place: SQLitePath
  private let options: SQLiteOptions
  /// Closed after every lock on the file, as `PageFile` explains.
  package let pages: PageFile
  private let draft: SQLiteDraft
  package let store: Store

  /// Objects of the schema that Custody does not make, or makes differently; nil if the schema can't be read.
  package private(set) var foreignObjects: [String]? = []
  /// The number of pages that can't be read completely.
  package private(set) var damagedPages = 0
  package private(set) var rows = 0
  /// Rows left out: another row has their key with other cells, or no table accepts them.
  package private(set) var refused = 0

  /// Reads the damaged file into a new one.
  /// - Throws: `notAVault` if the file is another program's, or has no row of a vault.
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
    try whileLocked(failing: { $0 }, read)
  }

  private func read() throws(StoreError) {
    var reader = PageRows(pages)
    var names: Set<String> = []
    try store.fill { () throws(StoreError) in
      try reader.each { row throws(StoreError) in
        rows += 1
        if row.place == .migration, case .text(let name) = row.cells[0] { names.insert(name) }
        try add(row)
      }
      guard rows > 0 else { throw .notAVault }
    }
    damagedPages = reader.damaged.count
    foreignObjects = try SQLiteSchema.foreign(in: reader.schema)
    // An unknown migration means another schema, whose rows would be left out.
    if foreignObjects != [], let unknown = names.subtracting(Store.newestMigrations).min() { throw .newer(unknown) }
  }

  private func add(_ row: StoredRow) throws(StoreError) {
    do throws(StoreError) { try store.insert(row) } catch StoreError.conflict {
      let other = try store.stored(row.place, key: row.key)
      if other?.cells != row.cells { refused += 1 }
    } catch StoreError.io(SQLITE_MISMATCH) {
      // Bytes where a table has its number: the page is another table's.
      refused += 1
    }
  }

  /// Nobody writes to the damaged file meanwhile, as far as SQLite can open it. Where it can't, nobody else can.
  package func whileLocked<R: ~Copyable, Failure: Error>(
    failing: (StoreError) -> Failure, _ body: () throws(Failure) -> R
  ) throws(Failure) -> R {
    let lock: PendingTransaction?
    do throws(StoreError) { lock = try self.lock() } catch { throw failing(error) }
    let result = try body()
    _ = consume lock
    return result
  }

  /// Ends with the connection that it is on.
  private func lock() throws(StoreError) -> PendingTransaction? {
    guard place.isWritable else { return nil }
    do throws(StoreError) {
      let database = try SQLiteDatabase(
        name: place.uri, flags: SQLiteDatabase.writing, options: options, path: place)
      try database.leaveLog()
      return try PendingTransaction(.write, on: database)
    } catch {
      // A transaction of another process is waited for. A file that can't be opened has none.
      if error == .locked { throw error }
      return nil
    }
  }

  /// True once the draft is in the damaged file's place, also if `finish` failed after that.
  package var hasTakenOver: Bool { draft.hasLeft }

  /// The new one has the damaged file's name when it returns, and is durable. What the old one was is gone: a copy of it must
  /// have been made. Its log goes first, as it must not be taken for the new one's; so the file is made to need none by then.
  package func finish(keptAs copy: String) throws(StoreError) {
    // Closing would empty the log too, but silently fail, for example on a full disk.
    try store.emptyLog()
    if pages.hasLog { try place.become(copyOf: copy, draft: draft.path.text + "-copy") }
    try draft.takeOver(place)
  }
}
