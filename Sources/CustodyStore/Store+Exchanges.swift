package import CustodyValues

extension Store {
  /// An item's exchange, or nil. A malformed row throws instead of counting as missing: its journal may hold a token
  /// that nobody else has.
  package func exchange(of item: Identifier) throws(StoreError) -> ExchangeRow? {
    try firstOrMalformed(SQL.exchange, [.identifier(item)], ExchangeRow.init)
  }

  package func eachExchange(_ body: (ExchangeRow) throws -> Void) throws {
    try each(SQL.exchanges, [], ExchangeRow.init, body)
  }

  /// Adds or replaces an item's exchange.
  package func put(_ row: ExchangeRow) throws(StoreError) {
    try change(
      SQL.putExchange,
      [
        .identifier(row.item), .count(row.fence), .optional(row.owner), .count(row.beat), .optional(row.journal),
        .count(row.generation), .optional(row.accessToken),
      ])
  }

  /// Notes that the owner is still at work. False if another process has taken the exchange over.
  package func beat(of item: Identifier, fence: UInt64, owner: [UInt8]) throws(StoreError) -> Bool {
    try change(SQL.beat, [.identifier(item), .count(fence), .blob(owner)]) > 0
  }

  package func deleteExchange(of item: Identifier) throws(StoreError) {
    try change(SQL.deleteExchange, [.identifier(item)])
  }
}

private enum SQL {
  static let exchange = Statement(
    "exchange", "SELECT item, fence, owner, beat, journal, generation, access_token FROM exchange WHERE item = $1")
  static let exchanges = Statement(
    "exchange", "SELECT item, fence, owner, beat, journal, generation, access_token FROM exchange ORDER BY item")
  static let putExchange = Statement(
    "exchange",
    """
    INSERT INTO exchange (item, fence, owner, beat, journal, generation, access_token) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (item) DO UPDATE SET fence = $2, owner = $3, beat = $4, journal = $5,
      generation = $6, access_token = $7
    """)
  static let beat = Statement(
    "exchange", "UPDATE exchange SET beat = beat + 1 WHERE item = $1 AND fence = $2 AND owner = $3")
  static let deleteExchange = Statement("exchange", "DELETE FROM exchange WHERE item = $1")
}
