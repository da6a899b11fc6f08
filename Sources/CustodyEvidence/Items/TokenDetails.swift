internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodyValues

/// A refresh token's names and details: sealed under its metadata key. Its value is not here.
public struct TokenDetails: Equatable, Sendable {
  public var tenant: String
  public var connector: String
  public var provider: String
  public var reach: Reach
  /// What the provider calls the tenant, where its token URL names it.
  public var providerTenant: String?
  /// What its provider's URLs need besides: `region`.
  public var variables: [String: String] = [:]
  public var note: String?

  public init(tenant: String, connector: String, provider: String, reach: Reach) {
    (self.tenant, self.connector, self.provider, self.reach) = (tenant, connector, provider, reach)
  }

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
