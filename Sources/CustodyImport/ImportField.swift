internal import Custody

/// A field of an imported item: a column of the CSV, a key of the JSON.
package enum ImportField: String, CaseIterable, Sendable {
  case type, name, provider, id, secret, permissions, endpoint
  case clientAuth = "client_auth"
  case scope, reach
  case providerTenant = "provider_tenant"
  case note

  static let names = allCases.map(\.rawValue).joined(separator: ", ")

  /// Parses the field in `ITEM#FIELD`, for files that have only keys and values.
  init?(flat name: String) {
    switch name {
    case "refresh-token", "connector-secret": self = .secret
    case "connector-id": self = .id
    default:
      guard let field = Self(rawValue: name), field != .type, field != .name else { return nil }
      self = field
    }
  }
}
