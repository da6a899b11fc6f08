package import CustodyValues
internal import CustodyCrypto

/// The fixed lines with which an entry begins, before its details.
package struct EntryHeader: Equatable, Sendable {
  package var origin: String
  package var time: Timestamp
  package var actor: Identifier
  package var seq: UInt64
  package var seen: Seen
  package var action: Action
  package var outcome: Outcome

  package init(
    origin: String, time: Timestamp, actor: Identifier, seq: UInt64, seen: Seen, action: Action,
    outcome: Outcome = .ok
  ) {
    (self.origin, self.time, self.actor, self.seq) = (origin, time, actor, seq)
    (self.seen, self.action, self.outcome) = (seen, action, outcome)
  }
}
