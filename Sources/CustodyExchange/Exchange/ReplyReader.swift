internal import CustodyJSON
internal import CustodySecrets
internal import CustodyValues

/// Reads a reply's body and checks each field before it is believed. Tokens are kept even if a field beside them is
/// odd: that field is ignored with a warning.
struct ReplyReader: ~Copyable {
  /// Longest token that is accepted, in bytes.
  private static let mostTokenBytes = 64 * 1024

  let json: SecretJSON
  let preset: Preset
  /// Time at which the request left, in milliseconds since 1970. Lifetimes are counted from here, so a token never
  /// seems to live longer than it does.
  let asked: Int64
  let endpoint: Endpoint
  /// The oddities that were ignored. They quote no value: the other side chose those.
  private(set) var warnings: [String] = []

  init(json: consuming SecretJSON, preset: Preset, asked: Int64, endpoint: Endpoint) {
    (self.preset, self.asked, self.endpoint) = (preset, asked, endpoint)
    self.json = json
    if self.json.hasByteOrderMark { warn("the reply begins with a byte order mark, which was passed over") }
  }

  mutating func warn(_ words: String) { warnings.append(words) }

  /// The reply's refresh token; nil if there is none or it equals the one that was sent.
  borrowing func refreshToken(unlike sent: borrowing SecureBytes) throws(ExchangeError) -> SecureBytes? {
    guard let path = preset.reply.refreshToken, json.exists(path) else { return nil }
    guard !json.isAmbiguous(path) else { throw Self.malformed("it has two refresh tokens, and they differ") }
    guard !json.isNull(path) else { return nil }
    let found = try token(at: path, "refresh token")
    guard let found else { throw Self.malformed("its refresh token is not text") }
    if found.isEmpty || found.equals(sent) { return nil }
    return found
  }

  /// The reply's access token.
  ///
  /// - Throws: `replyIncomplete` if there is none, `replyNotJSON` if there are two that differ, `replyMalformed` if it
  ///   is no token.
  borrowing func accessToken() throws(ExchangeError) -> SecureBytes {
    guard !json.isAmbiguous(preset.reply.accessToken) else {
      throw ExchangeError(.replyNotJSON, "cannot use the provider's reply: it has two access tokens, and they differ")
    }
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

  /// True if an optional field has a value. A field that stands twice with different values counts as absent, with a
  /// warning.
  mutating func says(_ path: JSONPath) -> Bool {
    guard json.exists(path) else { return false }
    if json.isAmbiguous(path) {
      warn("the reply has \(path.shown) twice, with values that differ: both were passed over")
      return false
    }
    return !json.isNull(path)
  }

  mutating func tokenType() -> String? {
    guard let path = preset.reply.tokenType, says(path) else { return nil }
    guard let type = json.string(at: path),
      type.utf8.elementsEqual(type.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }),
      type.lowercased() == "bearer"
    else {
      warn("the reply's \(path.shown) is not bearer: the access token is taken for one all the same")
      return nil
    }
    return type
  }

  mutating func scopes() -> [String] {
    guard let path = preset.reply.scope, says(path), let place = json.place(of: path),
      let separator = preset.reply.scopeSeparator.first
    else { return [] }
    switch json.kind(of: place) {
    case .string:
      if let text = json.string(at: place), text.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) {
        return text.split(separator: separator).map { String($0.drop { $0 == " " }) }.filter { !$0.isEmpty }
      }
    case .array:
      let elements = json.elements(of: place)
      let scopes = elements.compactMap { json.string(at: $0) }.filter {
        !$0.isEmpty && $0.utf8.allSatisfy { 0x21...0x7E ~= $0 }
      }
      if scopes.count == elements.count {
        warn("the reply's \(path.shown) is a list, and was read as one")
        return scopes
      }
    case .null, .bool, .number, .object: break
    }
    warn("the reply's \(path.shown) is no plain text, and was passed over")
    return []
  }

  /// Base URL of the API. It would receive the access token, so it must be on a host that the preset allows.
  mutating func apiBase() -> String? {
    guard let path = preset.reply.apiBase, says(path) else { return nil }
    guard let text = json.string(at: path), let base = try? Endpoint(text), !base.target.contains("?") else {
      if json.string(at: path) != "" { warn("the reply's \(path.shown) is no URL to trust, and was passed over") }
      return nil
    }
    guard preset.reply.apiHosts.contains(where: { $0.allows(base) }) || endpoint.isLoopback && base.isLoopback else {
      let host = PrintableText.quote(base.host)
      warn("the reply's \(path.shown) is on \(host), which the preset does not allow: it was passed over")
      return nil
    }
    return base.text.hasSuffix("/") ? String(base.text.dropLast()) : base.text
  }

  static func malformed(_ what: String) -> ExchangeError {
    ExchangeError(.replyMalformed, "cannot use the provider's reply: \(what)")
  }
}

extension JSONPath {
  /// The path as a preset writes it, with dots.
  var shown: String { steps.joined(separator: ".") }
}
