internal import CustodyJSON
internal import CustodySecrets
internal import CustodyValues

/// A provider's answer to the request for a device code (RFC 8628, section 3.2).
struct DeviceCode: ~Copyable {
  /// Longest life of a code that is believed, in seconds. Real codes live for minutes.
  private static let longestLife: Int64 = 1800

  /// The device code, secret; nil once it is taken.
  var code: SecureBytes?
  /// The code that the person types.
  let userCode: String
  /// The page where they type it.
  let page: String
  /// The page with the code filled in; nil if the provider has none.
  let wholePage: String?
  let life: Duration
  /// Pause between two questions.
  let interval: Duration

  init(asking device: Preset.Device, _ login: Login) throws(ExchangeError) {
    let endpoint = try login.preset.endpoint(device.url, login.request.variables)
    let call = ProviderCall(
      preset: login.preset, endpoint: endpoint, method: .post, prepared: try Self.prepared(device, login, endpoint),
      caFile: login.request.caFile)
    try self.init(call.read(call.send()))
  }

  private static func prepared(
    _ device: Preset.Device, _ login: Login, _ endpoint: Endpoint
  ) throws(ExchangeError) -> PreparedRequest {
    let (preset, request) = (login.preset, login.request)
    let scopes = [device.scope, request.scope].compactMap { $0 }.joined(separator: " ")
    let id = preset.inBody("client_id")
    return try RequestWriter.writing(preset.body) { writer throws(ExchangeError) in
      // Basic sends the ID in a header, and some providers want it in the body as well.
      if !device.authenticates || preset.sends.connectorID != id {
        try writer.put(request.connectorID, at: id, as: "connector ID")
      }
      if !scopes.isEmpty { try writer.put(scopes, at: preset.inBody("scope"), as: "scope") }
      if device.authenticates {
        try writer.putClient(request, login.secret, .init(endpoint: endpoint, now: CurlTransport().now))
      }
      try writer.put(preset.sends.fixed.filter { $0.place.body == .none })
    }
  }

  init(_ json: borrowing SecretJSON) throws(ExchangeError) {
    for path in ["device_code", "user_code", "verification_uri", "verification_url"] as [JSONPath]
    where json.isAmbiguous(path) {
      throw ExchangeError(
        .replyNotJSON, "cannot use the provider's reply: it has two of \(path.shown), and they differ")
    }
    do { code = try json.secret(at: "device_code") } catch {
      throw ExchangeError(.noMemory, "cannot read the provider's reply: there is no memory for secrets")
    }
    // Google says `verification_url` where the standard says `verification_uri`.
    guard let userCode = json.string(at: "user_code"),
      let page = json.string(at: "verification_uri") ?? json.string(at: "verification_url"),
      code?.isEmpty == false, 1...64 ~= userCode.utf8.count, userCode.utf8.allSatisfy({ 0x21...0x7E ~= $0 })
    else {
      throw ExchangeError(.replyIncomplete, "cannot use the provider's reply: its device code is not whole")
    }
    guard (try? Endpoint(page)) != nil else {
      throw ExchangeError(.replyMalformed, "cannot use the provider's reply: the page to go to is no https URL")
    }
    wholePage = json.string(at: "verification_uri_complete").flatMap { (try? Endpoint($0)) == nil ? nil : $0 }
    (self.userCode, self.page) = (userCode, page)
    life = .seconds(min(max(Self.number(json, "expires_in") ?? 300, 1), Self.longestLife))
    interval = .seconds(min(max(Self.number(json, "interval") ?? 5, 1), 60))
  }

  /// The number at `key`; a form has it as text.
  private static func number(_ json: borrowing SecretJSON, _ key: JSONPath) -> Int64? {
    json.integer(at: key) ?? json.string(at: key).flatMap { Endpoint.decimal($0[...]) }.map(Int64.init)
  }
}
