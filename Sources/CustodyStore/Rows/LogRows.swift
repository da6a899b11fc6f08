package import CustodyValues

package struct EntryRow: Equatable, Sendable {
  /// Index in the tree, from 0.
  package var position: UInt64
  /// Of the vault key that seals it.
  package var epoch: UInt64
  package var sealed: [UInt8]

  package init(position: UInt64, epoch: UInt64, sealed: [UInt8]) {
    (self.position, self.epoch, self.sealed) = (position, epoch, sealed)
  }

  init(_ row: any Row) throws(StoreError) {
    position = try row.count(0)
    epoch = try row.count(1)
    sealed = try row.blob(2)
  }
}

/// The root of a complete subtree of 2^level leaves; level 0 is a leaf's hash.
package struct NodeRow: Equatable, Sendable {
  package var level: Int
  /// Counts the complete subtrees of its level from 0.
  package var number: UInt64
  package var hash: Digest

  package init(level: Int, number: UInt64, hash: Digest) {
    (self.level, self.number, self.hash) = (level, number, hash)
  }

  init(_ row: any Row) throws(StoreError) {
    let place = try row.count(0)
    level = Int(place >> Self.bits)
    number = place & (1 << Self.bits - 1)
    hash = try row.digest(1)
  }

  private static let bits = 48

  /// Nil for a subtree that no tree has.
  static func place(level: Int, number: UInt64) -> UInt64? {
    guard 0...bits ~= level, number < 1 << bits else { return nil }
    return UInt64(level) << bits | number
  }
}

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
