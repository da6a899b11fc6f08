internal import CustodyLog

/// The part of a tenant that a token reaches at its provider.
public enum Reach: String, CaseIterable, Sendable {
  /// One group.
  case group
  /// One user's data.
  case user
  /// The whole tenant.
  case tenant
}
