internal import CustodyMemory

extension Store {
  /// In the order of their entries.
  package func cosignatures(of size: UInt64) throws(StoreError) -> [CosignatureRow] {
    try all(SQL.cosignatures, [.count(size)], CosignatureRow.init)
  }

  package func eachCosignature(_ body: (CosignatureRow) throws -> Void) throws {
    try each(SQL.all, [], CosignatureRow.init, body)
  }

  package func insert(_ row: CosignatureRow) throws(StoreError) {
    try change(
      SQL.insert,
      [.count(row.entry), .count(row.size), .identifier(row.signer), .count(row.time), .blob(row.signature)])
  }
}

private enum SQL {
  static let cosignatures = Statement(
    "cosignature", "SELECT entry, size, signer, time, signature FROM cosignature WHERE size = $1 ORDER BY entry")
  static let all = Statement(
    "cosignature", "SELECT entry, size, signer, time, signature FROM cosignature ORDER BY entry")
  static let insert = Statement(
    "cosignature", "INSERT INTO cosignature (entry, size, signer, time, signature) VALUES ($1, $2, $3, $4, $5)")
}
