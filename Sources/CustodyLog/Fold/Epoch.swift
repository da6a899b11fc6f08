public import CustodyValues

/// A pair of vault key and audit key, and the entry that made them.
public struct Epoch: Equatable, Sendable {
  public let begun: UInt64
  /// Public half.
  public let auditKey: Digest
}
