internal import CustodyJSON
internal import CustodyMemory

/// A provider's refusal, sorted by the preset: first by the provider's own code, then by HTTP status.
struct ReplyFailure: ~Copyable {
  let preset: Preset
  let status: Int
  let retryAfter: String

  /// Nothing where the reply states no failure.
  borrowing func error(in json: borrowing SecretJSON, _ scrubber: borrowing Scrubber) throws(ExchangeError)
    -> ExchangeError?
  {
    let errors = preset.errors
    let hasCode = json.exists(errors.code) && !json.isNull(errors.code) && json.string(at: errors.code) != ""
    let hasFailed = errors.success.map { json.bool(at: $0) == false } ?? false
    guard hasCode || hasFailed || !(200...299 ~= status) else { return nil }
    let (code, known) = try sorted(json, scrubber)
    var error = Self.error(known ?? byStatus())
    error.providerCode = code
    if let path = errors.description { error.providerText = try words(at: path, in: json, scrubber) }
    return finish(error)
  }

  /// The first of the provider's codes that the preset knows; else the first that there is.
  private borrowing func sorted(
    _ json: borrowing SecretJSON, _ scrubber: borrowing Scrubber
  ) throws(ExchangeError) -> (code: String?, known: Preset.ErrorClass?) {
    var first: String?
    for path in [preset.errors.code] + preset.errors.otherCodes {
      guard let code = try words(at: path, in: json, scrubber) else { continue }
      if let known = preset.errors.classes[code] { return (code, known) }
      first = first ?? code
    }
    return (first, nil)
  }

  /// For a reply that can't be read, where the status alone says enough.
  borrowing func errorByStatus() -> ExchangeError? {
    guard status == 429 || 500...599 ~= status else { return nil }
    return finish(Self.error(byStatus()))
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
    case 500...599: .provider
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

  private static func error(_ kind: Preset.ErrorClass) -> ExchangeError {
    switch kind {
    case .refused: ExchangeError(.refusedByProvider, "the provider refused the refresh token")
    case .client: ExchangeError(.wrongClient, "the provider refused the connector's ID or secret")
    case .request: ExchangeError(.requestRefused, "the provider refused the request")
    case .throttled: ExchangeError(.throttled, "the provider was asked too often")
    case .provider: ExchangeError(.providerFailed, "the provider failed")
    }
  }
}
