package import CustodySecrets
internal import CustodyValues

/// A refresh token becomes an access token. This sends and checks; it stores nothing, and knows no vault.
package struct ExchangeRequest: Sendable {
  package var preset: Preset
  package var connectorID: String
  /// For the preset's URL: `tenant` for `{tenant}`.
  package var variables: [String: String] = [:]
  /// A token URL of the connector's own: on a host that the preset allows, or on this machine.
  package var endpoint: String?
  package var scope: String?
  /// A file of certificate authorities that alone are trusted; without it the system's are.
  package var caFile: String?
  /// For all of it, a redirect included.
  package var timeLimit: Duration = .seconds(30)

  package init(preset: Preset, connectorID: String) {
    self.preset = preset
    self.connectorID = connectorID
  }

  package func exchange(
    connectorSecret: borrowing SecureBytes, refreshToken: borrowing SecureBytes
  ) throws(ExchangeError) -> ExchangeReply {
    try exchange(connectorSecret: connectorSecret, refreshToken: refreshToken, over: CurlTransport())
  }

  package func exchange(
    connectorSecret: borrowing SecureBytes, refreshToken: borrowing SecureBytes, over transport: some HTTPTransport
  ) throws(ExchangeError) -> ExchangeReply {
    let endpoint = try resolvedEndpoint()
    let asked = transport.now
    let occasion = PreparedRequest.Occasion(endpoint: endpoint, now: asked)
    let prepared = try PreparedRequest.exchange(self, connectorSecret, refreshToken, occasion)
    let call = ExchangeCall(request: self, endpoint: endpoint, prepared: prepared, asked: asked)
    var mayHaveArrived = false
    do {
      let reply = try call.send(over: transport, mayHaveArrived: &mayHaveArrived)
      return try call.read(reply, sent: refreshToken)
    } catch {
      var error = error
      error.mayHaveArrived = mayHaveArrived
      throw error
    }
  }
}
