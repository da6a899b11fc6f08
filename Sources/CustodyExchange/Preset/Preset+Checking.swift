internal import CustodyValues

/// Checks that a preset's parts are consistent.
extension Preset {
  func check() throws(PresetError) {
    guard Self.isID(id) else { throw PresetError("preset.id can't be \"\(id)\"", at: ["id"]) }
    guard date.utf8.count == 10, (try? Timestamp(typed: date, date: .start)) != nil else {
      throw PresetError("preset.date is not a day, as in 2026-11-24", at: ["date"])
    }
    try checkHosts()
    guard (method == .get) == (body == .none) else {
      throw PresetError("preset.body and preset.method don't go together", at: ["body"])
    }
    try checkPlaces()
    guard body != .none || authorize == nil && device == nil else {
      throw PresetError("preset.authorize and preset.device need a preset.body, for the code", at: ["body"])
    }
    try checkClient()
    try checkURLs()
    guard (oldToken == .grace) == (oldTokenGraceSeconds != nil) else {
      throw PresetError(
        "preset.old_token_grace_seconds goes with old_token \"grace\", and only with it", at: ["old_token"])
    }
    guard (rotation == .late) == (lifetimes.renewFromDays != nil) else {
      throw PresetError(
        "preset.lifetimes.renew_from_days goes with rotation \"late\", and only with it", at: ["rotation"])
    }
    guard reply.refreshToken != reply.accessToken else {
      throw PresetError("preset.reply.refresh_token is where the access token stands", at: ["reply", "refresh_token"])
    }
    guard reply.format == .json || errors.success == nil else {
      throw PresetError("preset.errors.success is true or false, which a form can't say", at: ["errors", "success"])
    }
  }

  private func checkHosts() throws(PresetError) {
    guard !hosts.isEmpty else { throw PresetError("preset.hosts is empty: no host could be trusted", at: ["hosts"]) }
    let trustsAll = hosts.contains { $0.text == "*" }
    guard !trustsAll || url == nil && !follows308 else {
      throw PresetError(
        "preset.hosts has \"*\", which is for presets without a url and without redirects", at: ["hosts"])
    }
  }

  private func checkPlaces() throws(PresetError) {
    let places = [sends.connectorID, sends.connectorSecret, sends.refreshToken] + [sends.scope].compactMap { $0 }
    let all = places + sends.fixed.map(\.place)
    guard Self.areApart(written(all)) else {
      throw PresetError("preset.sends uses one place twice", at: ["sends"])
    }
    for place in all {
      guard place.body == .none || place.body == body else {
        throw PresetError("preset.sends has \(place.text), and preset.body is \(body.rawValue)", at: ["sends"])
      }
    }
    try checkHeaders(all, at: ["sends"])
    let isBasic = (sends.connectorID == .basicUser, sends.connectorSecret == .basicPassword)
    guard isBasic.0 == isBasic.1, all.count(where: { $0 == .basicUser || $0 == .basicPassword }) == (isBasic.0 ? 2 : 0)
    else {
      throw PresetError(
        "preset.sends: basic takes the connector's ID as user and its secret as password", at: ["sends"])
    }
    guard all.count(where: { $0 == .assertion }) == (sends.connectorSecret == .assertion ? 1 : 0) else {
      throw PresetError("preset.sends: an assertion is made of the connector's secret", at: ["sends"])
    }
    for (call, key) in [(revoke, "revoke"), (introspect, "introspect")] {
      guard let call else { continue }
      try checkHeaders([call.token] + call.fixed.map(\.place), at: [key])
      guard !call.authenticates || [.none, body].contains(call.token.body) || sends.connectorID.body == .none else {
        throw PresetError(
          "preset.\(key) has another body than preset.sends, where the connector's ID stands", at: [key])
      }
      try checkPlaces(of: call, key)
    }
  }

  /// Checks the places of a call's values. A value without a place would not be sent, and the provider's success would
  /// be taken for an answer about it.
  private func checkPlaces(of call: TokenCall, _ key: String) throws(PresetError) {
    let kind = kind(of: call)
    for preset in [self] + otherClientAuthentications.compactMap({ authenticating(by: $0) }) {
      let client = call.authenticates ? [preset.sends.connectorID, preset.sends.connectorSecret] : []
      let places = [call.token] + call.fixed.map(\.place) + written(client).map { $0.moved(to: kind) }
      for place in places where place.body != .none && place.body != kind {
        throw PresetError("preset.\(key) has \(place.text), and its body is \(kind.rawValue)", at: [key])
      }
      guard Self.areApart(places) else { throw PresetError("preset.\(key) uses one place twice", at: [key]) }
    }
  }

  /// The places as they stand in a request: Basic's two become one header, an assertion's one becomes two fields.
  private func written(_ places: [Place]) -> [Place] {
    places.flatMap { (place) -> [Place] in
      switch place {
      case .basicUser: [.header("Authorization")]
      case .basicPassword: []
      case .assertion: [inBody("client_assertion_type"), inBody("client_assertion")]
      case .header, .form, .json: [place]
      }
    }
  }

  private static func areApart(_ places: [Place]) -> Bool {
    Set(places.map { $0.text.lowercased() }).count == places.count
  }

  /// Refuses headers that the transport writes itself, or that would change how the request is read.
  private func checkHeaders(_ places: [Place], at path: [String]) throws(PresetError) {
    let ours = [
      "host", "content-length", "content-type", "transfer-encoding", "connection", "cookie", "user-agent", "expect",
      "te",
      // Of compressions only gzip is undone.
      "accept-encoding", "upgrade", "proxy-authorization",
    ]
    for case .header(let name) in places where ours.contains(name.lowercased()) {
      throw PresetError("preset.\(path.joined(separator: ".")) can't set the header \(name)", at: path)
    }
  }

  private func checkClient() throws(PresetError) {
    let ways = otherClientAuthentications + [clientAuthentication].compactMap { $0 }
    guard Set(ways).count == ways.count else {
      throw PresetError("preset.client_auth names a way twice, or the one of preset.sends", at: ["client_auth"])
    }
    guard body != .none || !ways.contains(where: { $0 != .basic }) else {
      throw PresetError("preset.client_auth needs a body", at: ["client_auth"])
    }
    for way in otherClientAuthentications {
      guard let chosen = authenticating(by: way)?.sends else { continue }
      let places = [chosen.connectorID, chosen.connectorSecret, chosen.refreshToken, chosen.scope].compactMap { $0 }
      guard Self.areApart(written(places + chosen.fixed.map(\.place))) else {
        throw PresetError(
          "preset.client_auth: \(way.rawValue) needs a place that preset.sends uses", at: ["client_auth"])
      }
    }
    guard assertionAlgorithm == nil || ways.contains(.assertion) else {
      throw PresetError("preset.assertion_alg is for presets that know assertions", at: ["assertion_alg"])
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
