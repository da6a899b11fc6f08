public import CustodyValues

/// The position of an entry and its time.
public struct Moment: Equatable, Sendable {
  /// The entry's index in the log, from 0.
  public let position: UInt64
  /// The time in the entry, by its author's clock.
  public let time: Timestamp

  package init(position: UInt64, time: Timestamp) { (self.position, self.time) = (position, time) }
}
