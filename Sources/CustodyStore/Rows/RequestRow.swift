package import CustodyValues

/// A request to join, of a future member who is not yet approved.
package struct RequestRow: Equatable, Sendable {
  package var id: Identifier
  package var seed: SeedColumns
  package var request: [UInt8]

  package init(id: Identifier, seed: SeedColumns, request: [UInt8]) {
    (self.id, self.seed, self.request) = (id, seed, request)
  }

  init(_ row: any Row) throws(StoreError) {
    id = try row.identifier(0)
    seed = try SeedColumns(row, from: 1)
    request = try row.blob(6)
  }

  var values: [Value] { [.identifier(id)] + seed.values + [.blob(request)] }
}
