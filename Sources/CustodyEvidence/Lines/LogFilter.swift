public import CustodyLog
public import CustodyValues

/// Which entries are wanted. Since is inclusive, until exclusive.
public struct LogFilter: Sendable {
  public var actions: [Action] = []
  public var actor: String?
  public var token: String?
  public var tenant: String?
  public var since: Timestamp?
  public var until: Timestamp?

  public init() {}

  var isEmpty: Bool {
    actions.isEmpty && actor == nil && token == nil && tenant == nil && since == nil && until == nil
  }
}
