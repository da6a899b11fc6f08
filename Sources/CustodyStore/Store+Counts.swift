extension Store {
  /// Rows in each table, by its name in the schema. Visits every row.
  package func counts() throws(StoreError) -> [String: UInt64] {
    var counts: [String: UInt64] = [:]
    for statement in SQL.counts {
      let rows = try first(statement, []) { row throws(StoreError) in try row.count(0) }
      counts[statement.table.description] = rows ?? 0
    }
    return counts
  }
}

private enum SQL {
  // Not count(*): SQLite does that in one piece, which no limit stops in a file made to have no end.
  static let counts = [
    Statement("member", "SELECT count(1) FROM member"),
    Statement("request", "SELECT count(1) FROM request"),
    Statement("key_wrap", "SELECT count(1) FROM key_wrap"),
    Statement("item", "SELECT count(1) FROM item"),
    Statement("revision", "SELECT count(1) FROM revision"),
    Statement("envelope", "SELECT count(1) FROM envelope"),
    Statement("metadata_key", "SELECT count(1) FROM metadata_key"),
    Statement("note", "SELECT count(1) FROM note"),
    Statement("log_entry", "SELECT count(1) FROM log_entry"),
    Statement("log_node", "SELECT count(1) FROM log_node"),
    Statement("checkpoint", "SELECT count(1) FROM checkpoint"),
    Statement("exchange", "SELECT count(1) FROM exchange"),
  ]
}
