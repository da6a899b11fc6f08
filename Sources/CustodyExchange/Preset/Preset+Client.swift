/// How a connector shows who it is: by its secret in an `Authorization` header, by its secret in the body, or by a statement
/// that its private key signs (`client_secret_basic`, `client_secret_post`, `private_key_jwt`).
package enum ClientAuthentication: String, CaseIterable, Sendable {
  case basic, post, assertion
}

/// RFC 7518's names.
package enum AssertionAlgorithm: String, CaseIterable, Sendable {
  case es256 = "ES256"
  case rs256 = "RS256"
  case ps256 = "PS256"
}

extension Preset {
  /// What the places in `sends` come to; nothing where the provider has a way of its own.
  package var clientAuthentication: ClientAuthentication? {
    switch (sends.connectorID, sends.connectorSecret) {
    case (.basicUser, .basicPassword): .basic
    case (_, .assertion): .assertion
    case (.form("client_id"), .form("client_secret")), (.json("client_id"), .json("client_secret")): .post
    default: nil
    }
  }

  /// The preset with the connector's ID and secret in the places that `way` means; nothing where it is not one of the
  /// preset's.
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

  /// Of the body of a call that is no exchange.
  func kind(of call: TokenCall) -> Body {
    guard call.method == .post else { return .none }
    return call.token.body == .none ? body : call.token.body
  }

  /// A field of the body that the preset sends.
  func inBody(_ name: String) -> Place { body == .json ? .json(name) : .form(name) }
}
