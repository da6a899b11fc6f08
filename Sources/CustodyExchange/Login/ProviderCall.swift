internal import CustodyJSON
internal import CustodySecrets
internal import CustodyValues

/// One request to a provider other than an exchange: for a login, a revocation or a discovery. It follows no redirect
/// and is not retried.
struct ProviderCall: ~Copyable {
  let preset: Preset
  let endpoint: Endpoint
  let method: Preset.Method
  let prepared: PreparedRequest
  var caFile: String?
  var timeLimit: Duration = .seconds(30)

  borrowing func send(over transport: some HTTPTransport = CurlTransport()) throws(ExchangeError) -> HTTPReply {
    let reply: HTTPReply
    do {
      reply = try transport.send(
        HTTPRequest(
          endpoint: endpoint, method: method.rawValue, headers: try prepared.headers.copy(),
          body: try prepared.body.copy(),
          limits: HTTPLimits(caFile: caFile, milliseconds: Int(timeLimit.components.seconds) * 1000)))
    } catch let failure as TransportError {
      throw ExchangeCall.error(failure, endpoint)
    } catch {
      throw ExchangeError(.noMemory, "cannot ask the provider: there is no memory for secrets")
    }
    guard !(300...399 ~= reply.status) else { throw ExchangeCall.redirected("a redirect", reply.status) }
    return reply
  }

  /// The reply's content.
  ///
  /// - Throws: the provider's refusal, if the reply is one.
  borrowing func read(_ reply: consuming HTTPReply) throws(ExchangeError) -> SecretJSON {
    let status = reply.status
    let failure = ReplyFailure(preset: preset, status: status, retryAfter: reply.retryAfter)
    let said: SecretJSON
    do { said = try preset.reply.read(reply.body) } catch {
      throw failure.errorByStatus() ?? unreadable(error, status)
    }
    if let error = try failure.error(in: said, prepared.scrubber) { throw error }
    return said
  }

  private borrowing func unreadable(_ cause: JSONError, _ status: Int) -> ExchangeError {
    let wanted = preset.reply.format == .json ? "JSON" : "a form"
    var error = ExchangeError(.replyNotJSON, "cannot use the provider's reply: it is not \(wanted) (\(cause.reason))")
    error.status = status
    return error
  }

  /// Throws unless the provider confirms that it did as asked. RFC 7009 confirms by the status alone, so the body is
  /// examined only for a failure. A web page confirms nothing: anyone may have sent it.
  borrowing func confirm(_ reply: consuming HTTPReply) throws(ExchangeError) {
    let (status, isPage) = (reply.status, reply.contentType.lowercased().hasPrefix("text/html"))
    guard 200...299 ~= status else { return _ = try read(reply) }
    guard !isPage || reply.body.count == 0 else {
      var error = ExchangeError(.replyNotJSON, "the provider answered with a web page, which confirms nothing")
      error.status = status
      throw error
    }
    let failure = ReplyFailure(preset: preset, status: status, retryAfter: reply.retryAfter)
    guard let said = try? preset.reply.read(reply.body) else { return }
    if let error = try failure.error(in: said, prepared.scrubber) { throw error }
  }
}

extension PreparedRequest {
  /// The request that exchanges a login's code: the places of an exchange with other values.
  static func grant(
    _ request: ExchangeRequest, _ secret: borrowing SecureBytes, _ type: String, _ occasion: Occasion,
    _ values: (inout RequestWriter) throws(ExchangeError) -> Void
  ) throws(ExchangeError) -> PreparedRequest {
    let preset = request.preset
    let fixed = preset.sends.fixed.filter { $0.place != preset.inBody("grant_type") }
    return try RequestWriter.writing(preset.body) { writer throws(ExchangeError) in
      try writer.put(type, at: preset.inBody("grant_type"), as: "grant type")
      try writer.put(fixed.filter { $0.place.body != .none })
      try writer.putClient(request, secret, occasion)
      try values(&writer)
      try writer.put(fixed.filter { $0.place.body == .none })
    }
  }
}
