internal import CustodySecrets
public import Custody
internal import CustodyJSON
internal import CustodyValues

/// The endpoints that a provider publishes (RFC 8414, OpenID Connect Discovery), as a preset for plain OAuth 2.0.
public struct Discovery: Sendable {
  /// The preset, based on the built-in `oauth2`.
  public let preset: Preset
  /// The endpoints found, by their names in RFC 8414, to be shown before anything is stored.
  public let endpoints: [(name: String, url: String)]
  /// Hosts of the endpoints other than the issuer's.
  public let otherHosts: [String]

  /// Fetches the issuer's metadata, first at RFC 8414's address and then at OpenID Connect's.
  ///
  /// - Parameters:
  ///   - issuer: the issuer's https URL, exactly as the provider writes it.
  ///   - today: the date of the preset, as `2026-11-24`.
  ///   - caFile: a file of certificate authorities, PEM, that alone are trusted; the system's if nil.
  /// - Throws: `badEndpoint` for a URL that is no issuer, `replyMalformed` for metadata of another issuer or with
  ///   unusable endpoints, otherwise the code of the failed request.
  public init(issuer: String, today: String, caFile: String? = nil) throws(VaultError) {
    let base = try Self.base(issuer)
    var failure: ExchangeError?
    for place in Self.places(base) {
      let metadata: ServerMetadata
      do { metadata = try ServerMetadata(Self.ask(place, caFile), of: issuer, base) } catch {
        // After a wrong answer the other address is not tried.
        if error.code == .replyMalformed { throw VaultError(error, issuer: issuer) }
        if failure?.status == nil { failure = error }
        continue
      }
      do { preset = try metadata.preset(dated: today) } catch { throw VaultError(error, issuer: issuer) }
      endpoints = metadata.endpoints.map { ($0.name, $0.url.text) }
      otherHosts = metadata.endpoints.map(\.url.host).filter { $0 != base.host }.reduce(into: []) { hosts, host in
        if !hosts.contains(host) { hosts.append(host) }
      }
      return
    }
    throw VaultError(failure ?? ExchangeError(.unreachable, "nothing was asked"), issuer: issuer)
  }

  private static func base(_ issuer: String) throws(VaultError) -> Endpoint {
    let shown = PrintableText.escape(issuer)
    let base: Endpoint
    do { base = try Endpoint(issuer) } catch {
      throw VaultError(
        .badEndpoint, "cannot ask \"\(shown)\": \(error.reason)", subject: issuer, hint: "give the issuer's https URL"
      ).caused(by: error)
    }
    guard !base.target.contains("?") else {
      throw VaultError(.badEndpoint, "cannot ask \"\(shown)\": an issuer's URL has no query", subject: issuer)
    }
    return base
  }

  /// The metadata's two addresses: RFC 8414 inserts its path before the issuer's, OpenID Connect appends it.
  static func places(_ base: Endpoint) -> [String] {
    let path = base.target.hasSuffix("/") ? String(base.target.dropLast()) : base.target
    return [
      base.origin + "/.well-known/oauth-authorization-server" + path,
      base.origin + path + "/.well-known/openid-configuration",
    ]
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
      var error = ExchangeError(.requestRefused, "\"\(endpoint.host)\" has no metadata at \(endpoint.target)")
      error.status = reply.status
      throw error
    }
    // The metadata holds no secret.
    var bytes = (0..<reply.body.count).compactMap { reply.body.byte(at: $0) }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    do { return try JSONValue(parsing: bytes) } catch {
      throw ExchangeError(.replyNotJSON, "cannot use the provider's metadata: it is not strict JSON (\(error.reason))")
    }
  }
}

extension VaultError {
  fileprivate init(_ error: ExchangeError, issuer: String) {
    let failure = error.failure
    self.init(
      failure.code, "cannot discover \"\(PrintableText.escape(issuer))\": \(failure.reason)",
      subject: issuer,
      hint: "check the issuer's URL, to the last slash; or write a preset: \(step: .addProvider)")
    underlying = error.withoutToken
  }
}
