package import CustodyMemory

extension Store {
  /// Oldest first; none for an item's first generation.
  package func generations(of item: Identifier) throws(StoreError) -> [GenerationRow] {
    try all(SQL.generationsOfItem, [.identifier(item)], GenerationRow.init)
  }

  package func eachGeneration(_ body: (GenerationRow) throws -> Void) throws {
    try each(SQL.generations, [], GenerationRow.init, body)
  }

  package func insert(_ row: GenerationRow) throws(StoreError) {
    try change(SQL.insertGeneration, [.identifier(row.item), .count(row.generation), .blob(row.previous)])
  }

  // MARK: Notes

  package func note(_ entry: UInt64) throws(StoreError) -> NoteRow? {
    try first(SQL.note, [.count(entry)], NoteRow.init)
  }

  /// In the order of their entries.
  package func eachNote(_ body: (NoteRow) throws -> Void) throws { try each(SQL.notes, [], NoteRow.init, body) }

  package func insert(_ row: NoteRow) throws(StoreError) {
    try change(
      SQL.insertNote, [.count(row.entry), .identifier(row.item), .count(row.generation), .blob(row.sealed)])
  }
}

private enum SQL {
  static let generationsOfItem = Statement(
    "generation", "SELECT item, generation, previous FROM generation WHERE item = $1 ORDER BY generation")
  static let generations = Statement(
    "generation", "SELECT item, generation, previous FROM generation ORDER BY item, generation")
  static let insertGeneration = Statement(
    "generation", "INSERT INTO generation (item, generation, previous) VALUES ($1, $2, $3)")

  static let note = Statement("note", "SELECT entry, item, generation, sealed FROM note WHERE entry = $1")
  static let notes = Statement("note", "SELECT entry, item, generation, sealed FROM note ORDER BY entry")
  static let insertNote = Statement(
    "note", "INSERT INTO note (entry, item, generation, sealed) VALUES ($1, $2, $3, $4)")
}
