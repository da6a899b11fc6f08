internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
public import CustodyValues
internal import CustodyStore

/// Where a token's secrets go, as an admin confirms it.
///
/// Of a preset that every copy of Custody brings along only its ID is in it, and the details that fill its URLs: an update
/// of the program asks nobody to confirm again. Of one's own preset the whole text is.
public struct Destination: Equatable, Sendable {
  public var provider: String
  /// The connector's item, and the ID that the provider gave it.
  public var connector: Identifier
  public var connectorID: String
  public var clientAuthentication: String?
  public var endpoint: String?
  public var preset: String?
  /// URLs of the connector's own besides its endpoint, by their purpose: `authorize`, `device`, `revoke`.
  public var calls: [String: String] = [:]
  public var providerTenant: String?
  public var variables: [String: String]
  /// Every URL that gets a secret, by its purpose (`token`, `device`, `revoke`, `authorize`), with the token's variables put
  /// in: for people, and for the record. Of a preset that every copy brings along there are none.
  public var urls: [String: String] = [:]

  init(_ token: TokenDetails, _ connector: ConnectorDetails, _ item: Identifier) {
    (provider, self.connector, connectorID) = (connector.provider, item, connector.connectorID)
    (clientAuthentication, endpoint, preset) = (
      connector.clientAuthentication, connector.endpoint, connector.preset
    )
    calls = connector.facts.urls
    (providerTenant, variables) = (token.providerTenant, token.variables)
  }

  /// Without the URLs, which follow from the rest.
  func isSame(as other: Destination) -> Bool {
    var (one, two) = (self, other)
    (one.urls, two.urls) = ([:], [:])
    return one == two
  }
}

extension Destination {
  var text: [UInt8] {
    Metadata.encode([
      ("provider", .string(provider)), ("connector", .string(connector.hex)), ("connector_id", .string(connectorID)),
      ("client_auth", clientAuthentication.map(JSONValue.string)), ("endpoint", endpoint.map(JSONValue.string)),
      ("preset", preset.map(JSONValue.string)), ("authorize_url", calls["authorize"].map(JSONValue.string)),
      ("device_url", calls["device"].map(JSONValue.string)), ("revoke_url", calls["revoke"].map(JSONValue.string)),
      ("provider_tenant", providerTenant.map(JSONValue.string)),
      ("variables", Metadata.texts(variables)), ("urls", Metadata.texts(urls)),
    ])
  }

  init(text: [UInt8]) throws {
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

  /// The hosts that get a secret, as far as the texts name them; else the preset that does.
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

  /// What is different in words, as people name it: empty where nothing is.
  func differences(from other: Destination) -> [String] {
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

extension Session {
  /// Where the secrets of a token that is to be stored would go, to be shown to who stores it.
  public func destination(of token: TokenDetails) throws(VaultError) -> Destination {
    try translating {
      try core.reading {
        guard let connector = try core.item(.connector, token.connector) else {
          throw core.notFound(.connector, token.connector)
        }
        return try core.destination(of: token, by: connector, nil)
      }
    }
  }

  /// Where a token's secrets may go, and where its details say now: an admin confirms that where they differ.
  public func destinations(of token: String) throws(VaultError) -> (confirmed: Destination, now: Destination) {
    try translating {
      try core.reading {
        guard let item = try core.item(.token, token) else { throw core.notFound(.token, token) }
        return try core.destinations(of: item)
      }
    }
  }
}

extension Transaction {
  /// Confirms where a token's secrets go, for an admin who holds it. Refused where that is not what they were shown.
  ///
  /// - Parameter hasDoubt: false where the admin says that whoever was asked until now was not the provider: what they answered,
  ///   or did not, is forgotten, and the next exchange asks.
  public func confirm(
    _ token: String, to shown: Destination, reason: String? = nil, keepingDoubt hasDoubt: Bool = true
  ) throws(VaultError) {
    try translating {
      guard let found = try core.item(.token, token) else { throw core.notFound(.token, token) }
      try requireRole(for: .tokenConfirm, item: found.id)
      _ = try core.open(.token, token, for: .tokenConfirm)
      guard let connector = found.connector.flatMap({ core.history.items[$0] }), !connector.isRetired else {
        throw VaultError(
          .notFound, "cannot confirm \"\(token)\": its connector is retired", subject: token,
          hint: "retire the token too: \"custody token retire \(token)\"")
      }
      let destination = try core.destination(of: TokenDetails(metadata: core.details(of: found)), by: connector, shown)
      let writer = try writer(for: found)
      let notes = [writer.note(.destination, destination.text, at: next), try writer.reason(reason, at: next)]
      _ = try append(.tokenConfirm) { entry in
        entry.set(.item, found.id)
        for note in notes { note?.name(in: &entry) }
      }
      for note in notes { if let note { try core.store.put(note.row) } }
      // It came from where the secrets went before.
      try dropAccessToken(of: found)
      if !hasDoubt { try endDoubt(of: found) }
    }
  }
}

extension Core {
  /// As the connector's details say now, which must be what was shown.
  func destination(of token: TokenDetails, by connector: Item, _ shown: Destination?) throws -> Destination {
    let details = try ConnectorDetails(metadata: self.details(of: connector))
    var now = Destination(token, details, connector.id)
    guard let shown else { return now }
    try checkSame(shown, as: now, token)
    now.urls = shown.urls
    return now
  }

  func checkSame(_ shown: Destination, as now: Destination, _ token: TokenDetails) throws(VaultError) {
    guard !now.isSame(as: shown) else { return }
    throw VaultError(
      .conflict,
      "cannot go on with \"\(token.name)\": where its secrets go has changed since you were shown it"
        + " (\(now.differences(from: shown).joined(separator: "; ")))", subject: token.name,
      hint: "run the command again, and look at what it shows")
  }

  func destinations(of item: Item) throws -> (confirmed: Destination, now: Destination) {
    guard let named = item.destination, let connector = item.connector.flatMap({ history.items[$0] }) else {
      throw broken(item, "it has no destination")
    }
    let confirmed = try Destination(text: text(.destination, named, of: item))
    let token = try TokenDetails(metadata: details(of: item))
    let details = try ConnectorDetails(metadata: self.details(of: connector))
    return (confirmed, Destination(token, details, connector.id))
  }

  /// Before anything is sent: a token goes where an admin said, and nowhere else.
  func checkDestination(of token: Item, for action: Action) throws {
    let differences = try destinationDifferences(of: token)
    guard !differences.isEmpty else { return }
    let name = try TokenDetails(metadata: details(of: token)).name
    throw VaultError(
      .destinationChanged, "cannot use \"\(name)\": \(differences.joined(separator: "; "))", subject: name,
      hint: "nothing was sent; if that is right, an admin who holds the token types \"custody token confirm \(name)\""
    ).denying(action, token.id)
  }

  func destinationDifferences(of token: Item) throws -> [String] {
    let (confirmed, now) = try destinations(of: token)
    guard !now.isSame(as: confirmed) else { return [] }
    let changes = [token.details] + [token.connector.flatMap { history.items[$0]?.details }].compactMap { $0 }
    let change = changes.max { $0.entry < $1.entry } ?? token.details
    return now.differences(from: confirmed)
      + ["\(self.name(of: change.author)) changed that at \(change.moment.time.text)"]
  }
}
