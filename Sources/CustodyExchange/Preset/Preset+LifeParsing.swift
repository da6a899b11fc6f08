extension Preset {
  static func variables(_ fields: inout PresetFields) throws(PresetError) -> [Variable] {
    var variables: [Variable] = []
    for (name, inner) in try fields.members("variables") { variables.append(try Variable(name, inner)) }
    return variables
  }
}

extension Preset.Variable {
  fileprivate init(_ name: String, _ given: PresetFields) throws(PresetError) {
    var fields = given
    self.name = name
    title = try fields.needed("title")
    standard = try fields.text("default")
    values = try fields.list("values")
    try fields.finish()
    guard values.allSatisfy({ URLTemplate.isPlain($0) }) else {
      throw fields.wrong("values", "has a value with other characters than letters, digits, - and .")
    }
    guard standard.map({ value in URLTemplate.isPlain(value) && allows(value) }) ?? true else {
      throw fields.wrong("default", "is not one of its values")
    }
  }

  /// True if the value is allowed; any is if `values` is empty.
  package func allows(_ value: String) -> Bool {
    values.isEmpty || values.contains { $0.utf8.elementsEqual(value.utf8) }
  }
}

extension Preset.Lifetimes {
  init(_ given: PresetFields?) throws(PresetError) {
    var fields = try PresetFields.or(given)
    refreshDays = try fields.number("refresh_days")
    idleDays = try fields.number("idle_days")
    familyDays = try fields.number("family_days")
    renewFromDays = try fields.number("renew_from_days")
    accessSeconds = try fields.number("access_seconds")
    earliestRefreshSeconds = try fields.number("earliest_refresh_seconds")
    try fields.finish()
  }
}

extension Preset.TokenSigns {
  init(_ given: PresetFields?) throws(PresetError) {
    var fields = try PresetFields.or(given)
    refreshPrefixes = try fields.list("refresh_prefixes")
    accessPrefixes = try fields.list("access_prefixes")
    isJWT = try fields.truth("jwt")
    connectorClaim = try fields.list("connector_claim")
    accessSeconds = try fields.number("access_seconds")
    try fields.finish()
  }
}

extension Preset.Authorize {
  init?(parsing given: PresetFields?) throws(PresetError) {
    guard var fields = given else { return nil }
    url = try fields.needed("url")
    fixed = try fields.pairs("fixed").map { (name: $0.key, value: $0.value) }
    scope = try fields.text("scope")
    scopeSeparator = try fields.separator("scope_separator")
    pkce = try !fields.truth("without_pkce")
    issuer = try fields.text("issuer")
    alwaysNamesIssuer = try fields.truth("always_names_issuer")
    try fields.finish()
    guard issuer != nil || !alwaysNamesIssuer else {
      throw fields.wrong("always_names_issuer", "goes with an issuer")
    }
    for (name, _) in fixed where Self.ours.contains(name) {
      throw fields.wrong("fixed", "can't have \"\(name)\", which is each login's own")
    }
  }

  private static let ours = [
    "response_type", "client_id", "redirect_uri", "state", "scope", "code_challenge", "code_challenge_method",
  ]
}

extension Preset.Device {
  init?(parsing given: PresetFields?) throws(PresetError) {
    guard var fields = given else { return nil }
    url = try fields.needed("url")
    scope = try fields.text("scope")
    authenticates = try !fields.truth("without_client")
    try fields.finish()
  }
}

extension Preset.TokenCall {
  init?(parsing given: PresetFields?) throws(PresetError) {
    guard var fields = given else { return nil }
    url = try fields.needed("url")
    method = try fields.choice("method", or: .post)
    token = try fields.place("token") ?? .form("token")
    guard ![.basicUser, .basicPassword, .assertion].contains(token) else {
      throw fields.wrong("token", "can't be \"\(token.text)\"")
    }
    fixed = try fields.fixed()
    authenticates = try !fields.truth("without_client")
    try fields.finish()
  }
}
