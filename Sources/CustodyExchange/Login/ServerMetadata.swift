internal import CustodyJSON
internal import CustodyValues

/// A provider's metadata document (RFC 8414), with each endpoint checked to be https.
struct ServerMetadata {
  private let found: JSONValue
  private let issuer: String
  private let base: Endpoint
  let endpoints: [(name: String, url: Endpoint)]

  init(_ found: JSONValue, of issuer: String, _ base: Endpoint) throws(ExchangeError) {
    // RFC 8414, section 3.3: equal byte for byte, or the document speaks for another issuer.
    guard let said = found["issuer"]?.string, said.utf8.elementsEqual(issuer.utf8) else {
      let other = found["issuer"]?.string ?? "none"
      throw Self.malformed("it is of another issuer, \(PrintableText.quote(other))")
    }
    (self.found, self.issuer, self.base) = (found, issuer, base)
    var endpoints: [(name: String, url: Endpoint)] = []
    for name in [
      "token_endpoint", "authorization_endpoint", "device_authorization_endpoint", "revocation_endpoint",
      "introspection_endpoint",
    ] {
      guard let value = found[name], !value.isNull else { continue }
      endpoints.append((name, try Self.url(value, name, base)))
    }
    self.endpoints = endpoints
    guard endpoints.first?.name == "token_endpoint" else { throw Self.malformed("it names no token_endpoint") }
  }

  /// An endpoint's URL. It may be plain http or on this machine only if the issuer itself is on this machine.
  private static func url(_ value: JSONValue, _ name: String, _ base: Endpoint) throws(ExchangeError) -> Endpoint {
    guard let text = value.string, let url = try? Endpoint(text), url.isLoopback == base.isLoopback else {
      throw malformed("its \(name) is no https URL on a host that it could be on")
    }
    return url
  }

  private static func malformed(_ what: String) -> ExchangeError {
    ExchangeError(.replyMalformed, "cannot use the provider's metadata: \(what)")
  }

  private func endpoint(_ name: String) -> Endpoint? { endpoints.first { $0.name == name }?.url }

  /// The list of texts at `name`; nil if it is missing, which differs from an empty list.
  private func list(_ name: String) -> [String]? { found[name]?.array?.compactMap(\.string) }

  /// The built-in `oauth2` preset with the provider's endpoints in place.
  func preset(dated today: String) throws(ExchangeError) -> Preset {
    guard let text = Preset.texts.first(where: { $0.id == "oauth2" })?.text,
      var object = (try? JSONValue(parsing: text))?.object
    else { throw Self.malformed("there is no preset to begin with") }
    object["id"] = .string(id)
    object["title"] = .string("OAuth 2.0 of \(base.host), as discovered")
    object["sources"] = [.string(issuer)]
    object["date"] = .string(today)
    object["doubts"] = ["rotation and lifetimes are the provider's", "what it published on the day it was asked"]
    object["url"] = endpoint("token_endpoint").map { .string($0.text) }
    object["hosts"] = .array(hosts.map { .string($0) })
    object["authorize"] = authorize.map { .object($0) }
    object["device"] = part("device_authorization_endpoint", scoped: true).map { .object($0) }
    object["revoke"] = part("revocation_endpoint").map { .object($0) }
    object["introspect"] = part("introspection_endpoint").map { .object($0) }
    try authenticate(&object)
    do { return try Preset(.object(object)) } catch { throw Self.malformed(error.reason) }
  }

  /// The hosts that receive secrets. The page that a browser opens receives none.
  private var hosts: [String] {
    endpoints.filter { $0.name != "authorization_endpoint" }.map(\.url.host).reduce(into: []) { hosts, host in
      if !hosts.contains(host) { hosts.append(host) }
    }
  }

  private func part(_ name: String, scoped: Bool = false) -> JSONObject? {
    guard let url = endpoint(name) else { return nil }
    var part: JSONObject = ["url": .string(url.text)]
    if scoped { part["scope"] = refreshScope }
    return part
  }

  private var authorize: JSONObject? {
    guard var page = part("authorization_endpoint", scoped: true) else { return nil }
    page["issuer"] = .string(issuer)
    // RFC 9207, section 2.4.
    if found["authorization_response_iss_parameter_supported"]?.bool == true { page["always_names_issuer"] = true }
    if let methods = list("code_challenge_methods_supported"), !methods.contains("S256") { page["without_pkce"] = true }
    return page
  }

  /// The scope that asks for a refresh token; providers that list it give one only to those who ask.
  private var refreshScope: JSONValue? {
    list("scopes_supported")?.contains("offline_access") == true ? "offline_access" : nil
  }

  /// Sets the way of authentication: Basic if the provider takes it (RFC 6749's default), else the secret in the body,
  /// else a signature.
  private func authenticate(_ object: inout JSONObject) throws(ExchangeError) {
    guard let given = list("token_endpoint_auth_methods_supported") else { return }
    let names = [("client_secret_basic", "basic"), ("client_secret_post", "post"), ("private_key_jwt", "assertion")]
    let ways = names.filter { given.contains($0.0) }.map(\.1)
    guard let way = ways.first else {
      throw Self.malformed("it lets no connector authenticate by a secret, nor by a signature")
    }
    object["client_auth"] = .array(ways.dropFirst().map { .string($0) })
    guard way != "basic", var sends = object["sends"]?.object else { return }
    sends["connector_id"] = "form:client_id"
    sends["connector_secret"] = way == "post" ? "form:client_secret" : "assertion"
    object["sends"] = .object(sends)
  }

  /// The preset's ID, as `oauth2-login-example-com`.
  private var id: String {
    let plain = base.host.utf8.map { byte in
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
        ? byte : UInt8(ascii: "-")
    }
    return "oauth2-" + String(decoding: plain.prefix(57), as: UTF8.self)
  }
}
