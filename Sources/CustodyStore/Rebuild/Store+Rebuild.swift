extension Store {
  /// As it is, where SQLite can read it and the schema is the newest; else made anew.
  package static func openOrRebuild(
    at path: String, options: SQLiteOptions = SQLiteOptions()
  ) throws(StoreError) -> (store: Store, doubtfulLog: String?, rebuild: StoreRebuild?) {
    do throws(StoreError) {
      let (store, doubtful) = try openToRepair(at: path, options: options)
      return (store, doubtful, nil)
    } catch {
      guard error.mayBeStructural else { throw error }
      let place = try SQLitePath(path)
      // What is whole without the log beside it, and is not led on from by that, is not damaged: the log is of another file.
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
  /// Another way to read the file may help.
  fileprivate var mayBeStructural: Bool {
    switch self {
    case .corrupt, .malformed, .schemaMismatch, .notAVault, .io: true
    default: false
    }
  }
}
