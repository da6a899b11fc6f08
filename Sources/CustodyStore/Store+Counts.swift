extension Store {
  /// Rows in each table, by its name in the schema. Visits every page of the file.
  package func counts() throws(StoreError) -> [(table: String, rows: UInt64)] {
    let counts = try first(SQL.counts, []) { row throws(StoreError) in
      var counts: [(table: String, rows: UInt64)] = []
      for (column, table) in SQL.tables.enumerated() { counts.append((table, try row.count(column))) }
      return counts
    }
    return counts ?? []
  }
}

private enum SQL {
  static let tables = [
    "member", "request", "key_wrap", "item", "revision", "envelope", "generation", "note", "log_entry", "log_node",
    "checkpoint",
  ]
  static let counts = Statement(
    "",
    """
    SELECT (SELECT count(*) FROM member), (SELECT count(*) FROM request), (SELECT count(*) FROM key_wrap),
      (SELECT count(*) FROM item), (SELECT count(*) FROM revision), (SELECT count(*) FROM envelope),
      (SELECT count(*) FROM generation), (SELECT count(*) FROM note), (SELECT count(*) FROM log_entry),
      (SELECT count(*) FROM log_node), (SELECT count(*) FROM checkpoint)
    """)
}
