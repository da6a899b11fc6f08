internal import CustodyJSON
internal import CustodyLog

/// What may have been left out, or be too much, because nothing tells whether a filter admits it.
public struct LogDoubts: Equatable, Sendable {
  /// Where a period is asked for: entries whose dates put them in or out of it, and whose places in the log may not.
  public let misdated: [UInt64]
  /// Where a token or tenant is asked for: how many tokens have names that this member can't open.
  public let unread: UInt64

  package init(misdated: [UInt64], unread: UInt64) { (self.misdated, self.unread) = (misdated, unread) }
}
