internal import CustodyJSON
internal import CustodySecrets
internal import CustodyValues

extension ExchangeCall {
  /// Checks the reply and takes the tokens out of it.
  consuming func read(_ reply: consuming HTTPReply, sent: borrowing SecureBytes) throws(ExchangeError) -> ExchangeReply
  {
    let (status, contentType) = (reply.status, reply.contentType)
    let failure = ReplyFailure(preset: request.preset, status: status, retryAfter: reply.retryAfter)
    let json: SecretJSON
    do { json = try request.preset.reply.read(reply.body) } catch {
      throw failure.errorByStatus() ?? Self.unreadable(error, request.preset.reply.format, status, contentType)
    }
    let said = try failure.error(in: json, prepared.scrubber)
    var reader = ReplyReader(json: json, preset: request.preset, asked: asked, endpoint: endpoint)
    if let said { throw Self.carrying(reader, sent, said, status) }
    do {
      return try Self.tokens(&reader, sent)
    } catch {
      var error = error
      error.status = status
      throw error
    }
  }

  /// Takes the new refresh token out first: whatever else is wrong with the reply, the old one may already be dead. An
  /// unusable refresh token does not cost the access token beside it.
  private static func tokens(
    _ reader: inout ReplyReader, _ sent: borrowing SecureBytes
  ) throws(ExchangeError) -> ExchangeReply {
    var refreshToken: SecureBytes?
    var flaw: ExchangeError?
    do { refreshToken = try reader.refreshToken(unlike: sent) } catch { flaw = error }
    if flaw?.code == .noMemory, let flaw { throw flaw }
    do {
      let accessToken = try reader.accessToken()
      let (type, expires) = (reader.tokenType(), reader.expires(of: accessToken))
      let (scopes, apiBase, refreshExpires) = (reader.scopes(), reader.apiBase(), reader.refreshExpires())
      return ExchangeReply(
        accessToken: accessToken, refreshToken: refreshToken.take(), expires: expires, refreshExpires: refreshExpires,
        scopes: scopes, apiBase: apiBase, tokenType: type, warnings: reader.warnings, refreshFlaw: flaw)
    } catch {
      var error = error
      if let token = refreshToken.take() {
        error.rescued = RescuedToken(token)
      } else {
        error.hasNoRotation = flaw == nil
      }
      throw error
    }
  }

  /// Adds the new refresh token to an error that came with tokens. A reply with a 2xx status and an access token has
  /// replaced the old refresh token, even if its error field says something. A refresh token without an access token
  /// proves nothing: it may be the request's own, echoed in part.
  private static func carrying(
    _ reader: borrowing ReplyReader, _ sent: borrowing SecureBytes, _ said: ExchangeError, _ status: Int
  ) -> ExchangeError {
    guard 200...299 ~= status, (try? reader.accessToken()) != nil else { return said }
    var error = said
    if let token = try? reader.refreshToken(unlike: sent) { error.rescued = RescuedToken(token) }
    return error
  }

  private static func unreadable(
    _ cause: JSONError, _ format: Preset.Reply.Format, _ status: Int, _ contentType: String
  ) -> ExchangeError {
    let isPage = contentType.lowercased().hasPrefix("text/html")
    let wanted =
      switch format {
      case .json: "it is not JSON (\(cause.reason), byte \(cause.offset))"
      case .form: "it is not a form (\(cause.reason))"
      }
    let reason = isPage ? "it is a web page (HTML), not \(format == .json ? "JSON" : "a form")" : wanted
    var error = ExchangeError(.replyNotJSON, "cannot use the provider's reply: \(reason)")
    error.status = status
    return error
  }
}

extension Preset.Reply {
  /// Reads a reply's body as JSON or as a form; a form becomes one object of strings. Oddities in the text are
  /// tolerated, so that the tokens in it are not lost.
  func read(_ body: consuming SecureBytes) throws(JSONError) -> SecretJSON {
    switch format {
    case .json: try SecretJSON(reply: body)
    case .form: try SecretJSON(form: body)
    }
  }
}
