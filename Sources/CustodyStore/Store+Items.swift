package import CustodyValues

extension Store {
  package func item(_ kind: ItemRow.Kind, tag: Digest) throws(StoreError) -> ItemRow? {
    try first(SQL.itemByTag, [.integer(kind.rawValue), .digest(tag)], ItemRow.init)
  }

  package func item(id: Identifier) throws(StoreError) -> ItemRow? {
    try first(SQL.itemByID, [.identifier(id)], ItemRow.init)
  }

  /// Visits all items, by ID.
  package func eachItem(_ body: (ItemRow) throws -> Void) throws {
    try each(SQL.items, [], ItemRow.init, body)
  }

  /// Adds or replaces an item. Another row with the same tag loses it.
  package func put(_ item: ItemRow) throws(StoreError) {
    if let tag = item.tag {
      try change(SQL.freeTagOfOthers, [.integer(item.kind.rawValue), .digest(tag), .identifier(item.id)])
    }
    try change(SQL.putItem, values(item))
  }

  private func values(_ item: ItemRow) -> [Value] {
    [
      .identifier(item.id), .integer(item.kind.rawValue), .optional(item.tag), .count(item.revision),
      .count(item.generation), .count(item.metadataGeneration), .count(item.details),
    ]
  }

  package func updateItem(_ id: Identifier, revision: UInt64, generation: UInt64) throws(StoreError) {
    try changeOne(SQL.updateItem, [.identifier(id), .count(revision), .count(generation)])
  }

  package func updateItem(_ id: Identifier, metadataGeneration: UInt64) throws(StoreError) {
    try changeOne(SQL.updateMetadataKey, [.identifier(id), .count(metadataGeneration)])
  }

  package func updateItem(_ id: Identifier, details entry: UInt64) throws(StoreError) {
    try changeOne(SQL.updateDetails, [.identifier(id), .count(entry)])
  }

  /// Removes an item's tag, so that its name is free again.
  package func freeTag(of id: Identifier) throws(StoreError) { try changeOne(SQL.freeTag, [.identifier(id)]) }

  // MARK: Revisions

  package func revision(
    _ item: Identifier, _ revision: UInt64, generation: UInt64
  ) throws(StoreError) -> RevisionRow? {
    try first(SQL.revision, [.identifier(item), .count(revision), .count(generation)], RevisionRow.init)
  }

  /// The revisions of an item, the oldest first.
  package func revisions(of item: Identifier) throws(StoreError) -> [RevisionRow] {
    try all(SQL.revisions, [.identifier(item)], RevisionRow.init)
  }

  /// Adds a revision. It replaces one of the same key, which somebody put there although the log does not know of it.
  package func put(_ row: RevisionRow) throws(StoreError) {
    try change(
      SQL.putRevision,
      [
        .identifier(row.item), .count(row.revision), .count(row.generation), .count(row.entry),
        .optional(row.secret),
      ])
  }

  /// The revisions of a range of items, by item and revision.
  package func revisions(in range: ItemRange) throws(StoreError) -> [RevisionRow] {
    try all(SQL.revisionsOfRange, range.values, RevisionRow.init)
  }

  package func eachRevision(_ body: (RevisionRow) throws -> Void) throws {
    try each(SQL.revisionsOfRange, ItemRange.all.values, RevisionRow.init, body)
  }

  /// Deletes all revisions but one, and returns their number.
  @discardableResult
  package func deleteRevisions(
    of item: Identifier, but revision: UInt64, generation: UInt64
  ) throws(StoreError) -> Int {
    try change(SQL.deleteOthers, [.identifier(item), .count(revision), .count(generation)])
  }

  /// Removes the sealed values of a retired item for good.
  package func destroySecrets(of item: Identifier) throws(StoreError) {
    try change(SQL.destroySecrets, [.identifier(item)])
  }
}

private enum SQL {
  static let itemByTag = Statement(
    "item",
    """
    SELECT id, kind, tag, revision, generation, metadata_generation, details FROM item WHERE kind = $1 AND tag = $2
    """)
  static let itemByID = Statement(
    "item", "SELECT id, kind, tag, revision, generation, metadata_generation, details FROM item WHERE id = $1")
  static let items = Statement(
    "item", "SELECT id, kind, tag, revision, generation, metadata_generation, details FROM item ORDER BY id")
  static let putItem = Statement(
    "item",
    """
    INSERT INTO item (id, kind, tag, revision, generation, metadata_generation, details)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (id) DO UPDATE SET kind = $2, tag = $3, revision = $4, generation = $5, metadata_generation = $6, details = $7
    """)
  static let freeTagOfOthers = Statement(
    "item", "UPDATE item SET tag = NULL WHERE kind = $1 AND tag = $2 AND id <> $3")
  static let updateItem = Statement("item", "UPDATE item SET revision = $2, generation = $3 WHERE id = $1")

  static let updateMetadataKey = Statement("item", "UPDATE item SET metadata_generation = $2 WHERE id = $1")
  static let updateDetails = Statement("item", "UPDATE item SET details = $2 WHERE id = $1")
  static let freeTag = Statement("item", "UPDATE item SET tag = NULL WHERE id = $1")

  static let revision = Statement(
    "revision",
    """
    SELECT item, revision, generation, entry, secret FROM revision WHERE item = $1 AND revision = $2 AND generation = $3
    """)
  static let revisions = Statement(
    "revision",
    "SELECT item, revision, generation, entry, secret FROM revision WHERE item = $1 ORDER BY revision, generation")
  static let revisionsOfRange = Statement(
    "revision",
    """
    SELECT item, revision, generation, entry, secret FROM revision WHERE item > $1 AND item <= $2
    ORDER BY item, revision, generation
    """)
  static let putRevision = Statement(
    "revision",
    """
    INSERT INTO revision (item, revision, generation, entry, secret) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (item, revision, generation) DO UPDATE SET entry = $4, secret = $5
    """)
  static let deleteOthers = Statement(
    "revision", "DELETE FROM revision WHERE item = $1 AND (revision, generation) <> ($2, $3)")
  static let destroySecrets = Statement("revision", "UPDATE revision SET secret = NULL WHERE item = $1")
}
