internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
public import CustodyValues

/// The destination of a token's secrets, as an admin confirmed it.
///
/// For a preset that is built into Custody it has only the preset's ID and the values that fill its URLs, so that an
/// update of the program needs no new confirmation. For a preset of the connector's own it has the whole text.
public struct Destination: Equatable, Sendable {
  /// ID of the provider's preset.
  public var provider: String
  /// ID of the connector's item.
  public var connector: Identifier
  /// The ID that the provider gave the connector.
  public var connectorID: String
  /// The connector's choice of client authentication: `basic`, `post` or `assertion`.
  public var clientAuthentication: String?
  /// The connector's own URL of the token endpoint.
  public var endpoint: String?
  /// The whole text of the connector's own preset.
  public var preset: String?
  /// The connector's own URLs besides the token endpoint, by purpose: `authorize`, `device`, `revoke`.
  public var calls: [String: String] = [:]
  /// The provider's name for the tenant.
  public var providerTenant: String?
  /// The token's values for variables in URLs.
  public var variables: [String: String]
  /// URLs that get a secret or lead to one that does, by purpose, such as `token`, `device`, `revoke` and `authorize`,
  /// with variables filled in. They follow from the other fields, and are for people and for the record. Empty for a
  /// built-in preset.
  public var urls: [String: String] = [:]

  package init(_ token: TokenDetails, _ connector: ConnectorDetails, _ item: Identifier) {
    (provider, self.connector, connectorID) = (connector.provider, item, connector.connectorID)
    (clientAuthentication, endpoint, preset) = (
      connector.clientAuthentication, connector.endpoint, connector.preset
    )
    calls = connector.facts.urls
    (providerTenant, variables) = (token.providerTenant, token.variables)
  }

  /// Compares all fields but `urls`, which follow from the others.
  package func isSame(as other: Destination) -> Bool {
    var (one, two) = (self, other)
    (one.urls, two.urls) = ([:], [:])
    return one == two
  }
}

extension Destination {
  package var text: [UInt8] {
    Metadata.encode([
      ("provider", .string(provider)), ("connector", .string(connector.hex)), ("connector_id", .string(connectorID)),
      ("client_auth", clientAuthentication.map(JSONValue.string)), ("endpoint", endpoint.map(JSONValue.string)),
      ("preset", preset.map(JSONValue.string)), ("authorize_url", calls["authorize"].map(JSONValue.string)),
      ("device_url", calls["device"].map(JSONValue.string)), ("revoke_url", calls["revoke"].map(JSONValue.string)),
      ("provider_tenant", providerTenant.map(JSONValue.string)),
      ("variables", Metadata.texts(variables)), ("urls", Metadata.texts(urls)),
    ])
  }

  package init(parsing text: [UInt8]) throws(EvidenceError) {
    let value = try Metadata.parse(text)
    guard let provider = value["provider"]?.string, let id = value["connector_id"]?.string,
      let connector = value["connector"]?.string.flatMap({ Identifier(hex: $0) })
    else { throw Metadata.malformed() }
    (self.provider, self.connector, connectorID) = (provider, connector, id)
    clientAuthentication = value["client_auth"]?.string
    endpoint = value["endpoint"]?.string
    preset = value["preset"]?.string
    calls = ProviderFacts(value).urls
    providerTenant = value["provider_tenant"]?.string
    variables = try value["variables"].map(Metadata.texts) ?? [:]
    urls = try value["urls"].map(Metadata.texts) ?? [:]
  }

  /// The hosts that get a secret, sorted; if the fields name none, one phrase that refers to the preset.
  public var hosts: [String] {
    var found = Set(([endpoint].compactMap { $0 } + calls.values + urls.values).compactMap(Self.host))
    if endpoint == nil, urls.isEmpty, let preset, let value = try? JSONValue(parsing: Array(preset.utf8)) {
      found.formUnion(Self.urls(in: value).compactMap(Self.host))
    }
    return found.isEmpty ? ["those of preset \(provider)"] : found.sorted()
  }

  private static func urls(in value: JSONValue) -> [String] {
    if let text = value.string { return text.contains("://") ? [text] : [] }
    return (value.array ?? []).flatMap(urls) + (value.object?.members.map(\.value) ?? []).flatMap(urls)
  }

  private static func host(_ url: String) -> String? {
    let parts = url.utf8.split(separator: 0x2f, maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[1].isEmpty else { return nil }
    return String(decoding: Array(parts[2]), as: UTF8.self)
  }

  /// The differences in words for people. Empty if there are none.
  package func differences(from other: Destination) -> [String] {
    func said(_ value: String?) -> String { value.map { "\"\(PrintableText.escape($0))\"" } ?? "none" }
    var words: [String] = []
    if hosts != other.hosts {
      words.append(
        "secrets would go to \(hosts.joined(separator: ", ")), not to \(other.hosts.joined(separator: ", "))")
    }
    if endpoint != other.endpoint { words.append("endpoint \(said(endpoint)), was \(said(other.endpoint))") }
    if provider != other.provider { words.append("provider \(said(provider)), was \(said(other.provider))") }
    if connector != other.connector { words.append("it is another connector of that name") }
    if connectorID != other.connectorID {
      words.append("connector ID \(said(connectorID)), was \(said(other.connectorID))")
    }
    if clientAuthentication != other.clientAuthentication {
      words.append(
        "client authentication \(said(clientAuthentication)), was \(said(other.clientAuthentication))")
    }
    for purpose in Set(calls.keys).union(other.calls.keys).sorted() where calls[purpose] != other.calls[purpose] {
      words.append("\(purpose) URL \(said(calls[purpose])), was \(said(other.calls[purpose]))")
    }
    if preset != other.preset { words.append("another text of the connector's own preset") }
    if providerTenant != other.providerTenant {
      words.append("provider tenant \(said(providerTenant)), was \(said(other.providerTenant))")
    }
    if variables != other.variables { words.append("other variables in its URLs") }
    return words
  }
}
