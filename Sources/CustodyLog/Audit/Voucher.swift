public import CustodyValues

/// A witness that the log had a size, so that it can't end before that.
public struct Voucher: Equatable, Sendable {
  /// The source of the statement.
  public enum Kind: Equatable, Sendable {
    /// The last state that this machine verified itself.
    case pin
    /// The checkpoint that the verifier was given from elsewhere.
    case given
    /// The cosignature of the member named.
    case cosignature(by: String)
  }

  /// The source of the statement.
  public let kind: Kind
  /// The size that the log had, in entries.
  public let size: UInt64
  /// The time of the statement, if it is known.
  public let time: Timestamp?

  package init(_ kind: Kind, size: UInt64, time: Timestamp?) { (self.kind, self.size, self.time) = (kind, size, time) }
}
