package import CustodyValues

extension Store {
  /// Oldest first; none for an item's first.
  package func metadataKeys(of item: Identifier) throws(StoreError) -> [MetadataKeyRow] {
    try all(SQL.keysOfItem, [.identifier(item)], MetadataKeyRow.init)
  }

  /// Of a range of items, in the order of item and generation.
  package func metadataKeys(in range: ItemRange) throws(StoreError) -> [MetadataKeyRow] {
    try all(SQL.keys, range.values, MetadataKeyRow.init)
  }

  package func eachMetadataKey(_ body: (MetadataKeyRow) throws -> Void) throws {
    try each(SQL.keys, ItemRange.all.values, MetadataKeyRow.init, body)
  }

  /// In the place of what someone put where the log has nothing yet.
  package func put(_ row: MetadataKeyRow) throws(StoreError) {
    try change(SQL.putKey, [.identifier(row.item), .count(row.generation), .blob(row.previous)])
  }

  // MARK: Notes

  package func note(_ entry: UInt64, _ kind: NoteRow.Kind) throws(StoreError) -> NoteRow? {
    try first(SQL.note, [.count(entry), .integer(kind.rawValue)], NoteRow.init)
  }

  /// In the order of their entries and kinds.
  package func eachNote(_ body: (NoteRow) throws -> Void) throws { try each(SQL.notes, [], NoteRow.init, body) }

  /// A page in the order of entries and kinds, behind another one, or the first.
  package func notes(after note: NoteRow?) throws(StoreError) -> [NoteRow] {
    let last: [Value] =
      note.map { [.count($0.entry), .integer($0.kind.rawValue)] } ?? [.integer(.min), .integer(.min)]
    return try page(SQL.notePage, last, NoteRow.init)
  }

  /// In the place of what someone put where the log has nothing yet.
  package func put(_ row: NoteRow) throws(StoreError) {
    try change(
      SQL.putNote,
      [
        .count(row.entry), .integer(row.kind.rawValue), .identifier(row.item), .count(row.generation),
        .blob(row.sealed),
      ])
  }
}

private enum SQL {
  static let keysOfItem = Statement(
    "metadata_key", "SELECT item, generation, previous FROM metadata_key WHERE item = $1 ORDER BY generation")
  static let keys = Statement(
    "metadata_key",
    """
    SELECT item, generation, previous FROM metadata_key WHERE item > $1 AND item <= $2 ORDER BY item, generation
    """)
  static let putKey = Statement(
    "metadata_key",
    """
    INSERT INTO metadata_key (item, generation, previous) VALUES ($1, $2, $3)
    ON CONFLICT (item, generation) DO UPDATE SET previous = $3
    """)

  static let note = Statement(
    "note", "SELECT entry, kind, item, generation, sealed FROM note WHERE entry = $1 AND kind = $2")
  static let notes = Statement("note", "SELECT entry, kind, item, generation, sealed FROM note ORDER BY entry, kind")
  static let notePage = Statement(
    "note",
    """
    SELECT entry, kind, item, generation, sealed FROM note WHERE (entry, kind) > ($1, $2) ORDER BY entry, kind LIMIT 256
    OFFSET $3
    """)
  static let putNote = Statement(
    "note",
    """
    INSERT INTO note (entry, kind, item, generation, sealed) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (entry, kind) DO UPDATE SET item = $3, generation = $4, sealed = $5
    """)
}
