/// The two kinds of items in a vault.
public enum ItemKind: String, CaseIterable, Sendable {
  /// A registered integration with a provider.
  case connector
  /// A refresh token of a connector, for one tenant.
  case token
}
