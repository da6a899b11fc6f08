public import CustodyValues

/// Somebody who has seen the log up to a size, so that it can't end before it.
public struct Voucher: Equatable, Sendable {
  public enum Kind: Equatable, Sendable {
    /// What this machine verified itself.
    case pin
    /// The checkpoint that the auditor brought along.
    case given
    /// Another member's cosignature.
    case cosignature(by: String)
  }

  public let kind: Kind
  public let size: UInt64
  public let time: Timestamp?

  package init(_ kind: Kind, size: UInt64, time: Timestamp?) { (self.kind, self.size, self.time) = (kind, size, time) }
}
