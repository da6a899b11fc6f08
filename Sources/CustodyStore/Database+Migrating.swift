/// Applies migrations. They go forward only. Each runs in a transaction of its own, which also records its name,
/// after a backup of the database.
extension Database {
  /// The names of the applied steps. They are in a table that the first step makes.
  private func appliedMigrations() throws(StoreError) -> [String] {
    var names: [String] = []
    try run(MigrationSQL.names, []) { row throws(StoreError) in
      names.append(try row.text(0))
      return true
    }
    return names
  }

  /// Applies all steps to an empty database.
  func migrateFromNothing() throws(StoreError) {
    for step in migrations { try apply(step, after: nil) }
    try checkSchema(after: migrations.count)
  }

  /// Brings an older vault up to date. It changes nothing before all checks have passed.
  func migrate() throws(StoreError) {
    while true {
      let applied = try appliedMigrations()
      try checkNames(applied)
      try checkSchema(after: applied.count)
      guard applied.count < migrations.count else { return }
      try apply(migrations[applied.count], after: applied)
    }
  }

  private func apply(_ step: Migration, after known: [String]?) throws(StoreError) {
    guard !isReadOnly else { throw .older(step.name) }
    try within(.write) { () throws(StoreError) in
      if let known {
        // Another process may have migrated in the meantime; then look again.
        guard try appliedMigrations() == known else { return }
        try backUp(before: step.name)
      }
      try execute(script: step.sql)
      _ = try change(MigrationSQL.record, [.text(step.name)])
    }
  }

  private func checkNames(_ applied: [String]) throws(StoreError) {
    let known = migrations.map(\.name)
    if let unknown = applied.first(where: { !known.contains($0) }) {
      guard Set(known).isSubset(of: applied) else { throw .schemaMismatch("migration") }
      throw .newer(unknown)
    }
    guard !applied.isEmpty, applied == Array(known.prefix(applied.count)) else { throw .schemaMismatch("migration") }
  }
}

private enum MigrationSQL {
  static let names = Statement("migration", "SELECT name FROM migration ORDER BY name")
  static let record = Statement("migration", "INSERT INTO migration (name) VALUES ($1)")
}
