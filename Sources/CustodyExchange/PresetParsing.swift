public import CustodyJSON

extension Preset {
  /// Reads a preset's JSON text and checks that it hangs together.
  public init(parsing text: [UInt8]) throws(PresetError) {
    let value: JSONValue
    do { value = try JSONValue(parsing: text) } catch {
      throw PresetError(reason: "it is not JSON (\(error.reason), byte \(error.offset))")
    }
    try self.init(value)
  }

  public init(_ value: JSONValue) throws(PresetError) {
    var fields = try PresetFields(value, at: "preset")
    id = try fields.needed("id")
    title = try fields.needed("title")
    sources = try fields.needed("sources")
    date = try fields.needed("date")
    doubts = try fields.list("doubts")
    method = try fields.choice("method")
    url = try fields.text("url")
    variables = try Self.variables(&fields)
    hosts = try fields.hosts("hosts")
    follows308 = try fields.truth("follows_308")
    body = try fields.choice("body")
    sends = try Sends(fields.inner("sends"))
    reply = try Reply(fields.inner("reply"), or: hosts)
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

  private func check() throws(PresetError) {
    guard Self.isID(id) else { throw PresetError(reason: "preset.id can't be \"\(id)\"") }
    guard !hosts.isEmpty else { throw PresetError(reason: "preset.hosts is empty: no host could be trusted") }
    let trustsAll = hosts.contains { $0.text == "*" }
    guard !trustsAll || url == nil && !follows308 else {
      throw PresetError(reason: "preset.hosts has \"*\", which is for presets without a url and without redirects")
    }
    guard (method == .get) == (body == .none) else {
      throw PresetError(reason: "preset.body and preset.method don't go together")
    }
    let places = [sends.connectorID, sends.connectorSecret, sends.refreshToken] + [sends.scope].compactMap { $0 }
    let all = places + sends.fixed.map(\.place)
    guard Set(all).count == all.count else { throw PresetError(reason: "preset.sends uses one place twice") }
    guard body == .form || !all.contains(where: { if case .form = $0 { true } else { false } }) else {
      throw PresetError(reason: "preset.sends has form fields, and preset.body is \(body.rawValue)")
    }
    guard body == .json || !all.contains(where: { if case .json = $0 { true } else { false } }) else {
      throw PresetError(reason: "preset.sends has JSON fields, and preset.body is \(body.rawValue)")
    }
    let isBasic = (sends.connectorID == .basicUser, sends.connectorSecret == .basicPassword)
    guard isBasic.0 == isBasic.1, all.count(where: { $0 == .basicUser || $0 == .basicPassword }) == (isBasic.0 ? 2 : 0)
    else {
      throw PresetError(reason: "preset.sends: basic takes the connector's ID as user and its secret as password")
    }
  }

  private static func isID(_ id: String) -> Bool {
    1...64 ~= id.utf8.count
      && id.utf8.allSatisfy {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
          || $0 == UInt8(ascii: "-")
      }
  }
}

extension Preset.Sends {
  fileprivate init(_ given: PresetFields) throws(PresetError) {
    var fields = given
    guard let id = try fields.place("connector_id"), let secret = try fields.place("connector_secret"),
      let token = try fields.place("refresh_token")
    else { throw PresetError(reason: "preset.sends needs connector_id, connector_secret and refresh_token") }
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
    scopeSeparator = try fields.text("scope_separator") ?? " "
    apiBase = try fields.path("api_base")
    let apiHosts = try fields.hosts("api_hosts")
    self.apiHosts = apiHosts.isEmpty ? hosts : apiHosts
    expiry = try Self.expiry("expiry", &fields)
    expiryFromJWT = try fields.truth("expiry_from_jwt")
    refreshExpiry = try Self.expiry("refresh_expiry", &fields)
    try fields.finish()
    guard scopeSeparator.utf8.count == 1 else { throw fields.wrong("scope_separator", "is not one character") }
  }

  private static func expiry(_ key: String, _ fields: inout PresetFields) throws(PresetError) -> Preset.Expiry? {
    guard let field = try fields.path(key) else { return nil }
    return Preset.Expiry(
      field: field, unit: try fields.choice(key + "_unit"), kind: try fields.choice(key + "_kind"))
  }
}

extension Preset.Errors {
  fileprivate init(_ given: PresetFields) throws(PresetError) {
    var fields = given
    code = JSONPath(try fields.needed("code"))
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
