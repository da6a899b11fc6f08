internal import CustodyJSON
internal import CustodyMemory

/// One request that is no exchange: of a login, a revocation, a discovery. No redirect is followed, and none is retried.
struct ProviderCall: ~Copyable {
  let preset: Preset
  let endpoint: Endpoint
  let method: Preset.Method
  let prepared: PreparedRequest
  var caFile: String?
  var timeLimit: Duration = .seconds(30)

  borrowing func send(over transport: some HTTPTransport = CurlTransport()) throws(ExchangeError) -> HTTPReply {
    do {
      return try transport.send(
        HTTPRequest(
          endpoint: endpoint, method: method.rawValue, headers: try prepared.headers.copy(),
          body: try prepared.body.copy(),
          limits: HTTPLimits(caFile: caFile, milliseconds: Int(timeLimit.components.seconds) * 1000)))
    } catch let failure as TransportError {
      throw ExchangeCall.error(failure, endpoint)
    } catch {
      throw ExchangeError(.noMemory, "cannot ask the provider: there is no memory for secrets")
    }
  }

  /// What the reply says, or the provider's refusal.
  borrowing func json(_ reply: consuming HTTPReply) throws(ExchangeError) -> SecretJSON {
    let failure = ReplyFailure(preset: preset, status: reply.status, retryAfter: reply.retryAfter)
    let json: SecretJSON
    do { json = try preset.reply.read(reply.body) } catch {
      let wanted = preset.reply.format == .json ? "strict JSON" : "a strict form"
      throw failure.errorByStatus()
        ?? ExchangeError(.replyNotJSON, "cannot use the provider's reply: it is not \(wanted) (\(error.reason))")
    }
    if let error = try failure.error(in: json, prepared.scrubber) { throw error }
    return json
  }
}

extension PreparedRequest {
  /// A grant that begins with a person: the same places as an exchange, other values in them.
  static func grant(
    _ request: ExchangeRequest, _ secret: borrowing SecureBytes, _ type: String,
    _ values: [(name: String, value: String)],
    _ occasion: Occasion
  ) throws(ExchangeError) -> PreparedRequest {
    let preset = request.preset
    let fixed = preset.sends.fixed.filter { $0.place != preset.inBody("grant_type") }
    return try RequestWriter.writing(preset.body) { writer throws(ExchangeError) in
      try writer.put(type, at: preset.inBody("grant_type"), as: "grant type")
      try writer.put(fixed.filter { $0.place.body != .none })
      try writer.putClient(request, secret, occasion)
      for (name, value) in values {
        try writer.put(value, at: preset.inBody(name), as: name)
        try writer.hide(text: value)
      }
      try writer.put(fixed.filter { $0.place.body == .none })
    }
  }
}
