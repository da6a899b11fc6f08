package import CustodyMemory

extension Store {
  /// One query for all that a read needs, with the newest envelope. Nil: there is no such item.
  package func retrieval(tag: Digest, recipient: Identifier) throws(StoreError) -> Retrieval? {
    try first(SQL.retrieval, [.digest(tag), .identifier(recipient)]) { row throws(StoreError) in
      try Retrieval(row, recipient)
    }
  }

  /// Every item of the kind once, shared with this member or not, in the order of their IDs. Reads no secret.
  package func eachListed(
    _ kind: ItemRow.Kind, recipient: Identifier, _ body: (Listing) throws -> Void
  ) throws {
    let decode = { (row: any Row) throws(StoreError) in try Listing(row, recipient) }
    var last: Identifier?
    try each(SQL.listing, [.integer(kind.rawValue), .identifier(recipient)], decode) { listing in
      // The newest envelope comes first. There are others only where someone put one back.
      if listing.item.id == last { return }
      last = listing.item.id
      try body(listing)
    }
  }
}

private enum SQL {
  // Outer joins: a row that someone deleted must not make an item look unknown.
  static let retrieval = Statement(
    "item",
    """
    SELECT item.id, item.kind, item.tag, item.revision, item.generation,
      revision.generation, revision.entry, revision.metadata, revision.secret,
      envelope.entry, envelope.sealed, envelope.sha256
    FROM item
    LEFT JOIN revision ON revision.item = item.id AND revision.revision = item.revision
    LEFT JOIN envelope ON envelope.item = item.id AND envelope.generation = item.generation
      AND envelope.recipient = $2 AND envelope.sealed IS NOT NULL
    WHERE item.tag = $1 ORDER BY envelope.entry DESC
    """)
  static let listing = Statement(
    "item",
    """
    SELECT item.id, item.kind, item.tag, item.revision, item.generation,
      revision.generation, revision.entry, revision.metadata,
      envelope.entry, envelope.sealed, envelope.sha256
    FROM item
    LEFT JOIN revision ON revision.item = item.id AND revision.revision = item.revision
    LEFT JOIN envelope ON envelope.item = item.id AND envelope.generation = item.generation
      AND envelope.recipient = $2 AND envelope.sealed IS NOT NULL
    WHERE item.kind = $1 ORDER BY item.id, envelope.entry DESC
    """)
}
