internal import CustodyJSON
internal import CustodySecrets
internal import CustodyValues

extension PreparedRequest {
  /// The endpoint and time of a request, for signatures over it.
  struct Occasion {
    let endpoint: Endpoint
    /// Milliseconds since 1970.
    let now: Int64
  }

  /// The request of an exchange, with each value in the place that the preset gives it.
  static func exchange(
    _ request: ExchangeRequest, _ connectorSecret: borrowing SecureBytes, _ refreshToken: borrowing SecureBytes,
    _ occasion: Occasion
  ) throws(ExchangeError) -> PreparedRequest {
    let sends = request.preset.sends
    return try RequestWriter.writing(request.preset.body) { writer throws(ExchangeError) in
      try writer.put(sends.fixed.filter { $0.place.body != .none })
      try writer.putClient(request, connectorSecret, occasion)
      try writer.put(refreshToken, at: sends.refreshToken, as: "refresh token")
      try writer.hide(refreshToken)
      if let place = sends.scope, let scope = request.scope { try writer.put(scope, at: place, as: "scope") }
      try writer.put(sends.fixed.filter { $0.place.body == .none })
    }
  }
}

extension RequestWriter {
  /// Puts the connector's ID and secret into the places that the preset gives them.
  mutating func putClient(
    _ request: ExchangeRequest, _ secret: borrowing SecureBytes, _ occasion: PreparedRequest.Occasion
  ) throws(ExchangeError) {
    let sends = request.preset.sends
    try hide(secret)
    guard sends.connectorID != .basicUser else { return try putBasic(user: request.connectorID, password: secret) }
    try put(request.connectorID, at: sends.connectorID.moved(to: kind), as: "connector ID")
    guard sends.connectorSecret == .assertion else {
      return try put(secret, at: sends.connectorSecret.moved(to: kind), as: "connector secret")
    }
    let assertion = ClientAssertion(
      connectorID: request.connectorID, audience: occasion.endpoint.text, now: occasion.now,
      algorithm: request.preset.assertionAlgorithm)
    let signed = try assertion.sign(with: secret)
    let inBody = request.preset.inBody
    try put(ClientAssertion.type, at: inBody("client_assertion_type").moved(to: kind), as: "assertion's type")
    try put(signed, at: inBody("client_assertion").moved(to: kind), as: "assertion")
    try hide(signed)
  }
}
