package import CustodyValues

package struct MemberRow: Equatable, Sendable {
  package var id: Identifier
  package var seed: SeedColumns
  /// The request by which the member joined; nil for the founder.
  package var request: [UInt8]?

  package init(id: Identifier, seed: SeedColumns, request: [UInt8]?) {
    (self.id, self.seed, self.request) = (id, seed, request)
  }

  init(_ row: any Row) throws(StoreError) {
    id = try row.identifier(0)
    seed = try SeedColumns(row, from: 1)
    request = try row.optionalBlob(6)
  }

  var values: [Value] { [.identifier(id)] + seed.values + [.optional(request)] }
}
