import Foundation

/// A connector with the token that was generated for it.
struct Grant {
  let id, secret, refreshToken: String
}

extension RunningSandbox {
  func post(_ path: String, _ fields: [String: Any]) throws -> Reply {
    let body = String(decoding: try JSONSerialization.data(withJSONObject: fields), as: UTF8.self)
    return try send(Ask(method: "POST", path: path, headers: ["Content-Type": "application/json"], body: body))
  }

  func session(_ email: String, role: String, phone: String? = nil) throws -> String {
    let session = try post("/sandbox/signin", ["email": email, "role": role, "organisation": "Contoso"]).string(
      "session")
    if let phone {
      _ = try post("/sandbox/phone", ["session": session, "mobileNumber": phone])
      _ = try post("/sandbox/pin", ["session": session, "pin": pin(for: phone)])
    }
    return session
  }

  /// The founding flow up to the hand-over: dev adds a connector, ada the tenant admin generates its token.
  func grant() throws -> Grant {
    let dev = try session("dev@contoso.example", role: "developer", phone: "+15550100")
    let ada = try session("ada@contoso.example", role: "admin", phone: "+15550101")
    let added = try post(
      "/sandbox/connectors",
      [
        "session": dev, "name": "crm-sync", "details": "nightly",
        "permissions": ["groupmember.read", "groupinfo.read"],
      ])
    let (id, secret) = (try added.string("id"), try added.string("secret"))
    let token = try post("/sandbox/connectors/\(id)/token", ["session": ada]).string("refreshToken")
    return Grant(id: id, secret: secret, refreshToken: token)
  }

  func accessToken(_ grant: Grant, secret: String? = nil, token: String? = nil) throws -> Reply {
    try send(
      Ask(
        path: "/v1/accessToken",
        headers: [
          "applicationId": grant.id, "applicationSecret": secret ?? grant.secret,
          "refreshToken": token ?? grant.refreshToken,
        ]))
  }

  func me(_ accessToken: String) throws -> Reply {
    try send(Ask(path: "/v1/users/me", headers: ["accessToken": accessToken]))
  }
}

/// The claims of a token, read without checking anything.
func claims(_ token: String) throws -> [String: Any] {
  let parts = token.split(separator: ".").map(String.init)
  guard parts.count == 3 else { throw Reply.Broken(text: token) }
  let text = parts[1].replacing("-", with: "+").replacing("_", with: "/")
  let padded = text + String(repeating: "=", count: (4 - text.count % 4) % 4)
  guard let bytes = Data(base64Encoded: padded),
    let object = try JSONSerialization.jsonObject(with: bytes) as? [String: Any]
  else { throw Reply.Broken(text: token) }
  return object
}
