/// Leads each call to one of four: the REST endpoint, the OAuth realms, the scripts' calls, or else the portal.
struct Router: Sendable {
  let kaizala: Kaizala
  let turnstile = Turnstile()
  let realms = Realms()

  func answer(_ call: Call) async -> Response {
    guard Self.isLoopback(call.header("Host")) else {
      return .text("this sandbox answers to 127.0.0.1 and localhost only", status: 421)
    }
    return switch (call.path.first, call.path.dropFirst().first) {
    case ("oauth", let name?): await oauth(call, name)
    case (".well-known", "oauth-authorization-server"): await discovery(call)
    case ("v1", _): await RESTEndpoint(kaizala: kaizala).answer(call)
    case ("sandbox", _):
      await ScriptDoor(kaizala: kaizala, realms: RealmDoor(realms: realms, turnstile: turnstile, base: kaizala.base))
        .answer(call)
    default: await Portal(kaizala: kaizala).answer(call)
    }
  }

  private func oauth(_ call: Call, _ name: String) async -> Response {
    guard let realm = await realms.named(name) else { return .text("there is no such realm", status: 404) }
    return await RealmEndpoint(realm: realm, base: kaizala.base).answer(call)
  }

  /// The metadata of a realm, whose well-known path stands between host and path (RFC 8414, section 3.1).
  private func discovery(_ call: Call) async -> Response {
    guard call.path.count == 4, call.path[2] == "oauth", let realm = await realms.named(call.path[3]) else {
      return .text("there is no such issuer", status: 404)
    }
    return .json(RealmMetadata(issuer: "\(kaizala.base)oauth/\(realm.name)", rules: realm.rules))
  }

  /// True if the Host header names this machine. A page of another site whose name was pointed at 127.0.0.1 still
  /// sends its own name.
  private static func isLoopback(_ host: String?) -> Bool {
    guard let host else { return false }
    let parts = host.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.dropFirst().allSatisfy({ UInt16($0) != nil }) else { return false }
    return ["127.0.0.1", "localhost"].contains(parts[0].lowercased())
  }
}
