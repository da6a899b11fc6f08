internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodyValues

/// A connector's names and details: sealed under its metadata key. Its secret is not here.
public struct ConnectorDetails: Equatable, Sendable {
  public var name: String
  public var provider: String
  /// The ID that the provider gave: sent with every exchange.
  public var connectorID: String
  public var permissions: [String] = []
  /// Where to exchange, in place of what the provider's preset says.
  public var endpoint: String?
  /// `basic`, `post` or `assertion`, for a preset that leaves the choice.
  public var clientAuthentication: String?
  /// The preset's own text, where it is none that every copy of Custody brings along: who has the connector exchanges by it.
  public var preset: String?
  /// For a provider that no preset describes.
  public var facts = ProviderFacts()
  public var scope: String?
  public var note: String?

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
