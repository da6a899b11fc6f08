package import CustodyValues

extension Store {
  /// The sealed earlier metadata keys of an item, the oldest first. An item's first generation has none.
  package func metadataKeys(of item: Identifier) throws(StoreError) -> [MetadataKeyRow] {
    try all(SQL.keysOfItem, [.identifier(item)], MetadataKeyRow.init)
  }

  /// The sealed earlier metadata keys of a range of items, by item and generation.
  package func metadataKeys(in range: ItemRange) throws(StoreError) -> [MetadataKeyRow] {
    try all(SQL.keys, range.values, MetadataKeyRow.init)
  }

  package func eachMetadataKey(_ body: (MetadataKeyRow) throws -> Void) throws {
    try each(SQL.keys, ItemRange.all.values, MetadataKeyRow.init, body)
  }

  /// Adds a sealed earlier metadata key. It replaces one of the same key, which somebody put there although the log
  /// does not know of it.
  package func put(_ row: MetadataKeyRow) throws(StoreError) {
    try change(SQL.putKey, [.identifier(row.item), .count(row.generation), .blob(row.previous)])
  }

  // MARK: Notes

  package func note(_ entry: UInt64, _ kind: NoteRow.Kind) throws(StoreError) -> NoteRow? {
    try first(SQL.note, [.count(entry), .integer(kind.rawValue)], NoteRow.init)
  }

  /// Visits all notes, by entry and kind.
  package func eachNote(_ body: (NoteRow) throws -> Void) throws { try each(SQL.notes, [], NoteRow.init, body) }

  /// A page of notes by entry and kind, behind `note` or from the first.
  package func notes(after note: NoteRow?) throws(StoreError) -> [NoteRow] {
    let last: [Value] =
      note.map { [.count($0.entry), .integer($0.kind.rawValue)] } ?? [.integer(.min), .integer(.min)]
    return try page(SQL.notePage, last, NoteRow.init)
  }

  /// Adds a note. It replaces one of the same key, which somebody put there although the log does not know of it.
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
