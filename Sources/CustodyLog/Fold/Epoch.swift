package import CustodyValues

/// A pair of vault key and audit key, and the entry that made them.
package struct Epoch: Equatable, Sendable {
  package let begun: UInt64
  /// Public half.
  package let auditKey: Digest
}
