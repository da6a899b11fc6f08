package import CustodyValues

/// A data key or a metadata key, as the entry that made it names it.
package struct NamedKey: Equatable, Sendable {
  package let entry: UInt64
  package let commitment: Digest
  /// The SHA-256 of all the envelopes that the entry made.
  package let envelopes: Digest
  /// How many envelopes of it were made, those taken back included.
  package internal(set) var count: UInt64

  init(entry: UInt64, commitment: Digest, envelopes: Digest, count: UInt64) {
    (self.entry, self.commitment, self.envelopes, self.count) = (entry, commitment, envelopes, count)
  }
}

/// The newest metadata key of an item.
package struct MetadataKeyState: Equatable, Sendable {
  package internal(set) var key: NamedKey
  /// The count of metadata keys that the item has had.
  package let generation: UInt64
  /// Positions of the entries that made each of them but the first.
  package internal(set) var renewals: [UInt64]
  /// The epoch whose audit key opens it.
  package let epoch: UInt64
  /// Somebody who has it lost their grant since.
  var isWithLeaver = false

  init(key: NamedKey, generation: UInt64, renewals: [UInt64], epoch: UInt64) {
    (self.key, self.generation, self.renewals, self.epoch) = (key, generation, renewals, epoch)
  }
}
