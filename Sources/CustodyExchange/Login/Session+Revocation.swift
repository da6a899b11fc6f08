public import Custody
internal import CustodyJSON
internal import CustodyLog
public import CustodyMemory

extension Session {
  /// Has the provider make a refresh token worthless, by RFC 7009 or a call of its own. Says when it was confirmed; what is
  /// unknown to the provider counts as revoked there. Nothing is recorded yet: retire the token with what this returns.
  public func revoke(_ token: String, caFile: String? = nil) throws(VaultError) -> Timestamp {
    let materials = try tokenMaterials(token, for: .tokenRetire)
    let request = try ExchangeRequest(materials.subject)
    guard let revoke = request.preset.revoke else {
      throw VaultError(
        .badPreset, "provider \"\(request.preset.id)\" has no call that revokes a token", subject: token,
        hint: (request.preset.retiring + ["then leave out --revoke"]).joined(separator: "; "))
    }
    do throws(ExchangeError) {
      let endpoint = try request.preset.endpoint(revoke.url, request.variables)
      let prepared = try PreparedRequest.revocation(request, revoke, materials, endpoint)
      let call = ProviderCall(
        preset: request.preset, endpoint: endpoint, method: revoke.method, prepared: prepared, caFile: caFile)
      let reply = try call.send()
      // RFC 7009 has no words for success but the status, and some answer in HTML.
      if !(200...299 ~= reply.status) || request.preset.errors.success != nil && reply.body.count > 0 {
        let status = reply.status
        _ = try call.json(reply)
        guard 200...299 ~= status else { throw ExchangeError(.requestRefused, "the provider answered \(status)") }
      }
      return clock()
    } catch {
      recordFailedRetirement(token)
      let failure = error.failure
      throw VaultError(
        .init(named: failure.code), "cannot revoke \"\(token)\", and nothing was retired: \(failure.reason)",
        subject: token,
        hint: error.advice)
    }
  }
}

extension PreparedRequest {
  fileprivate static func revocation(
    _ request: ExchangeRequest, _ revoke: Preset.TokenCall, _ materials: borrowing ExchangeMaterials,
    _ endpoint: Endpoint
  ) throws(ExchangeError) -> PreparedRequest {
    let body = revoke.token.body == .none ? Preset.Body.form : revoke.token.body
    return try RequestWriter.writing(body) { writer throws(ExchangeError) in
      try writer.put(revoke.fixed)
      if revoke.authenticates {
        try writer.putClient(
          request, materials.connectorSecret, .init(endpoint: endpoint, now: CurlTransport().now))
      }
      try writer.put(materials.refreshToken, at: revoke.token, as: "refresh token")
      try writer.hide(materials.refreshToken)
    }
  }
}
