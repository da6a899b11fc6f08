internal import CustodySecrets
internal import CustodyJSON
internal import CustodyValues

/// A provider's refusal, sorted by the preset: first by the provider's own code, then by HTTP status.
///
/// A status that says no is a no, whatever stands below it; only a bare 5xx may come from a server in front of the provider
/// that passed the request on.
struct ReplyFailure: ~Copyable {
  let preset: Preset
  let status: Int
  let retryAfter: String

  /// Nothing where the reply states no failure.
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

  /// A flag that is false, or the number 0, names no failure.
  private static func hasCode(_ path: JSONPath, in json: borrowing SecretJSON) -> Bool {
    guard json.exists(path), !json.isNull(path) else { return false }
    return json.isAmbiguous(path)
      || json.string(at: path) != "" && json.bool(at: path) != false && json.integer(at: path) != 0
  }

  /// A word of a provider's own, as of RFC 6749, section 5.2; a server in front of it says "Bad Gateway".
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

  /// The first of the provider's codes that the preset knows; else the first that there is.
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

  /// For a reply that can't be read, where the status alone says enough: any status but of success does.
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

  /// A numeric code is a code too.
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
