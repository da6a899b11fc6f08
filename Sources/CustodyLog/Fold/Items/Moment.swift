public import CustodyValues

/// An entry's position, and the time that its author gave it.
public struct Moment: Equatable, Sendable {
  public let position: UInt64
  public let time: Timestamp

  package init(position: UInt64, time: Timestamp) { (self.position, self.time) = (position, time) }
}
