public import CustodyEvidence
public import CustodyLog
public import CustodyValues

/// One way in which a token or a connector ends, when that is, and what to do before.
public struct Deadline: Equatable, Sendable {
  public enum End: String, CaseIterable, Sendable {
    /// The provider has refused it already.
    case refused
    /// An answer that may have held the next token never came.
    case lost
    /// So long without use.
    case idle
    /// So long after it was made, used or not.
    case age
    /// As `age`; but from some day on an exchange brings a new one, and none is offered before.
    case window
    /// So long after its grant began, however often it was rotated.
    case family
    /// The connector's secret.
    case secret
  }

  /// Who can keep it from happening.
  public enum Move: String, Sendable { case holder, admin, keeper }

  package enum State: String, Sendable { case dead, due, later }

  public let item: Identifier
  public let kind: ItemKind
  public let name: String
  public let end: End
  /// From when on something can be done about it, where that is not always.
  public let from: Timestamp?
  public let when: Timestamp
  public let why: String
  public let move: Move
  /// Names of who that is, as far as they are known.
  public let who: [String]
  /// What they do.
  public let step: NextStep

  /// Whether an exchange is what it needs.
  public var isMendedByExchange: Bool { move == .holder }

  /// When someone must look at it.
  public var opens: Timestamp { from ?? when }

  /// A token of which an answer was lost is in doubt, and may be alive.
  package func isDead(at now: Timestamp) -> Bool { end == .refused || end != .lost && when <= now }

  package func state(at now: Timestamp, within span: TimeSpan) -> State {
    if isDead(at: now) { return .dead }
    return opens <= now.adding(span.duration) ? .due : .later
  }
}
