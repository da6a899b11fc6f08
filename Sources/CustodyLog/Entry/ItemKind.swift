/// What is kept: a registered integration, or a refresh token of one for a tenant.
public enum ItemKind: String, CaseIterable, Sendable {
  case connector, token
}
