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
    let database = try SQLiteDatabase.open(at: path, options: options)
    try database.migrate()
    return Store(database)
  }
}
