internal import CustodyLog

/// How far a token reaches at the provider.
public enum Reach: String, CaseIterable, Sendable {
  case group, user, tenant
}
