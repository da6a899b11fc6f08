internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodyValues

/// The names and details of a refresh token, without its value. They are sealed under the item's metadata key.
public struct TokenDetails: Equatable, Sendable {
  /// Name of the tenant in the vault.
  public var tenant: String
  /// Name of the connector.
  public var connector: String
  /// ID of the provider's preset.
  public var provider: String
  /// The part of the tenant that it reaches.
  public var reach: Reach
  /// The provider's name for the tenant, if its URLs have it.
  public var providerTenant: String?
  /// Values for further variables in the provider's URLs, such as `region`.
  public var variables: [String: String] = [:]
  /// A remark for people, one line.
  public var note: String?

  /// Creates details with the fields that every token has.
  public init(tenant: String, connector: String, provider: String, reach: Reach) {
    (self.tenant, self.connector, self.provider, self.reach) = (tenant, connector, provider, reach)
  }

  /// Name of the token: `TENANT/CONNECTOR`.
  public var name: String { tenant + "/" + connector }
}

extension TokenDetails {
  package var metadata: [UInt8] { Metadata.encode(fields) }

  private var fields: [(String, JSONValue?)] {
    [
      ("tenant", .string(tenant)), ("connector", .string(connector)), ("provider", .string(provider)),
      ("reach", .string(reach.rawValue)), ("provider_tenant", providerTenant.map(JSONValue.string)),
      ("variables", Metadata.texts(variables)), ("note", note.map(JSONValue.string)),
    ]
  }

  package init(parsing metadata: [UInt8]) throws(EvidenceError) {
    let value = try Metadata.parse(metadata)
    guard let tenant = value["tenant"]?.string, let connector = value["connector"]?.string,
      let provider = value["provider"]?.string, let reach = value["reach"]?.string.flatMap(Reach.init)
    else { throw Metadata.malformed() }
    self.init(tenant: tenant, connector: connector, provider: provider, reach: reach)
    providerTenant = value["provider_tenant"]?.string
    variables = try value["variables"].map(Metadata.texts) ?? [:]
    note = value["note"]?.string
  }
}
