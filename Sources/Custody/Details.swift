internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
public import CustodyMemory

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
  /// When its secret ends at the provider, as whoever keeps it was told there.
  public var secretExpires: Timestamp?
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
  /// When it ends, as it says itself. An exchange that brings another leaves this as it is: it tells of what an admin stored.
  public var expires: Timestamp?
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

  /// Where nothing has changed the old bytes, salt and all: what was said of them in the log can then be shown still.
  static func encode(_ fields: [(String, JSONValue?)], unlessIn old: [UInt8]) throws -> [UInt8] {
    guard let salt = try parse(old)["salt"]?.string, encode(fields, salt: salt) == old else { return encode(fields) }
    return old
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

  func metadata(unlessIn old: [UInt8]) throws -> [UInt8] { try Metadata.encode(fields, unlessIn: old) }

  private var fields: [(String, JSONValue?)] {
    [
      ("name", .string(name)), ("provider", .string(provider)), ("connector_id", .string(connectorID)),
      ("permissions", permissions.isEmpty ? nil : .array(permissions.map(JSONValue.string))),
      ("endpoint", endpoint.map(JSONValue.string)), ("client_auth", clientAuthentication.map(JSONValue.string)),
      ("preset", preset.map(JSONValue.string)), ("secret_expires", secretExpires.map { .string($0.text) }),
      ("scope", scope.map(JSONValue.string)), ("note", note.map(JSONValue.string)),
    ]
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
    secretExpires = try value["secret_expires"].map(Metadata.time)
    scope = value["scope"]?.string
    note = value["note"]?.string
  }
}

extension TokenDetails {
  var metadata: [UInt8] { Metadata.encode(fields) }

  func metadata(unlessIn old: [UInt8]) throws -> [UInt8] { try Metadata.encode(fields, unlessIn: old) }

  private var fields: [(String, JSONValue?)] {
    [
      ("tenant", .string(tenant)), ("connector", .string(connector)), ("provider", .string(provider)),
      ("reach", .string(reach.rawValue)), ("provider_tenant", providerTenant.map(JSONValue.string)),
      ("variables", Metadata.texts(variables)), ("expires", expires.map { .string($0.text) }),
      ("note", note.map(JSONValue.string)),
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
    expires = try value["expires"].map(Metadata.time)
    note = value["note"]?.string
  }
}
