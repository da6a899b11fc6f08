/// A realm's metadata: RFC 8414, RFC 9207 section 3, and the fields that OpenID Connect Discovery shares with them.
struct RealmMetadata: Encodable, Sendable {
  let issuer: String
  let rules: RealmRules

  private enum Value: Encodable {
    case text(String), list([String]), flag(Bool)

    func encode(to encoder: any Encoder) throws {
      switch self {
      case .text(let text): try text.encode(to: encoder)
      case .list(let list): try list.encode(to: encoder)
      case .flag(let flag): try flag.encode(to: encoder)
      }
    }
  }

  /// The endpoints' URLs, by their names in RFC 8414. A script that makes a realm gets them too.
  static func endpoints(of issuer: String) -> [String: String] {
    [
      "issuer": issuer, "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token",
      "device_authorization_endpoint": issuer + "/device", "revocation_endpoint": issuer + "/revoke",
      "introspection_endpoint": issuer + "/introspect",
    ]
  }

  func encode(to encoder: any Encoder) throws {
    let ways: [String] =
      switch rules.clientAuthentication {
      case .basic: ["client_secret_basic"]
      case .post: ["client_secret_post"]
      case .either: ["client_secret_basic", "client_secret_post"]
      case .none: ["none"]
      }
    var fields: [String: Value] = [
      "response_types_supported": .list(["code"]), "code_challenge_methods_supported": .list(["S256"]),
      "grant_types_supported": .list([
        "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code",
      ]),
      "authorization_response_iss_parameter_supported": .flag(true),
    ]
    for endpoint in ["token", "revocation", "introspection"] {
      fields[endpoint + "_endpoint_auth_methods_supported"] = .list(ways)
    }
    for (name, url) in Self.endpoints(of: issuer) { fields[name] = .text(url) }
    try fields.encode(to: encoder)
  }
}
