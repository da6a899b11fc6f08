package import CustodyMemory

extension Store {
  package func item(tag: Digest) throws(StoreError) -> ItemRow? {
    try first(SQL.itemByTag, [.digest(tag)], ItemRow.init)
  }

  package func item(id: Identifier) throws(StoreError) -> ItemRow? {
    try first(SQL.itemByID, [.identifier(id)], ItemRow.init)
  }

  /// In the order of their IDs.
  package func eachItem(_ body: (ItemRow) throws -> Void) throws {
    try each(SQL.items, [], ItemRow.init, body)
  }

  package func insert(_ item: ItemRow) throws(StoreError) {
    try change(
      SQL.insertItem,
      [
        .identifier(item.id), .integer(item.kind.rawValue), .optional(item.tag), .count(item.revision),
        .count(item.generation),
      ])
  }

  package func updateItem(_ id: Identifier, revision: UInt64, generation: UInt64) throws(StoreError) {
    try changeOne(SQL.updateItem, [.identifier(id), .count(revision), .count(generation)])
  }

  /// Its name is free again.
  package func freeTag(of id: Identifier) throws(StoreError) { try changeOne(SQL.freeTag, [.identifier(id)]) }

  // MARK: Revisions

  package func revision(_ item: Identifier, _ revision: UInt64) throws(StoreError) -> RevisionRow? {
    try first(SQL.revision, [.identifier(item), .count(revision)], RevisionRow.init)
  }

  /// Oldest first.
  package func revisions(of item: Identifier) throws(StoreError) -> [RevisionRow] {
    try all(SQL.revisions, [.identifier(item)], RevisionRow.init)
  }

  package func insert(_ row: RevisionRow) throws(StoreError) {
    try change(
      SQL.insertRevision,
      [
        .identifier(row.item), .count(row.revision), .count(row.generation), .count(row.entry),
        .blob(row.metadata), .blob(row.secret),
      ])
  }

  package func eachRevision(_ body: (RevisionRow) throws -> Void) throws {
    try each(SQL.allRevisions, [], RevisionRow.init, body)
  }

  /// Returns how many there were.
  @discardableResult
  package func deleteRevisions(of item: Identifier, olderThan revision: UInt64) throws(StoreError) -> Int {
    try change(SQL.deleteOldRevisions, [.identifier(item), .count(revision)])
  }

  @discardableResult
  package func deleteRevisions(of item: Identifier, generationsBelow generation: UInt64) throws(StoreError) -> Int {
    try change(SQL.deleteOldGenerations, [.identifier(item), .count(generation)])
  }
}

private enum SQL {
  static let itemByTag = Statement("item", "SELECT id, kind, tag, revision, generation FROM item WHERE tag = $1")
  static let itemByID = Statement("item", "SELECT id, kind, tag, revision, generation FROM item WHERE id = $1")
  static let items = Statement("item", "SELECT id, kind, tag, revision, generation FROM item ORDER BY id")
  static let insertItem = Statement(
    "item", "INSERT INTO item (id, kind, tag, revision, generation) VALUES ($1, $2, $3, $4, $5)")
  static let updateItem = Statement("item", "UPDATE item SET revision = $2, generation = $3 WHERE id = $1")

  static let freeTag = Statement("item", "UPDATE item SET tag = NULL WHERE id = $1")

  static let revision = Statement(
    "revision",
    """
    SELECT item, revision, generation, entry, metadata, secret FROM revision WHERE item = $1 AND revision = $2
    """)
  static let revisions = Statement(
    "revision",
    "SELECT item, revision, generation, entry, metadata, secret FROM revision WHERE item = $1 ORDER BY revision")
  static let allRevisions = Statement(
    "revision",
    "SELECT item, revision, generation, entry, metadata, secret FROM revision ORDER BY item, revision")
  static let insertRevision = Statement(
    "revision",
    """
    INSERT INTO revision (item, revision, generation, entry, metadata, secret) VALUES ($1, $2, $3, $4, $5, $6)
    """)
  static let deleteOldRevisions = Statement("revision", "DELETE FROM revision WHERE item = $1 AND revision < $2")
  static let deleteOldGenerations = Statement("revision", "DELETE FROM revision WHERE item = $1 AND generation < $2")
}
