extension Store {
  /// A new file, open to its owner only, with every table and no row.
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

  /// Refuses whatever is not a vault of a version it knows with exactly its schema, before it trusts a row.
  package static func open(
    at path: String, options: SQLiteOptions = SQLiteOptions()
  ) throws(StoreError) -> Store {
    let place = try SQLitePath(path)
    guard place.hasWriteAheadLog else { return try openWhole(path, options, nil) }
    // Before the log is read: what another process copies into the file meanwhile is in the log too.
    let alone = LogStart.ofFileAlone(place, options)
    do throws(StoreError) { return try openWhole(path, options, alone) } catch {
      guard alone != nil, error.comesOfRows else { throw error }
      throw .foreignLog(place.log)
    }
  }

  /// `alone` is what the file says without the log beside it: with it, it must say the same and more.
  private static func openWhole(
    _ path: String, _ options: SQLiteOptions, _ alone: LogStart?
  ) throws(StoreError) -> Store {
    let database = try SQLiteDatabase.open(at: path, options: options)
    if let alone {
      // No step of a migration is written to what is not the vault's.
      guard let whole = try LogStart(Store(database)), try whole.leadsOn(from: alone, in: Store(database)) else {
        throw .foreignLog(try SQLitePath(path).log)
      }
    }
    try database.migrate()
    return Store(database)
  }

  /// For a repair: says where the log beside the file may be of another time. One that is another vault's is refused. Of a file
  /// whose own rows tell less than that, the log is taken for its own.
  static func openBesideLog(
    _ path: String, _ options: SQLiteOptions
  ) throws(StoreError) -> (database: SQLiteDatabase, doubtful: String?) {
    let place = try SQLitePath(path)
    let alone = place.hasWriteAheadLog ? LogStart.ofFileAlone(place, options) : nil
    let database = try SQLiteDatabase.open(at: path, options: options)
    guard let alone, let whole = (try? LogStart(Store(database))) ?? nil else { return (database, nil) }
    guard whole.vault.id == alone.vault.id else { throw .foreignLog(place.log) }
    return (database, try whole.leadsOn(from: alone, in: Store(database)) ? nil : place.log)
  }

  /// Whether the log beside a file is known to be its own. Nothing is written.
  static func logLeadsOn(_ place: SQLitePath, _ options: SQLiteOptions) -> Bool {
    guard let alone = LogStart.ofFileAlone(place, options),
      let database = try? SQLiteDatabase.openCopy(at: place.text, options: options)
    else { return false }
    defer { database.close() }
    guard let whole = (try? LogStart(Store(database))) ?? nil else { return false }
    return (try? whole.leadsOn(from: alone, in: Store(database))) ?? false
  }
}

/// Which vault it is, and how far its log has come: by this a write-ahead log that is another's is known for it, without a key.
private struct LogStart {
  let vault: VaultRow
  let genesis: NodeRow
  let newest: CheckpointRow

  /// Nil where there is not all of it.
  init?(_ store: Store) throws(StoreError) {
    guard let hash = try store.node(level: 0, number: 0), let newest = try store.newestCheckpoint() else { return nil }
    (vault, genesis, self.newest) = (try store.vault(), NodeRow(level: 0, number: 0, hash: hash), newest)
  }

  /// Nil also where it can't be read, as while another process copies the log into it.
  static func ofFileAlone(_ path: SQLitePath, _ options: SQLiteOptions) -> LogStart? {
    guard let database = try? SQLiteDatabase.fileAlone(at: path, options: options) else { return nil }
    defer { database.close() }
    return (try? LogStart(Store(database))) ?? nil
  }

  /// A checkpoint stays as it is. Where there is none so far out the log is of an earlier time than the file.
  func leadsOn(from other: LogStart, in store: Store) throws(StoreError) -> Bool {
    guard vault.id == other.vault.id, genesis == other.genesis else { return false }
    return try store.checkpoint(size: other.newest.size) == other.newest
  }
}

extension StoreError {
  /// It tells of what was read, not of the file or the system.
  fileprivate var comesOfRows: Bool {
    switch self {
    case .corrupt, .malformed, .schemaMismatch, .notAVault, .newer, .older: true
    default: false
    }
  }
}
