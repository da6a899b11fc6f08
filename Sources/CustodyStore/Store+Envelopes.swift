package import CustodyValues

extension Store {
  /// The envelopes of one key, by recipient and entry.
  package func envelopes(
    of item: Identifier, _ kind: EnvelopeRow.Kind, generation: UInt64
  ) throws(StoreError) -> [EnvelopeRow] {
    try all(SQL.ofKey, [.identifier(item), .integer(kind.rawValue), .count(generation)], EnvelopeRow.init)
  }

  /// The envelopes of a range of items, by item, kind, generation, recipient and entry.
  package func envelopes(in range: ItemRange) throws(StoreError) -> [EnvelopeRow] {
    try all(SQL.ofRange, range.values, EnvelopeRow.init)
  }

  package func eachEnvelope(_ body: (EnvelopeRow) throws -> Void) throws {
    try each(SQL.ofRange, ItemRange.all.values, EnvelopeRow.init, body)
  }

  /// Adds an envelope. It replaces one of the same key, which somebody put there although the log does not know of
  /// it.
  package func put(_ envelope: EnvelopeRow) throws(StoreError) {
    try change(SQL.put, envelope.values)
  }

  /// Removes the sealed keys that a recipient has of an item. The hashes stay, so that the entries that made them can
  /// always be checked.
  package func takeBackEnvelopes(of item: Identifier, recipient: Identifier) throws(StoreError) {
    try change(SQL.takeBack, [.identifier(item), .identifier(recipient)])
  }

  /// Removes the envelopes that a share replaces. The recipient's envelopes of older data keys stay, as they open
  /// older values.
  package func replaceEnvelopes(
    of item: Identifier, recipient: Identifier, generation: UInt64
  ) throws(StoreError) {
    try change(SQL.replace, [.identifier(item), .identifier(recipient), .count(generation)])
  }

  /// The items of which this recipient has an envelope.
  package func items(openTo recipient: Identifier) throws(StoreError) -> [Identifier] {
    try all(SQL.itemsOf, [.identifier(recipient)]) { row throws(StoreError) in try row.identifier(0) }
  }

  /// Removes all sealed data keys of a retired item, which nobody can open any more.
  package func destroyDataKeys(of item: Identifier) throws(StoreError) {
    try change(SQL.destroy, [.identifier(item)])
  }

  /// Deletes envelopes, and returns their number.
  @discardableResult
  package func deleteEnvelopes(
    of item: Identifier, _ kind: EnvelopeRow.Kind, generationsBelow generation: UInt64
  ) throws(StoreError) -> Int {
    try change(SQL.deleteOld, [.identifier(item), .integer(kind.rawValue), .count(generation)])
  }
}

extension EnvelopeRow {
  fileprivate var values: [Value] {
    [
      .identifier(item), .integer(kind.rawValue), .count(generation), .identifier(recipient), .count(entry),
      .optional(sealed), .digest(sha256),
    ]
  }
}

private enum SQL {
  static let ofKey = Statement(
    "envelope",
    """
    SELECT item, kind, generation, recipient, entry, sealed, sha256 FROM envelope
    WHERE item = $1 AND kind = $2 AND generation = $3 ORDER BY recipient, entry
    """)
  static let ofRange = Statement(
    "envelope",
    """
    SELECT item, kind, generation, recipient, entry, sealed, sha256 FROM envelope WHERE item > $1 AND item <= $2
    ORDER BY item, kind, generation, recipient, entry
    """)
  static let itemsOf = Statement(
    "envelope",
    "SELECT DISTINCT item FROM envelope WHERE recipient = $1 AND sealed IS NOT NULL ORDER BY item")
  static let put = Statement(
    "envelope",
    """
    INSERT INTO envelope (item, kind, generation, recipient, entry, sealed, sha256) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (item, kind, generation, recipient, entry) DO UPDATE SET sealed = $6, sha256 = $7
    """)
  static let takeBack = Statement("envelope", "UPDATE envelope SET sealed = NULL WHERE item = $1 AND recipient = $2")
  static let replace = Statement(
    "envelope",
    "UPDATE envelope SET sealed = NULL WHERE item = $1 AND recipient = $2 AND (kind = 2 OR generation = $3)")
  static let destroy = Statement("envelope", "UPDATE envelope SET sealed = NULL WHERE item = $1 AND kind = 1")
  static let deleteOld = Statement(
    "envelope", "DELETE FROM envelope WHERE item = $1 AND kind = $2 AND generation < $3")
}
