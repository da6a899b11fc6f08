public import CustodyLog
public import CustodyValues

/// The entries to list or export. An entry must meet all conditions that are set.
public struct LogFilter: Sendable {
  /// Actions of which an entry must have one. Empty for any.
  public var actions: [Action] = []
  /// Name of the member who signed the entries.
  public var actor: String?
  /// Name of the token that the entries are about: `TENANT/CONNECTOR`.
  public var token: String?
  /// Tenant of the token that the entries are about.
  public var tenant: String?
  /// Earliest time of an entry, inclusive.
  public var since: Timestamp?
  /// Latest time of an entry, exclusive.
  public var until: Timestamp?

  /// Creates a filter that admits every entry.
  public init() {}

  var isEmpty: Bool {
    actions.isEmpty && actor == nil && token == nil && tenant == nil && since == nil && until == nil
  }
}
