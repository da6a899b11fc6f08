package import CustodyJSON
internal import CustodyValues

extension Preset {
  /// Size limit of a preset's JSON, in bytes: more than any preset needs, and small enough for a connector's sealed
  /// details.
  package static let mostBytes = 32 * 1024

  /// Parses a preset's JSON and checks that its parts are consistent. docs/PRESETS.md describes the format.
  ///
  /// - Parameter text: the JSON, UTF-8, at most 32 KiB.
  /// - Throws: the reason, with the line if the text has it.
  public init(parsing text: [UInt8]) throws(PresetError) {
    guard text.count <= Self.mostBytes else { throw PresetError("it has more than \(Self.mostBytes) bytes") }
    let value: JSONValue
    do { value = try JSONValue(parsing: text) } catch { throw PresetError(error, in: text) }
    do { try self.init(value) } catch { throw PresetError(error, in: text) }
  }

  /// Reads a preset from parsed JSON.
  package init(_ value: JSONValue) throws(PresetError) {
    var fields = try PresetFields(value)
    json = value
    guard try fields.number("v") == 1 else { throw fields.wrong("v", "is not 1, the version that is read here") }
    id = try fields.needed("id")
    title = try fields.needed("title")
    sources = try fields.list("sources")
    date = try fields.needed("date")
    notes = try fields.list("notes")
    doubts = try fields.list("doubts")
    method = try fields.choice("method")
    url = try fields.text("url")
    variables = try Self.variables(&fields)
    hosts = try fields.hosts("hosts")
    follows308 = try fields.truth("follows_308")
    body = try fields.choice("body")
    sends = try Sends(fields.inner("sends"))
    otherClientAuthentications = try fields.choices("client_auth")
    assertionAlgorithm = try fields.text("assertion_alg") == nil ? nil : fields.choice("assertion_alg")
    reply = try Reply(fields.inner("reply"), or: hosts)
    accessHeader = try fields.header("access_header")
    errors = try Errors(fields.inner("errors"))
    rotation = try fields.choice("rotation")
    oldToken = try fields.choice("old_token")
    oldTokenGraceSeconds = try fields.number("old_token_grace_seconds")
    lifetimes = try Lifetimes(fields.optional("lifetimes"))
    signs = try TokenSigns(fields.optional("tokens"))
    authorize = try Authorize(parsing: fields.optional("authorize"))
    device = try Device(parsing: fields.optional("device"))
    revoke = try TokenCall(parsing: fields.optional("revoke"))
    introspect = try TokenCall(parsing: fields.optional("introspect"))
    retiring = try fields.list("retiring")
    try fields.finish()
    try check()
  }
}

extension Preset.Sends {
  fileprivate init(_ given: PresetFields) throws(PresetError) {
    var fields = given
    guard let id = try fields.place("connector_id") else { throw fields.wrong("connector_id", "is missing") }
    guard let secret = try fields.place("connector_secret") else {
      throw fields.wrong("connector_secret", "is missing")
    }
    guard let token = try fields.place("refresh_token") else { throw fields.wrong("refresh_token", "is missing") }
    (connectorID, connectorSecret, refreshToken) = (id, secret, token)
    scope = try fields.place("scope")
    fixed = try fields.fixed()
    try fields.finish()
  }
}

extension Preset.Reply {
  fileprivate init(_ given: PresetFields, or hosts: [HostPattern]) throws(PresetError) {
    var fields = given
    format = try fields.choice("format", or: .json)
    accessToken = JSONPath(try fields.needed("access_token"))
    refreshToken = try fields.path("refresh_token")
    tokenType = try fields.path("token_type")
    scope = try fields.path("scope")
    scopeSeparator = try fields.separator("scope_separator")
    apiBase = try fields.path("api_base")
    let apiHosts = try fields.hosts("api_hosts")
    self.apiHosts = apiHosts.isEmpty ? hosts : apiHosts
    expiry = try Self.expiry("expiry", &fields)
    expiryFromJWT = try fields.truth("expiry_from_jwt")
    refreshExpiry = try Self.expiry("refresh_expiry", &fields)
    try fields.finish()
  }

  private static func expiry(_ key: String, _ fields: inout PresetFields) throws(PresetError) -> Preset.Expiry? {
    guard let field = try fields.path(key) else { return nil }
    return Preset.Expiry(
      field: field, unit: try fields.choice(key + "_unit"), kind: try fields.choice(key + "_kind"))
  }
}

extension PresetFields {
  mutating func header(_ key: String) throws(PresetError) -> AccessHeader {
    guard let text = try text(key) else { return .bearer }
    guard let header = AccessHeader(text) else {
      throw wrong(key, "is not a header with one \(AccessHeader.placeholder) in its value")
    }
    return header
  }

  /// The separator of scopes, one character; a space by default.
  mutating func separator(_ key: String) throws(PresetError) -> String {
    let separator = try text(key) ?? " "
    guard separator.utf8.count == 1, separator.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) else {
      throw wrong(key, "is not one character")
    }
    return separator
  }
}

extension Preset.Errors {
  fileprivate init(_ given: PresetFields) throws(PresetError) {
    var fields = given
    code = JSONPath(try fields.needed("code"))
    otherCodes = try fields.list("other_codes").map { JSONPath($0) }
    description = try fields.path("description")
    success = try fields.path("success")
    var classes: [String: Preset.ErrorClass] = [:]
    for (key, name) in try fields.pairs("classes") {
      guard let known = Preset.ErrorClass(rawValue: name) else {
        throw fields.wrong("classes", "can't have \"\(name)\"")
      }
      classes[key] = known
    }
    self.classes = classes
    try fields.finish()
  }
}
