package import CustodyValues

/// A data key or metadata key as the entry that made it names it.
package struct NamedKey: Equatable, Sendable {
  package let entry: UInt64
  package let commitment: Digest
  /// SHA-256 over all the envelopes that the entry made.
  package let envelopes: Digest
  /// Count of its envelopes, those taken back included.
  package internal(set) var count: UInt64

  init(entry: UInt64, commitment: Digest, envelopes: Digest, count: UInt64) {
    (self.entry, self.commitment, self.envelopes, self.count) = (entry, commitment, envelopes, count)
  }
}

/// The newest metadata key of an item.
package struct MetadataKeyState: Equatable, Sendable {
  package internal(set) var key: NamedKey
  /// Its generation: the count of the item's metadata keys so far.
  package let generation: UInt64
  /// Positions of the entries that made the metadata keys after the first.
  package internal(set) var renewals: [UInt64]
  /// The epoch whose audit key decrypts it.
  package let epoch: UInt64
  /// True if somebody who has it lost their grant since.
  var isWithLeaver = false

  init(key: NamedKey, generation: UInt64, renewals: [UInt64], epoch: UInt64) {
    (self.key, self.generation, self.renewals, self.epoch) = (key, generation, renewals, epoch)
  }
}
