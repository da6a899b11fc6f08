internal import CustodyJSON
internal import CustodyLog

/// Doubts about a filtered export: entries that it may wrongly lack or include, because nothing proves whether the
/// filter admits them.
public struct LogDoubts: Equatable, Sendable {
  /// If a period is asked for: positions of entries whose date and whose place in the log are on different sides of an
  /// end of it.
  public let misdated: [UInt64]
  /// If a token or tenant is asked for: count of tokens whose names this member can't decrypt.
  public let unread: UInt64

  package init(misdated: [UInt64], unread: UInt64) { (self.misdated, self.unread) = (misdated, unread) }
}
