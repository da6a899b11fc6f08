internal import CustodyJSON

extension Preset {
  static func variables(_ fields: inout PresetFields) throws(PresetError) -> [Variable] {
    guard let given = fields.value("variables") else { return [] }
    guard let object = given.object else { throw fields.wrong("variables", "is not an object") }
    var variables: [Variable] = []
    for member in object.members {
      var inner = try PresetFields(member.value, at: "preset.variables.\(member.key)")
      variables.append(
        Variable(
          name: member.key, title: try inner.needed("title"), standard: try inner.text("default"),
          values: try inner.list("values")))
      try inner.finish()
    }
    return variables
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
    scopeSeparator = try fields.text("scope_separator") ?? " "
    pkce = try !fields.truth("without_pkce")
    try fields.finish()
  }
}

extension Preset.Device {
  init?(parsing given: PresetFields?) throws(PresetError) {
    guard var fields = given else { return nil }
    url = try fields.needed("url")
    scope = try fields.text("scope")
    try fields.finish()
  }
}

extension Preset.TokenCall {
  init?(parsing given: PresetFields?) throws(PresetError) {
    guard var fields = given else { return nil }
    url = try fields.needed("url")
    method = try fields.choice("method", or: .post)
    token = try fields.place("token") ?? .form("token")
    fixed = try fields.fixed()
    authenticates = try !fields.truth("without_client")
    try fields.finish()
  }
}
