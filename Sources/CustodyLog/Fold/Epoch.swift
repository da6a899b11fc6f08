package import CustodyValues

/// An epoch: one pair of vault key and audit key. `begun` is the position of the entry that made them.
package struct Epoch: Equatable, Sendable {
  package let begun: UInt64
  /// The audit key's public half.
  package let auditKey: Digest
}
