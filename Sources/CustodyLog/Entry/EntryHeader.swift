public import CustodyValues
internal import CustodyCrypto

/// The lines of an entry before its details.
public struct EntryHeader: Equatable, Sendable {
  public var origin: String
  public var time: Timestamp
  public var actor: Identifier
  public var seq: UInt64
  public var seen: Seen
  public var action: Action
  public var outcome: Outcome

  public init(
    origin: String, time: Timestamp, actor: Identifier, seq: UInt64, seen: Seen, action: Action,
    outcome: Outcome = .ok
  ) {
    (self.origin, self.time, self.actor, self.seq) = (origin, time, actor, seq)
    (self.seen, self.action, self.outcome) = (seen, action, outcome)
  }
}
