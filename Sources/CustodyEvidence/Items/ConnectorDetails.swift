internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodyValues

/// The name and details of a connector, without its secret. They are sealed under the item's metadata key.
public struct ConnectorDetails: Equatable, Sendable {
  /// Name of the connector in the vault.
  public var name: String
  /// ID of the provider's preset.
  public var provider: String
  /// The ID that the provider gave the connector, such as an OAuth client ID. Sent with every exchange.
  public var connectorID: String
  /// Permissions that the connector has at the provider, for the record.
  public var permissions: [String] = []
  /// URL of the token endpoint, in place of the preset's.
  public var endpoint: String?
  /// `basic`, `post` or `assertion`, if the preset leaves the choice of client authentication.
  public var clientAuthentication: String?
  /// The text of the preset, if it is not built into Custody. Exchanges of this connector's tokens use it.
  public var preset: String?
  /// Facts about a provider that no preset describes.
  public var facts = ProviderFacts()
  /// OAuth scope that exchanges send, if any.
  public var scope: String?
  /// A remark for people, one line.
  public var note: String?

  /// Creates details with the fields that every connector has.
  public init(name: String, provider: String, connectorID: String) {
    (self.name, self.provider, self.connectorID) = (name, provider, connectorID)
  }
}

extension ConnectorDetails {
  package var metadata: [UInt8] { Metadata.encode(fields) }

  private var fields: [(String, JSONValue?)] {
    [
      ("name", .string(name)), ("provider", .string(provider)), ("connector_id", .string(connectorID)),
      ("permissions", permissions.isEmpty ? nil : .array(permissions.map(JSONValue.string))),
      ("endpoint", endpoint.map(JSONValue.string)), ("client_auth", clientAuthentication.map(JSONValue.string)),
      ("preset", preset.map(JSONValue.string)),
      ("scope", scope.map(JSONValue.string)), ("note", note.map(JSONValue.string)),
    ] + facts.fields
  }

  package init(parsing metadata: [UInt8]) throws(EvidenceError) {
    let value = try Metadata.parse(metadata)
    guard let name = value["name"]?.string, let provider = value["provider"]?.string,
      let id = value["connector_id"]?.string
    else { throw Metadata.malformed() }
    self.init(name: name, provider: provider, connectorID: id)
    permissions = value["permissions"]?.array?.compactMap(\.string) ?? []
    endpoint = value["endpoint"]?.string
    clientAuthentication = value["client_auth"]?.string
    preset = value["preset"]?.string
    facts = ProviderFacts(value)
    scope = value["scope"]?.string
    note = value["note"]?.string
  }
}
