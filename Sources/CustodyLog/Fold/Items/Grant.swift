public import CustodyValues

/// The right of one member to decrypt one item, and the sealed keys that make it possible.
public struct Grant: Sendable {
  /// Position of the entry that gave the right: a store, a share or a rotate.
  package let right: UInt64
  /// End of the grant, exclusive. Nil for a grant without end.
  public let until: Timestamp?
  /// The data key, sealed to the member.
  package internal(set) var envelope: NamedEnvelope
  /// The newest metadata key, sealed to the member. Nil for an admin, who decrypts it by the audit key.
  package internal(set) var metadataEnvelope: NamedEnvelope?

  init(right: UInt64, until: Timestamp?, envelope: NamedEnvelope, metadataEnvelope: NamedEnvelope?) {
    (self.right, self.until, self.envelope, self.metadataEnvelope) = (right, until, envelope, metadataEnvelope)
  }

  /// True if the holder may give a grant that ends at `other`: it must not outlast their own.
  package func covers(_ other: Timestamp?) -> Bool {
    guard let until else { return true }
    return other.map { $0 <= until } ?? false
  }

  package func isExpired(at time: Timestamp) -> Bool { until.map { $0 <= time } ?? false }
}

/// An envelope as its entry names it: by its own hash, or (nil) by one hash over all envelopes of that entry.
package struct NamedEnvelope: Equatable, Sendable {
  package let entry: UInt64
  package let sha256: Digest?

  init(entry: UInt64, sha256: Digest? = nil) { (self.entry, self.sha256) = (entry, sha256) }
}
