internal import CustodyJSON
internal import CustodyMemory

extension ExchangeCall {
  /// Checks the reply and takes the tokens out of it.
  consuming func read(_ reply: consuming HTTPReply, sent: borrowing SecureBytes) throws(ExchangeError) -> ExchangeReply
  {
    let (status, contentType) = (reply.status, reply.contentType)
    let failure = ReplyFailure(preset: request.preset, status: status, retryAfter: reply.retryAfter)
    let json: SecretJSON
    do { json = try SecretJSON(reply.body) } catch {
      throw failure.errorByStatus() ?? Self.notJSON(error, status, contentType)
    }
    if let error = try failure.error(in: json, prepared.scrubber) { throw error }
    let reader = ReplyReader(json: json, preset: request.preset, asked: asked, endpoint: endpoint)
    do {
      return try Self.tokens(reader, sent)
    } catch {
      var error = error
      error.status = status
      throw error
    }
  }

  /// The new refresh token first: whatever else is wrong with the reply, the old one may already be dead.
  private static func tokens(
    _ reader: borrowing ReplyReader, _ sent: borrowing SecureBytes
  ) throws(ExchangeError) -> ExchangeReply {
    var refreshToken = try reader.refreshToken(unlike: sent)
    do {
      let accessToken = try reader.accessToken()
      let (type, expires) = (try reader.tokenType(), try reader.expires())
      let (scopes, apiBase) = (try reader.scopes(), try reader.apiBase())
      return ExchangeReply(
        accessToken: accessToken, refreshToken: refreshToken.take(), expires: expires, scopes: scopes, apiBase: apiBase,
        tokenType: type)
    } catch {
      var error = error
      if let token = refreshToken.take() {
        error.rescued = RescuedToken(token)
      } else {
        error.hasNoRotation = true
      }
      throw error
    }
  }

  private static func notJSON(_ cause: JSONError, _ status: Int, _ contentType: String) -> ExchangeError {
    let isPage = contentType.lowercased().hasPrefix("text/html")
    let reason =
      isPage
      ? "cannot use the provider's reply: it is a web page (HTML), not JSON"
      : "cannot use the provider's reply: it is not strict JSON (\(cause.reason), byte \(cause.offset))"
    var error = ExchangeError(.replyNotJSON, reason)
    error.status = status
    return error
  }
}
