package import CustodyMemory

extension Store {
  /// In the order of recipient and entry.
  package func envelopes(of item: Identifier, generation: UInt64) throws(StoreError) -> [EnvelopeRow] {
    try all(SQL.envelopesOfItem, [.identifier(item), .count(generation)], EnvelopeRow.init)
  }

  /// In the order of item, generation, recipient and entry.
  package func eachEnvelope(_ body: (EnvelopeRow) throws -> Void) throws {
    try each(SQL.envelopes, [], EnvelopeRow.init, body)
  }

  package func insert(_ envelope: EnvelopeRow) throws(StoreError) {
    try change(SQL.insert, envelope.values)
  }

  /// All that this recipient has. The hashes stay, so that the entries that made them can be checked for ever.
  package func takeBackEnvelopes(
    of item: Identifier, generation: UInt64, recipient: Identifier
  ) throws(StoreError) {
    try change(SQL.takeBack, [.identifier(item), .count(generation), .identifier(recipient)])
  }

  /// Returns how many there were.
  @discardableResult
  package func deleteEnvelopes(of item: Identifier, generationsBelow generation: UInt64) throws(StoreError) -> Int {
    try change(SQL.deleteOld, [.identifier(item), .count(generation)])
  }
}

extension EnvelopeRow {
  fileprivate var values: [Value] {
    [
      .identifier(item), .count(generation), .identifier(recipient), .count(entry), .optional(sealed),
      .digest(sha256),
    ]
  }
}

private enum SQL {
  static let envelopesOfItem = Statement(
    "envelope",
    """
    SELECT item, generation, recipient, entry, sealed, sha256 FROM envelope
    WHERE item = $1 AND generation = $2 ORDER BY recipient, entry
    """)
  static let envelopes = Statement(
    "envelope",
    """
    SELECT item, generation, recipient, entry, sealed, sha256 FROM envelope ORDER BY item, generation, recipient, entry
    """)
  static let insert = Statement(
    "envelope",
    "INSERT INTO envelope (item, generation, recipient, entry, sealed, sha256) VALUES ($1, $2, $3, $4, $5, $6)")
  static let takeBack = Statement(
    "envelope",
    "UPDATE envelope SET sealed = NULL WHERE item = $1 AND generation = $2 AND recipient = $3")
  static let deleteOld = Statement("envelope", "DELETE FROM envelope WHERE item = $1 AND generation < $2")
}
