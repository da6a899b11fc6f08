package import CustodyValues

package struct EnvelopeRow: Equatable, Sendable {
  package enum Kind: Int64, Sendable { case dataKey = 1, metadataKey = 2 }

  package var item: Identifier
  package var kind: Kind
  /// The generation of the key in the envelope.
  package var generation: UInt64
  /// The member to whom the key is sealed. `.none` is the audit key, for metadata keys.
  package var recipient: Identifier
  package var entry: UInt64
  /// Nil once the envelope was taken back or replaced.
  package var sealed: [UInt8]?
  package var sha256: Digest

  package init(
    item: Identifier, kind: Kind, generation: UInt64, recipient: Identifier, entry: UInt64, sealed: [UInt8]?,
    sha256: Digest
  ) {
    (self.item, self.kind, self.generation, self.recipient) = (item, kind, generation, recipient)
    (self.entry, self.sealed, self.sha256) = (entry, sealed, sha256)
  }

  init(_ row: any Row) throws(StoreError) {
    item = try row.identifier(0)
    kind = try row.kind(1)
    generation = try row.count(2)
    recipient = try row.identifier(3)
    entry = try row.count(4)
    sealed = try row.optionalBlob(5)
    sha256 = try row.digest(6)
  }
}
