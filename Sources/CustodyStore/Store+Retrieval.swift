package import CustodyValues

extension Store {
  /// All rows for reading an item's value, with the newest envelope, in one query. Nil if there is no such item.
  package func retrieval(of item: Identifier, recipient: Identifier) throws(StoreError) -> Retrieval? {
    try first(SQL.retrieval, [.identifier(item), .identifier(recipient)]) { row throws(StoreError) in
      try Retrieval(row, recipient)
    }
  }

  /// The details of one item, in the form of `eachListed`.
  package func listing(of item: Identifier, recipient: Identifier) throws(StoreError) -> ListedItemRow? {
    try first(SQL.listingOfOne, [.identifier(item), .identifier(recipient)]) { row throws(StoreError) in
      try ListedItemRow(row, recipient)
    }
  }

  /// Visits every item of a kind once, by ID, whether it is shared with this member or not. Reads no secret.
  package func eachListed(
    _ kind: ItemRow.Kind, recipient: Identifier, _ body: (ListedItemRow) throws -> Void
  ) throws {
    let decode = { (row: any Row) throws(StoreError) in try ListedItemRow(row, recipient) }
    var last: Identifier?
    try each(SQL.listing, [.integer(kind.rawValue), .identifier(recipient)], decode) { listing in
      // The newest envelope comes first. Others exist only if somebody put one back.
      if listing.item.id == last { return }
      last = listing.item.id
      try body(listing)
    }
  }
}

private enum SQL {
  // Outer joins, so that an item whose other rows were deleted is still found.
  static let retrieval = Statement(
    "item",
    """
    SELECT item.id, item.kind, item.tag, item.revision, item.generation, item.metadata_generation, item.details,
      revision.generation, revision.entry, revision.secret, envelope.entry, envelope.sealed, envelope.sha256
    FROM item
    LEFT JOIN revision ON revision.item = item.id AND revision.revision = item.revision
      AND revision.generation = item.generation
    LEFT JOIN envelope ON envelope.item = item.id AND envelope.kind = 1 AND envelope.generation = item.generation
      AND envelope.recipient = $2 AND envelope.sealed IS NOT NULL
    WHERE item.id = $1 ORDER BY envelope.entry DESC
    """)
  static let listingOfOne = Statement(
    "item",
    """
    SELECT item.id, item.kind, item.tag, item.revision, item.generation, item.metadata_generation, item.details,
      note.item, note.generation, note.sealed, envelope.entry, envelope.sealed, envelope.sha256
    FROM item
    LEFT JOIN note ON note.entry = item.details AND note.kind = 1
    LEFT JOIN envelope ON envelope.item = item.id AND envelope.kind = 2
      AND envelope.generation = item.metadata_generation AND envelope.recipient = $2 AND envelope.sealed IS NOT NULL
    WHERE item.id = $1 ORDER BY envelope.entry DESC
    """)
  static let listing = Statement(
    "item",
    """
    SELECT item.id, item.kind, item.tag, item.revision, item.generation, item.metadata_generation, item.details,
      note.item, note.generation, note.sealed, envelope.entry, envelope.sealed, envelope.sha256
    FROM item
    LEFT JOIN note ON note.entry = item.details AND note.kind = 1
    LEFT JOIN envelope ON envelope.item = item.id AND envelope.kind = 2
      AND envelope.generation = item.metadata_generation AND envelope.recipient = $2 AND envelope.sealed IS NOT NULL
    WHERE item.kind = $1 ORDER BY item.id, envelope.entry DESC
    """)
}
