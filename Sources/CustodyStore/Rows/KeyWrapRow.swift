package import CustodyValues

package struct KeyWrapRow: Equatable, Sendable {
  package enum Kind: Int64, Sendable { case vault = 1, audit = 2 }

  /// The member to whom the key is wrapped. With `.none` it is sealed under the key of the same kind of epoch
  /// `sealedIn`.
  package var recipient: Identifier
  /// The newest epoch at the time of wrapping.
  package var sealedIn: UInt64
  /// The epoch of the wrapped key.
  package var epoch: UInt64
  package var kind: Kind
  /// Nil once the member has lost the right to the key.
  package var sealed: [UInt8]?
  /// The hash of the sealed bytes.
  package var sha256: Digest

  package init(
    recipient: Identifier, sealedIn: UInt64, epoch: UInt64, kind: Kind, sealed: [UInt8]?, sha256: Digest
  ) {
    (self.recipient, self.sealedIn, self.epoch, self.kind) = (recipient, sealedIn, epoch, kind)
    (self.sealed, self.sha256) = (sealed, sha256)
  }

  init(_ row: any Row) throws(StoreError) {
    recipient = try row.identifier(0)
    sealedIn = try row.count(1)
    epoch = try row.count(2)
    kind = try row.kind(3)
    sealed = try row.optionalBlob(4)
    sha256 = try row.digest(5)
  }
}
