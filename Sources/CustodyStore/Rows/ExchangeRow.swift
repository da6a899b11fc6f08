package import CustodyValues

package struct ExchangeRow: Equatable, Sendable {
  package var item: Identifier
  package var fence: UInt64
  package var owner: [UInt8]?
  package var beat: UInt64
  package var journal: [UInt8]?
  /// The generation of the metadata key that seals the journal.
  package var generation: UInt64 = 0
  package var accessToken: [UInt8]?

  package init(item: Identifier, fence: UInt64, owner: [UInt8]?, beat: UInt64) {
    (self.item, self.fence, self.owner, self.beat) = (item, fence, owner, beat)
  }

  /// Reads the row. A malformed number counts as 0, because nothing vouches for it, and the journal beside it may
  /// hold a token that nobody else has.
  init(_ row: any Row) throws(StoreError) {
    item = try row.identifier(0)
    fence = (try? row.count(1)) ?? 0
    owner = try row.optionalBlob(2)
    beat = (try? row.count(3)) ?? 0
    journal = try row.optionalBlob(4)
    generation = (try? row.count(5)) ?? 0
    accessToken = try row.optionalBlob(6)
  }
}
