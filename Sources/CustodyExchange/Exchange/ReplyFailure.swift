internal import CustodySecrets
internal import CustodyJSON
internal import CustodyValues

/// Classifies a provider's refusal by the preset: by the provider's own error code first, then by HTTP status.
///
/// A 4xx status is a refusal whatever the body says. A bare 5xx is not: it may come from a server in front of the
/// provider, which passed the request on.
struct ReplyFailure: ~Copyable {
  let preset: Preset
  let status: Int
  let retryAfter: String

  /// The failure that the reply states; nil if it states none.
  borrowing func error(in json: borrowing SecretJSON, _ scrubber: borrowing Scrubber) throws(ExchangeError)
    -> ExchangeError?
  {
    let errors = preset.errors
    let hasFailed = errors.success.map { json.bool(at: $0) == false } ?? false
    guard Self.hasCode(errors.code, in: json) || hasFailed || !(200...299 ~= status) else { return nil }
    let (code, known) = try sorted(json, scrubber)
    var error = error(as: known ?? byStatus())
    error.providerCode = code
    if let path = errors.description { error.providerText = try words(at: path, in: json, scrubber) }
    error.isNo = status < 500 || !retryAfter.isEmpty || known != nil || Self.isOAuthCode(json.string(at: errors.code))
    if code == nil, !hasFailed, error.code == .requestRefused { error.advice = ExchangeError.Code.replyNotJSON.hint }
    return finish(error)
  }

  /// True if the error field names a failure; `false`, `0` and an empty text name none.
  private static func hasCode(_ path: JSONPath, in json: borrowing SecretJSON) -> Bool {
    guard json.exists(path), !json.isNull(path) else { return false }
    return json.isAmbiguous(path)
      || json.string(at: path) != "" && json.bool(at: path) != false && json.integer(at: path) != 0
  }

  /// True if the text looks like an OAuth error code (RFC 6749, section 5.2), and so comes from the provider. A server
  /// in front of it says "Bad Gateway".
  private static func isOAuthCode(_ code: String?) -> Bool {
    guard let code, 1...64 ~= code.utf8.count else { return false }
    return code.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
        UInt8(ascii: "-"), UInt8(ascii: "."):
        true
      default: false
      }
    }
  }

  /// The first of the reply's codes that the preset knows; otherwise the first that there is.
  private borrowing func sorted(
    _ json: borrowing SecretJSON, _ scrubber: borrowing Scrubber
  ) throws(ExchangeError) -> (code: String?, known: Preset.ErrorClass?) {
    var first: String?
    for path in [preset.errors.code] + preset.errors.otherCodes where !json.isAmbiguous(path) {
      guard let code = try words(at: path, in: json, scrubber) else { continue }
      if let known = preset.errors.classes[code] { return (code, known) }
      first = first ?? code
    }
    return (first, nil)
  }

  /// The failure by status alone, for a reply that can't be read; nil for a status below 400.
  borrowing func errorByStatus() -> ExchangeError? {
    guard status >= 400 else { return nil }
    var error = error(as: byStatus())
    error.isNo = status < 500 || !retryAfter.isEmpty
    if error.code == .requestRefused { error.advice = ExchangeError.Code.replyNotJSON.hint }
    return finish(error)
  }

  private borrowing func finish(_ given: ExchangeError) -> ExchangeError {
    var error = given
    error.status = status
    if let seconds = Endpoint.decimal(retryAfter[...]), seconds <= 7 * 86_400 { error.retryAfter = seconds }
    return error
  }

  private borrowing func byStatus() -> Preset.ErrorClass {
    if let known = preset.errors.classes[String(status)] { return known }
    return switch status {
    case 429: .throttled
    case 401: .client
    case 408, 425, 500...599: .provider
    default: .request
    }
  }

  /// The text at `path`, with sent secrets removed. A number counts as text too.
  private borrowing func words(
    at path: JSONPath, in json: borrowing SecretJSON, _ scrubber: borrowing Scrubber
  ) throws(ExchangeError) -> String? {
    if let number = json.integer(at: path) { return String(number) }
    do {
      switch try json.secret(at: path) {
      case .some(let text): return text.isEmpty ? nil : scrubber.clean(text)
      case .none: return nil
      }
    } catch {
      throw ExchangeError(.noMemory, "cannot read the provider's reply: there is no memory for secrets")
    }
  }

  private borrowing func error(as kind: Preset.ErrorClass) -> ExchangeError {
    switch kind {
    case .refused: ExchangeError(.refusedByProvider, "the provider refused the refresh token")
    case .client: ExchangeError(.wrongClient, "the provider refused the connector's ID or secret")
    case .request: ExchangeError(.requestRefused, "the provider refused the request")
    case .throttled: ExchangeError(.throttled, "the provider was asked too often")
    case .provider:
      ExchangeError(
        .providerFailed, status < 500 ? "the provider wants to be asked again later" : "the provider failed")
    }
  }
}
