package import CustodySecrets
internal import CustodyValues

/// One exchange of a refresh token for an access token. It sends and checks; it stores nothing and knows no vault.
package struct ExchangeRequest: Sendable {
  /// The provider's facts.
  package var preset: Preset
  /// The connector's ID at the provider (OAuth's `client_id`).
  package var connectorID: String
  /// Values for the variables in the preset's URL: `tenant` for `{tenant}`.
  package var variables: [String: String] = [:]
  /// The connector's own token URL: on a host that the preset allows, or on this machine.
  package var endpoint: String?
  /// The scope to ask for; nil sends none.
  package var scope: String?
  /// A file of certificate authorities, PEM, that alone are trusted; the system's if nil.
  package var caFile: String?
  /// Time limit for the whole call, a redirect included.
  package var timeLimit: Duration = .seconds(30)

  package init(preset: Preset, connectorID: String) {
    self.preset = preset
    self.connectorID = connectorID
  }

  /// Exchanges the refresh token over libcurl.
  package func exchange(
    connectorSecret: borrowing SecureBytes, refreshToken: borrowing SecureBytes
  ) throws(ExchangeError) -> ExchangeReply {
    try exchange(connectorSecret: connectorSecret, refreshToken: refreshToken, over: CurlTransport())
  }

  /// Exchanges the refresh token over the given transport.
  ///
  /// - Throws: an error whose `mayHaveArrived` says if the provider may have acted, and whose `rescued` holds a new
  ///   refresh token that came with an unusable reply.
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
