/// The way in which a connector authenticates: its secret in an `Authorization` header, its secret in the body, or a
/// statement signed with its private key (`client_secret_basic`, `client_secret_post`, `private_key_jwt`).
package enum ClientAuthentication: String, CaseIterable, Sendable {
  case basic, post, assertion
}

/// The signature algorithms of assertions, by their names in RFC 7518.
package enum AssertionAlgorithm: String, CaseIterable, Sendable {
  case es256 = "ES256"
  case rs256 = "RS256"
  case ps256 = "PS256"
}

extension Preset {
  /// The way of authentication that the places in `sends` amount to; nil if the provider has one of its own.
  package var clientAuthentication: ClientAuthentication? {
    switch (sends.connectorID, sends.connectorSecret) {
    case (.basicUser, .basicPassword): .basic
    case (_, .assertion): .assertion
    case (.form("client_id"), .form("client_secret")), (.json("client_id"), .json("client_secret")): .post
    default: nil
    }
  }

  /// Returns the preset with the connector's ID and secret in the places of `way`; nil if the preset does not allow
  /// that way.
  package func authenticating(by way: ClientAuthentication) -> Preset? {
    if way == clientAuthentication { return self }
    guard otherClientAuthentications.contains(way) else { return nil }
    let (id, secret): (Place, Place) =
      switch way {
      case .basic: (.basicUser, .basicPassword)
      case .post: (inBody("client_id"), inBody("client_secret"))
      case .assertion: (inBody("client_id"), .assertion)
      }
    var preset = self
    preset.sends = Sends(
      connectorID: id, connectorSecret: secret, refreshToken: sends.refreshToken, scope: sends.scope,
      fixed: sends.fixed)
    return preset
  }

  /// The kind of body that a call other than an exchange has.
  func kind(of call: TokenCall) -> Body {
    guard call.method == .post else { return .none }
    return call.token.body == .none ? body : call.token.body
  }

  /// The place of a field in the body that the preset sends.
  func inBody(_ name: String) -> Place { body == .json ? .json(name) : .form(name) }
}
