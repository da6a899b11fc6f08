extension Store {
  /// Makes a new file with every table and no row. Only its owner can open it.
  package static func create(
    at path: String, options: SQLiteOptions = SQLiteOptions()
  ) throws(StoreError) -> Store {
    let database = try SQLiteDatabase.create(at: path, options: options)
    do {
      try database.migrateFromNothing()
    } catch {
      database.close()
      try SQLitePath(path).remove()
      throw error
    }
    return Store(database)
  }

  /// Opens a vault. Before it trusts a row, it refuses any file that is no vault of a known version with exactly its
  /// schema.
  package static func connect(
    to path: String, options: SQLiteOptions = SQLiteOptions()
  ) throws(StoreError) -> Store {
    let place = try SQLitePath(path)
    guard place.hasWriteAheadLog else { return try connectToWhole(path, options, nil) }
    // Read first without the log: what another process copies into the file meanwhile is still in the log too.
    let alone = LogStart.ofFileAlone(place, options)
    do throws(StoreError) { return try connectToWhole(path, options, alone) } catch {
      guard alone != nil, error.comesOfRows else { throw error }
      throw .foreignLog(place.log)
    }
  }

  /// Opens the vault with its log, which must continue what `alone` read without it.
  private static func connectToWhole(
    _ path: String, _ options: SQLiteOptions, _ alone: LogStart?
  ) throws(StoreError) -> Store {
    let database = try SQLiteDatabase.connect(to: path, options: options)
    if let alone {
      // No migration may write to a file that is not the vault's.
      guard let whole = try LogStart(Store(database)), try whole.leadsOn(from: alone, in: Store(database)) else {
        throw .foreignLog(try SQLitePath(path).log)
      }
    }
    try database.migrate()
    return Store(database)
  }

  /// Opens a vault for repair. Also returns the path of a write-ahead log that may be of another time. Another
  /// vault's log is refused. If the file alone tells too little to compare, the log is taken for its own.
  static func connectBesideLog(
    _ path: String, _ options: SQLiteOptions
  ) throws(StoreError) -> (database: SQLiteDatabase, doubtful: String?) {
    let place = try SQLitePath(path)
    let alone = place.hasWriteAheadLog ? LogStart.ofFileAlone(place, options) : nil
    let database = try SQLiteDatabase.connect(to: path, options: options)
    guard let alone, let whole = (try? LogStart(Store(database))) ?? nil else { return (database, nil) }
    guard whole.vault.id == alone.vault.id else { throw .foreignLog(place.log) }
    return (database, try whole.leadsOn(from: alone, in: Store(database)) ? nil : place.log)
  }

  /// True if the write-ahead log beside a file is known to continue it. Writes nothing.
  static func logLeadsOn(_ place: SQLitePath, _ options: SQLiteOptions) -> Bool {
    guard let alone = LogStart.ofFileAlone(place, options),
      let database = try? SQLiteDatabase.connectToCopy(at: place.text, options: options)
    else { return false }
    defer { database.close() }
    guard let whole = (try? LogStart(Store(database))) ?? nil else { return false }
    return (try? whole.leadsOn(from: alone, in: Store(database))) ?? false
  }
}

/// The vault's identity and its log's newest checkpoint. By these, another file's write-ahead log is recognized
/// without a key.
private struct LogStart {
  let vault: VaultRow
  let genesis: NodeRow
  let newest: CheckpointRow

  /// Reads them; nil if a part is missing.
  init?(_ store: Store) throws(StoreError) {
    guard let hash = try store.node(level: 0, number: 0), let newest = try store.newestCheckpoint() else { return nil }
    (vault, genesis, self.newest) = (try store.vault(), NodeRow(level: 0, number: 0, hash: hash), newest)
  }

  /// Reads them without the write-ahead log. Also nil if the file can't be read, for example while another process
  /// copies the log into it.
  static func ofFileAlone(_ path: SQLitePath, _ options: SQLiteOptions) -> LogStart? {
    guard let database = try? SQLiteDatabase.fileAlone(at: path, options: options) else { return nil }
    defer { database.close() }
    return (try? LogStart(Store(database))) ?? nil
  }

  /// True if this state continues `other`: same vault, same first entry, and the other's newest checkpoint is still
  /// there. If it is missing, the log is older than the file.
  func leadsOn(from other: LogStart, in store: Store) throws(StoreError) -> Bool {
    guard vault.id == other.vault.id, genesis == other.genesis else { return false }
    return try store.checkpoint(size: other.newest.size) == other.newest
  }
}

extension StoreError {
  /// True for errors about the rows, not about the file or the system.
  fileprivate var comesOfRows: Bool {
    switch self {
    case .corrupt, .malformed, .schemaMismatch, .notAVault, .newer, .older: true
    default: false
    }
  }
}
