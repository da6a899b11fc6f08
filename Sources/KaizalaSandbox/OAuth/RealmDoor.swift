/// The scripts' calls under `/sandbox/oauth`.
struct RealmDoor {
  let realms: Realms
  let turnstile: Turnstile
  let base: String

  private struct Asked: Decodable { let scope: String? }
  private struct Forward: Decodable { let seconds: Int64 }

  private struct Decided: Decodable {
    let userCode: String
    let decision: Realm.Decision
    enum CodingKeys: String, CodingKey {
      case decision
      case userCode = "user_code"
    }
  }

  private struct Granted: Encodable {
    let refreshToken: String
    enum CodingKeys: String, CodingKey { case refreshToken = "refresh_token" }
  }

  func answer(_ call: Call) async throws(PortalRefusal) -> Response {
    let path = Array(call.path.dropFirst(2))
    guard let name = path.first else { return await made(try read(call, RealmRules.names)) }
    guard let realm = await realms.named(name) else { throw .unknown("realm") }
    switch path.dropFirst().joined(separator: "/") {
    case "grant":
      let asked: Asked = try read(call, "scope")
      return .json(Granted(refreshToken: await realm.grant(scope: asked.scope ?? "")))
    case "report":
      return .json(await realm.report(inFlightMost: turnstile.most(at: ["oauth", name, "token"])))
    case "clock":
      let asked: Forward = try read(call, "seconds")
      guard asked.seconds >= 0 else { throw .bad("a clock goes forward") }
      await realm.moveClock(by: asked.seconds)
    case "fault": await realm.order(try read(call, "fault, count, seconds, location and acts"))
    case "device":
      let asked: Decided = try read(call, "user_code and decision")
      guard await realm.decide(asked.userCode, asked.decision) else { throw .unknown("user code") }
    default: throw .unknown("call")
    }
    return .json(EmptyObject())
  }

  private func made(_ rules: RealmRules) async -> Response {
    let realm = await realms.make(rules)
    var told = RealmMetadata.endpoints(of: "\(base)oauth/\(realm.name)")
    (told["realm"], told["client_id"], told["client_secret"]) = (realm.name, realm.clientID, realm.clientSecret)
    return .json(told)
  }

  private func read<Asked: Decodable>(_ call: Call, _ fields: String) throws(PortalRefusal) -> Asked {
    guard let asked: Asked = call.json() else { throw .bad("the body is a JSON object of \(fields)") }
    return asked
  }
}
