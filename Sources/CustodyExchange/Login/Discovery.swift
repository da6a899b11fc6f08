public import Custody
internal import CustodyJSON
internal import CustodyMemory

/// What a provider publishes of its own endpoints (RFC 8414, OpenID Connect Discovery), as a preset like the one for OAuth 2.0
/// by hand.
public struct Discovery: Sendable {
  public let preset: Preset

  /// Asks the issuer, at the one standard's address and then at the other's.
  public init(issuer: String, caFile: String? = nil) throws(VaultError) {
    let base: Endpoint
    do { base = try Endpoint(issuer) } catch {
      throw VaultError(
        .badEndpoint, "cannot ask this issuer: \(error.reason)", subject: issuer, hint: "give its https URL")
    }
    guard !base.target.contains("?") else {
      throw VaultError(.badEndpoint, "cannot ask this issuer: its URL has a query", subject: issuer)
    }
    let path = base.target == "/" ? "" : base.target.hasSuffix("/") ? String(base.target.dropLast()) : base.target
    let places = [
      base.origin + "/.well-known/oauth-authorization-server" + path,
      base.origin + path + "/.well-known/openid-configuration",
    ]
    var failure: ExchangeError?
    for place in places {
      do {
        preset = try Self.preset(Self.ask(place, caFile), issuer: issuer, base)
        return
      } catch {
        // One that answers wrongly is not asked in another way.
        if error.code == .replyMalformed { throw VaultError(error, issuer: issuer) }
        failure = error
      }
    }
    throw VaultError(failure ?? ExchangeError(.unreachable, "nothing was asked"), issuer: issuer)
  }

  private static func ask(_ place: String, _ caFile: String?) throws(ExchangeError) -> JSONValue {
    guard let endpoint = try? Endpoint(place), let known = Preset.named("oauth2") else {
      throw ExchangeError(.badEndpoint, "the issuer's URL can't be extended")
    }
    let prepared = try RequestWriter.writing(.none) { writer throws(ExchangeError) in
      try writer.put("application/json", at: .header("Accept"), as: "accepted form")
    }
    let call = ProviderCall(preset: known, endpoint: endpoint, method: .get, prepared: prepared, caFile: caFile)
    let reply = try call.send()
    guard reply.status == 200 else {
      var error = ExchangeError(.requestRefused, "\"\(endpoint.host)\" answered \(reply.status) at \(endpoint.target)")
      error.status = reply.status
      throw error
    }
    // Nothing in it is a secret.
    let bytes = (0..<reply.body.count).compactMap { reply.body.byte(at: $0) }
    do { return try JSONValue(parsing: bytes) } catch {
      throw ExchangeError(.replyNotJSON, "cannot use the provider's metadata: it is not strict JSON (\(error.reason))")
    }
  }

  private static func preset(_ found: JSONValue, issuer: String, _ base: Endpoint) throws(ExchangeError) -> Preset {
    func malformed(_ what: String) -> ExchangeError {
      ExchangeError(.replyMalformed, "cannot use the provider's metadata: \(what)")
    }
    // RFC 8414, section 3.3: byte for byte, or someone answers for another.
    guard let said = found["issuer"]?.string, said.utf8.elementsEqual(issuer.utf8) else {
      throw malformed("it is of another issuer, \"\(PrintableText.escape(found["issuer"]?.string ?? "none"))\"")
    }
    func url(_ key: String) throws(ExchangeError) -> Endpoint? {
      guard let value = found[key], !value.isNull else { return nil }
      guard let text = value.string, let endpoint = try? Endpoint(text),
        endpoint.isSecure || endpoint.isLoopback && base.isLoopback
      else { throw malformed("its \(key) is no https URL") }
      return endpoint
    }
    guard let token = try url("token_endpoint"), let text = Preset.texts.first(where: { $0.id == "oauth2" })?.text,
      var object = (try? JSONValue(parsing: text))?.object
    else { throw malformed("it names no token_endpoint") }
    var hosts = [token]
    object["id"] = .string(id(of: base))
    object["title"] = .string("OAuth 2.0 of \(base.host), as discovered")
    object["sources"] = [.string(issuer)]
    object["doubts"] = ["rotation and lifetimes are the provider's", "what it published on the day it was asked"]
    object["url"] = .string(token.text)
    if let page = try url("authorization_endpoint") {
      var authorize: JSONObject = ["url": .string(page.text), "issuer": .string(issuer)]
      let methods = found["code_challenge_methods_supported"]?.array?.compactMap(\.string)
      if let methods, !methods.contains("S256") { authorize["without_pkce"] = true }
      object["authorize"] = .object(authorize)
    }
    for (key, name) in [
      ("device_authorization_endpoint", "device"), ("revocation_endpoint", "revoke"),
      ("introspection_endpoint", "introspect"),
    ] {
      guard let place = try url(key) else { continue }
      object[name] = ["url": .string(place.text)]
      hosts.append(place)
    }
    var names: [JSONValue] = []
    for host in hosts.map(\.host) where !names.contains(.string(host)) { names.append(.string(host)) }
    object["hosts"] = .array(names)
    if let ways = found["token_endpoint_auth_methods_supported"]?.array?.compactMap(\.string) {
      authenticate(&object, by: ways)
    }
    do { return try Preset(.object(object)) } catch { throw malformed(error.reason) }
  }

  /// Basic, which RFC 6749 has everyone know, unless the provider says that it only takes the secret in the body.
  private static func authenticate(_ object: inout JSONObject, by ways: [String]) {
    guard !ways.contains("client_secret_basic"), ways.contains("client_secret_post"),
      var sends = object["sends"]?.object
    else { return }
    (sends["connector_id"], sends["connector_secret"]) = ("form:client_id", "form:client_secret")
    object["sends"] = .object(sends)
    object["client_auth"] = ["assertion"]
  }

  /// `oauth2-login-example-com`.
  private static func id(of base: Endpoint) -> String {
    let plain = base.host.utf8.map { byte in
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
        ? byte : UInt8(ascii: "-")
    }
    return "oauth2-" + String(decoding: plain.prefix(57), as: UTF8.self)
  }
}

extension VaultError {
  fileprivate init(_ error: ExchangeError, issuer: String) {
    let failure = error.failure
    self.init(
      Code(named: failure.code), "cannot discover \"\(PrintableText.escape(issuer))\": \(failure.reason)",
      subject: issuer,
      hint: "check the issuer's URL; or write a preset: \"custody provider add FILE\"")
  }
}
