public import CustodyEvidence
public import CustodyLog
public import CustodyValues

/// One way in which a token or a connector's secret ends, the time of it, and the remedy.
public struct Deadline: Equatable, Sendable {
  /// The cause of the end.
  public enum End: String, CaseIterable, Sendable {
    /// The provider has already refused it.
    case refused
    /// The answer to its last exchange was lost, and with it perhaps the next token.
    case lost
    /// It goes unused for too long.
    case idle
    /// It reaches its greatest age, used or not.
    case age
    /// Like `age`, but an exchange from a certain day on brings a new token, and none before.
    case window
    /// Its grant reaches its greatest age, however often the token was rotated.
    case family
    /// The connector's secret expires.
    case secret
  }

  /// The party that can prevent it.
  public enum Move: String, Sendable {
    /// Any holder of the token, by an exchange.
    case holder
    /// An admin who holds the token, with a new value.
    case admin
    /// A holder of the connector, with a new secret.
    case keeper
  }

  /// The deadline's state at a time: past, within the span asked for, or later.
  package enum State: String, Sendable { case dead, due, later }

  /// ID of the token or connector.
  public let item: Identifier
  /// The item's kind: a token or a connector.
  public let kind: ItemKind
  /// The item's name, as `contoso/crm-sync`.
  public let name: String
  /// The cause of the end.
  public let end: End
  /// The first moment at which something can be done; nil if it always can.
  public let from: Timestamp?
  /// The moment of the end.
  public let when: Timestamp
  /// The reason, as text.
  public let why: String
  /// The party that can prevent it.
  public let move: Move
  /// Names of the members who can prevent it, as far as they are known.
  public let who: [String]
  /// The step that prevents it.
  public let step: NextStep

  /// True if an exchange prevents it.
  public var isMendedByExchange: Bool { move == .holder }

  /// The moment from which someone should look at it: `from`, otherwise `when`.
  public var opens: Timestamp { from ?? when }

  /// True if the item has ended. One whose last answer was lost is in doubt and counts as alive.
  package func isDead(at now: Timestamp) -> Bool { end == .refused || end != .lost && when <= now }

  /// The state at `now`; `due` if it opens within `span`.
  package func state(at now: Timestamp, within span: TimeSpan) -> State {
    if isDead(at: now) { return .dead }
    return opens <= now.adding(span.duration) ? .due : .later
  }
}
