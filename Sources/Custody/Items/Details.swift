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

/// How far a token reaches at the provider.
public enum Reach: String, CaseIterable, Sendable {
  case group, user, tenant
}

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

/// Metadata as it is sealed: JSON, with a random salt so that its SHA-256 in the log tells nothing until it is shown.
enum Metadata {
  static func encode(_ fields: [(String, JSONValue?)]) -> [UInt8] {
    encode(fields, salt: String(decoding: Base64.encode(Sodium.randomBytes(16)), as: UTF8.self))
  }

  private static func encode(_ fields: [(String, JSONValue?)], salt: String) -> [UInt8] {
    let head: [(String, JSONValue?)] = [("v", .integer(1)), ("salt", .string(salt))]
    var object = JSONObject()
    for (key, value) in head + fields { object[key] = value }
    return JSONValue.object(object).bytes()
  }

  /// The name in an item's metadata, which must be the one that its tag was made of.
  static func name(_ metadata: [UInt8], of kind: ItemKind) throws -> String {
    kind == .connector ? try ConnectorDetails(metadata: metadata).name : try TokenDetails(metadata: metadata).name
  }

  static func time(_ value: JSONValue) throws -> Timestamp {
    guard let time = value.string.flatMap({ Timestamp(rfc3339: $0.utf8) }) else { throw malformed() }
    return time
  }

  /// Texts by name, in the order of their names; left out where there are none.
  static func texts(_ texts: [String: String]) -> JSONValue? {
    var object = JSONObject()
    for (name, text) in texts.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      object[name] = .string(text)
    }
    return texts.isEmpty ? nil : .object(object)
  }

  static func texts(_ value: JSONValue) throws -> [String: String] {
    guard let members = value.object?.members else { throw malformed() }
    var texts: [String: String] = [:]
    for member in members {
      guard let text = member.value.string else { throw malformed() }
      texts[member.key] = text
    }
    return texts
  }

  static func malformed() -> VaultError { VaultError(.integrity, "sealed metadata is not what this version writes") }

  static func parse(_ bytes: [UInt8]) throws -> JSONValue {
    guard let value = try? JSONValue(parsing: bytes), value["v"]?.integer == 1, value["salt"]?.string != nil else {
      throw malformed()
    }
    return value
  }
}

extension ConnectorDetails {
  var metadata: [UInt8] { Metadata.encode(fields) }

  private var fields: [(String, JSONValue?)] {
    [
      ("name", .string(name)), ("provider", .string(provider)), ("connector_id", .string(connectorID)),
      ("permissions", permissions.isEmpty ? nil : .array(permissions.map(JSONValue.string))),
      ("endpoint", endpoint.map(JSONValue.string)), ("client_auth", clientAuthentication.map(JSONValue.string)),
      ("preset", preset.map(JSONValue.string)),
      ("scope", scope.map(JSONValue.string)), ("note", note.map(JSONValue.string)),
    ] + facts.fields
  }

  init(metadata: [UInt8]) throws {
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

extension TokenDetails {
  var metadata: [UInt8] { Metadata.encode(fields) }

  private var fields: [(String, JSONValue?)] {
    [
      ("tenant", .string(tenant)), ("connector", .string(connector)), ("provider", .string(provider)),
      ("reach", .string(reach.rawValue)), ("provider_tenant", providerTenant.map(JSONValue.string)),
      ("variables", Metadata.texts(variables)), ("note", note.map(JSONValue.string)),
    ]
  }

  init(metadata: [UInt8]) throws {
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
