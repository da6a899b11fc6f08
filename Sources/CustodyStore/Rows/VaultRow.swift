package import CustodyValues

package struct VaultRow: Equatable, Sendable {
  package var id: Identifier
  package var auditKey: Digest

  package init(id: Identifier, auditKey: Digest) {
    (self.id, self.auditKey) = (id, auditKey)
  }

  init(_ row: any Row) throws(StoreError) {
    id = try row.identifier(0)
    auditKey = try row.digest(1)
  }
}
