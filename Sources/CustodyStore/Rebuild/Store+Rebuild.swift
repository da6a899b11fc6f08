extension Store {
  /// Opens the vault if SQLite can read it and its schema is the newest; otherwise rebuilds it.
  package static func connectOrRebuild(
    at path: String, options: SQLiteOptions = SQLiteOptions()
  ) throws(StoreError) -> (store: Store, doubtfulLog: String?, rebuild: StoreRebuild?) {
    do throws(StoreError) {
      let (store, doubtful) = try connectToRepair(at: path, options: options)
      return (store, doubtful, nil)
    } catch {
      guard error.mayBeStructural else { throw error }
      let place = try SQLitePath(path)
      // If the file is sound without its log and the log does not continue it, the file is not damaged: the log
      // belongs to another file.
      if place.hasWriteAheadLog, isWhole(place, options), !logLeadsOn(place, options) { throw .foreignLog(place.log) }
      let rebuild = try StoreRebuild(of: path, options: options)
      return (rebuild.store, nil, rebuild)
    }
  }

  private static func isWhole(_ place: SQLitePath, _ options: SQLiteOptions) -> Bool {
    guard let alone = try? SQLiteDatabase.fileAlone(at: place, options: options) else { return false }
    defer { alone.close() }
    guard (try? alone.checkSchema(after: alone.migrations.count)) != nil else { return false }
    return (try? Store(alone).isSound()) ?? false
  }
}

extension StoreError {
  /// True for errors that reading the file page by page may avoid.
  fileprivate var mayBeStructural: Bool {
    switch self {
    case .corrupt, .malformed, .schemaMismatch, .notAVault, .io: true
    default: false
    }
  }
}
