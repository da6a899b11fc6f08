public import Custody
internal import CustodyJSON
internal import CustodyLog
internal import CustodyMemory

/// A code that a person types at the provider, on any device, while this process asks whether they have (RFC 8628).
public struct DeviceLogin {
  private static let type = "urn:ietf:params:oauth:grant-type:device_code"
  /// A provider's code lives for minutes; one that would live for longer is not waited for.
  private static let longest: Int64 = 1800

  private let login: Login
  private let name: String
  private let code: String
  public let userCode: String
  public let address: String
  /// With the code in it, for a QR code or a click.
  public let wholeAddress: String?
  private let expires: ContinuousClock.Instant
  private let interval: Int64

  public init(_ login: Login, for token: TokenDetails) throws(VaultError) {
    guard let device = login.preset.device else {
      throw VaultError(
        .badPreset, "provider \"\(login.preset.id)\" has no login by code that Custody knows", subject: token.name,
        hint: "use --login on a machine with a browser, or store the refresh token that the provider shows")
    }
    name = token.name
    let begun: Begun
    do { begun = try Self.begin(device, login) } catch { throw VaultError(error, login: token.name) }
    guard let code = begun.code, let userCode = begun.userCode, let page = begun.page, !code.isEmpty,
      1...64 ~= userCode.utf8.count, userCode.utf8.allSatisfy({ 0x21...0x7E ~= $0 }), (try? Endpoint(page)) != nil
    else {
      throw VaultError(.replyIncomplete, "cannot log in for \"\(token.name)\": the provider's device code is not whole")
    }
    let seconds = min(max(begun.seconds ?? 300, 1), Self.longest)
    wholeAddress = begun.wholePage.flatMap { (try? Endpoint($0)) == nil ? nil : $0 }
    (self.code, self.userCode, address) = (code, userCode, page)
    (expires, interval) = (.now + .seconds(seconds), min(max(begun.interval ?? 5, 1), 60))
    self.login = login
  }

  /// RFC 8628, section 3.2; one provider says URL where the standard says URI.
  private struct Begun {
    let code, userCode, page, wholePage: String?
    let seconds, interval: Int64?
  }

  private static func begin(_ device: Preset.Device, _ login: Login) throws(ExchangeError) -> Begun {
    let (preset, request) = (login.preset, login.request)
    let endpoint = try preset.endpoint(device.url, request.variables)
    let scopes = [device.scope, request.scope].compactMap { $0 }.joined(separator: " ")
    let prepared = try RequestWriter.writing(.form) { writer throws(ExchangeError) in
      try writer.put(request.connectorID, at: .form("client_id"), as: "connector ID")
      if !scopes.isEmpty { try writer.put(scopes, at: .form("scope"), as: "scope") }
      try writer.put("application/json", at: .header("Accept"), as: "accepted form")
    }
    let call = ProviderCall(
      preset: preset, endpoint: endpoint, method: .post, prepared: prepared, caFile: request.caFile)
    let json = try call.json(call.send())
    return Begun(
      code: json.string(at: "device_code"), userCode: json.string(at: "user_code"),
      page: json.string(at: "verification_uri") ?? json.string(at: "verification_url"),
      wholePage: json.string(at: "verification_uri_complete"), seconds: json.integer(at: "expires_in"),
      interval: json.integer(at: "interval"))
  }

  /// Asks as often as the provider wants, until the person has decided or the code ends.
  public func finish() throws(VaultError) -> Login.Grant {
    var pause = interval
    while ContinuousClock.now + .seconds(pause) < expires {
      Wait.sleep(.seconds(pause))
      do { return try login.redeem(Self.type, [("device_code", code)], .device) } catch {
        switch (error.providerCode, error.code) {
        case ("authorization_pending", _): continue
        case ("slow_down", _): pause += 5
        // RFC 8628, section 3.5: a connection that fails is tried again, and ever more rarely.
        case (nil, .timedOut), (nil, .unreachable), (nil, .replyLost): pause *= 2
        default: throw refusal(error)
        }
      }
    }
    throw VaultError(
      .timedOut, "nobody typed the code at the provider in time", subject: name, hint: "run the command again")
  }

  private func refusal(_ error: ExchangeError) -> VaultError {
    let reason: String? =
      switch error.providerCode {
      case "access_denied": "the person at the provider said no"
      case "expired_token": "the code has expired"
      default: nil
      }
    guard let reason else { return VaultError(error, login: name) }
    return VaultError(
      .refusedByProvider, "cannot log in for \"\(name)\": \(reason)", subject: name,
      hint: "run the command again; nothing was stored")
  }
}
