package import CustodyValues

package struct CheckpointRow: Equatable, Sendable {
  package var size: UInt64
  package var signer: Identifier
  package var root: Digest
  package var signature: [UInt8]

  package init(size: UInt64, signer: Identifier, root: Digest, signature: [UInt8]) {
    (self.size, self.signer, self.root, self.signature) = (size, signer, root, signature)
  }

  init(_ row: any Row) throws(StoreError) {
    size = try row.count(0)
    signer = try row.identifier(1)
    root = try row.digest(2)
    signature = try row.blob(3)
  }
}
