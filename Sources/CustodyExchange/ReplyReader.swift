internal import CustodyJSON
internal import CustodyMemory

/// A reply's body, checked before anything in it is believed (ATTACKS T5 to T14).
struct ReplyReader: ~Copyable {
  private static let mostTokenBytes = 64 * 1024
  private static let mostSeconds: Int64 = 10 * 366 * 86_400
  /// How far back a time may lie that the provider's clock and this one's differ by.
  private static let day: Int64 = 86_400_000

  let json: SecretJSON
  let preset: Preset
  /// When the request left, in milliseconds: counted from here, a token never seems to live longer than it does.
  let asked: Int64
  let endpoint: Endpoint

  /// The refresh token of the reply, unless it is the one that was sent.
  borrowing func refreshToken(unlike sent: borrowing SecureBytes) throws(ExchangeError) -> SecureBytes? {
    guard let path = preset.reply.refreshToken, json.exists(path), !json.isNull(path) else { return nil }
    let found = try token(at: path, "refresh token")
    guard let found else { throw Self.malformed("its refresh token is not text") }
    if found.isEmpty || found.equals(sent) { return nil }
    return found
  }

  borrowing func accessToken() throws(ExchangeError) -> SecureBytes {
    let found = try token(at: preset.reply.accessToken, "access token")
    guard let found, !found.isEmpty else {
      throw ExchangeError(.replyIncomplete, "cannot use the provider's reply: there is no access token in it")
    }
    return found
  }

  private borrowing func token(at path: JSONPath, _ name: String) throws(ExchangeError) -> SecureBytes? {
    let found: SecureBytes?
    do { found = try json.secret(at: path) } catch {
      throw ExchangeError(.noMemory, "cannot read the provider's reply: there is no memory for secrets")
    }
    guard let found else { return nil }
    guard found.count <= Self.mostTokenBytes, found.allSatisfy({ 0x21...0x7E ~= $0 }) else {
      throw Self.malformed("its \(name) is too long or has characters that no token has")
    }
    return found
  }

  borrowing func tokenType() throws(ExchangeError) -> String? {
    guard let path = preset.reply.tokenType, json.exists(path), !json.isNull(path) else { return nil }
    guard let type = json.string(at: path),
      type.utf8.elementsEqual(type.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }),
      type.lowercased() == "bearer"
    else { throw Self.malformed("its token type is not bearer") }
    return type
  }

  /// When the access token ends. Where the reply does not say, the sooner of what the token and the preset say.
  borrowing func expires(of accessToken: borrowing SecureBytes) throws(ExchangeError) -> Int64? {
    if let said = preset.reply.expiry.flatMap({ said($0) }) {
      guard let end = moment(said.number, said.expiry), end > asked - Self.day else {
        throw Self.malformed("its expiry is not a whole number that leads to a time within ten years from now")
      }
      return end
    }
    let usual = preset.lifetimes.accessSeconds.map { asked + $0 * 1000 }
    guard preset.reply.expiryFromJWT, let life = JWTLife(of: accessToken), let end = life.end(from: asked) else {
      return usual
    }
    return usual.map { min($0, end) } ?? end
  }

  /// When the refresh token ends, as far as the reply says so in a way that can be believed: no token is refused for it.
  borrowing func refreshExpires() -> Int64? {
    guard let said = preset.reply.refreshExpiry.flatMap({ said($0) }), let end = moment(said.number, said.expiry) else {
      return nil
    }
    return end > asked ? end : nil
  }

  /// What stands in the expiry's field; no number where something else stands there.
  private borrowing func said(_ expiry: Preset.Expiry) -> (number: Int64?, expiry: Preset.Expiry)? {
    guard json.exists(expiry.field), !json.isNull(expiry.field) else { return nil }
    return (json.integer(at: expiry.field) ?? json.string(at: expiry.field).flatMap { Self.decimal($0) }, expiry)
  }

  /// Not beyond ten years: then seconds were read as milliseconds, or worse.
  private borrowing func moment(_ number: Int64?, _ expiry: Preset.Expiry) -> Int64? {
    guard let number, number > 0 else { return nil }
    let (milliseconds, overflow) = number.multipliedReportingOverflow(by: expiry.unit == .seconds ? 1000 : 1)
    let (end, beyond) = milliseconds.addingReportingOverflow(expiry.kind == .relative ? asked : 0)
    guard !overflow, !beyond, end <= asked + Self.mostSeconds * 1000 else { return nil }
    return end
  }

  private static func decimal(_ text: String) -> Int64? { Endpoint.decimal(text[...]).map(Int64.init) }

  borrowing func scopes() throws(ExchangeError) -> [String] {
    guard let path = preset.reply.scope, json.exists(path), !json.isNull(path) else { return [] }
    guard let text = json.string(at: path), text.utf8.allSatisfy({ 0x20...0x7E ~= $0 }),
      let separator = preset.reply.scopeSeparator.first
    else { throw Self.malformed("its scope is not plain text") }
    return text.split(separator: separator).map { String($0.drop { $0 == " " }) }.filter { !$0.isEmpty }
  }

  /// Where the provider says that calls go to: it would be sent the access token, so it must be a host that the preset knows.
  borrowing func apiBase() throws(ExchangeError) -> String? {
    guard let path = preset.reply.apiBase, json.exists(path), !json.isNull(path) else { return nil }
    guard let text = json.string(at: path) else { throw Self.malformed("its API address is not text") }
    if text.isEmpty { return nil }
    guard let base = try? Endpoint(text), !base.target.contains("?") else {
      throw Self.malformed("its API address is no URL to trust")
    }
    guard preset.reply.apiHosts.contains(where: { $0.allows(base) }) || endpoint.isLoopback && base.isLoopback else {
      throw Self.malformed("its API address is on \"\(base.host)\", which the preset does not allow")
    }
    return base.text.hasSuffix("/") ? String(base.text.dropLast()) : base.text
  }

  static func malformed(_ what: String) -> ExchangeError {
    ExchangeError(.replyMalformed, "cannot use the provider's reply: \(what)")
  }
}
