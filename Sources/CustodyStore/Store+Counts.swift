extension Store {
  /// The number of rows in each table, by its name in the schema. Visits every row.
  package func counts() throws(StoreError) -> [String: UInt64] {
    try count(SQL.counts)
  }

  /// The number of entries in each separate index. In a file that SQLite did not write they may differ from the rows,
  /// and a query sees one or the other.
  package func indexCounts() throws(StoreError) -> [String: UInt64] { try count(SQL.indexCounts) }

  /// The number of rows in the vault table, which has one.
  package func vaultCount() throws(StoreError) -> UInt64 { try count([SQL.vaultCount])["vault"] ?? 0 }

  private func count(_ statements: [Statement]) throws(StoreError) -> [String: UInt64] {
    var counts: [String: UInt64] = [:]
    for statement in statements {
      let rows = try first(statement, []) { row throws(StoreError) in try row.count(0) }
      counts[statement.table.description] = rows ?? 0
    }
    return counts
  }
}

private enum SQL {
  // Not count(*), which SQLite computes in one step. The step limit could not stop it in a file forged to have no
  // end.
  static let counts = [
    Statement("member", "SELECT count(1) FROM member NOT INDEXED"),
    Statement("request", "SELECT count(1) FROM request NOT INDEXED"),
    Statement("key_wrap", "SELECT count(1) FROM key_wrap NOT INDEXED"),
    Statement("item", "SELECT count(1) FROM item NOT INDEXED"),
    Statement("revision", "SELECT count(1) FROM revision NOT INDEXED"),
    Statement("envelope", "SELECT count(1) FROM envelope NOT INDEXED"),
    Statement("metadata_key", "SELECT count(1) FROM metadata_key NOT INDEXED"),
    Statement("note", "SELECT count(1) FROM note NOT INDEXED"),
    Statement("log_entry", "SELECT count(1) FROM log_entry NOT INDEXED"),
    Statement("log_node", "SELECT count(1) FROM log_node NOT INDEXED"),
    Statement("checkpoint", "SELECT count(1) FROM checkpoint NOT INDEXED"),
    Statement("exchange", "SELECT count(1) FROM exchange NOT INDEXED"),
  ]
  // SQLite's names of the indexes behind UNIQUE.
  static let indexCounts = [
    Statement("item", "SELECT count(1) FROM item INDEXED BY sqlite_autoindex_item_2 WHERE kind > -9223372036854775808"),
    Statement(
      "revision", "SELECT count(1) FROM revision INDEXED BY sqlite_autoindex_revision_1 WHERE item >= x''"),
  ]
  static let vaultCount = Statement("vault", "SELECT count(1) FROM vault NOT INDEXED")
}
