import FlyingFox
import Foundation

/// The realms that scripts have made, and the scripts' calls under /sandbox/oauth.
actor Realms {
  private var all: [String: Realm] = [:]

  func make(_ rules: RealmRules) -> Realm {
    let realm = Realm(name: "r\(all.count + 1)", rules: rules)
    all[realm.name] = realm
    return realm
  }

  func named(_ name: String) -> Realm? { all[name] }
}

struct RealmDoor {
  let realms: Realms
  let base: String

  private struct Made: Encodable {
    let realm, issuer, clientID, clientSecret: String

    func encode(to encoder: any Encoder) throws {
      try [
        "realm": realm, "client_id": clientID, "client_secret": clientSecret, "issuer": issuer,
        "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token",
        "device_authorization_endpoint": issuer + "/device", "revocation_endpoint": issuer + "/revoke",
        "introspection_endpoint": issuer + "/introspect",
      ].encode(to: encoder)
    }
  }

  private struct Granted: Encodable {
    let refreshToken: String
    enum CodingKeys: String, CodingKey { case refreshToken = "refresh_token" }
  }

  func answer(_ call: Call) async throws(Refusal) -> HTTPResponse {
    let path = Array(call.path.dropFirst(2))
    guard let name = path.first else {
      guard let rules: RealmRules = call.json() else { throw .bad("the body is a JSON object of the realm's rules") }
      let realm = await realms.make(rules)
      return .json(
        Made(
          realm: realm.name, issuer: "\(base)oauth/\(realm.name)", clientID: realm.clientID,
          clientSecret: realm.clientSecret))
    }
    guard let realm = await realms.named(name) else { throw .bad("there is no such realm") }
    switch path.dropFirst().joined(separator: "/") {
    case "grant": return .json(Granted(refreshToken: await realm.grant()))
    case "report": return .json(await realm.report())
    case "clock":
      struct Asked: Decodable { let seconds: Int64 }
      let asked: Asked = try read(call, "seconds")
      await realm.moveClock(by: asked.seconds)
    case "fault": await realm.set(try read(call, "fault, count, seconds, location and acts"))
    case "device":
      struct Asked: Decodable {
        let user_code: String
        let decision: Realm.Decision
      }
      let asked: Asked = try read(call, "user_code and decision")
      guard await realm.decide(asked.user_code, asked.decision) else { throw .bad("there is no such user code") }
    default: throw .bad("there is no such call")
    }
    return .json(EmptyObject())
  }

  private func read<Asked: Decodable>(_ call: Call, _ fields: String) throws(Refusal) -> Asked {
    guard let asked: Asked = call.json() else { throw .bad("the body is a JSON object of \(fields)") }
    return asked
  }
}
