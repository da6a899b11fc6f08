public import Custody
internal import CustodyJSON
internal import CustodyLog
internal import CustodySecrets
internal import CustodySystem
internal import CustodyValues

/// A login by device code: the person types a short code at the provider, on any device, while this process polls for
/// the answer (RFC 8628).
public struct DeviceLogin {
  private static let type = "urn:ietf:params:oauth:grant-type:device_code"

  private let login: Login
  private let code: SecretBox
  /// The code to type: 1 to 64 printable ASCII characters.
  public let userCode: String
  /// The address of the page where it is typed.
  public let address: String
  /// The address with the code in it, for a QR code or a click; nil if the provider has none.
  public let wholeAddress: String?
  private let expires: ContinuousClock.Instant
  private let interval: Duration

  /// Asks the provider for a code.
  ///
  /// - Throws: `badPreset` if the provider has no login by code, otherwise the code of the failed request.
  public init(_ login: Login) throws(VaultError) {
    guard let device = login.preset.device else {
      throw VaultError(
        .badPreset, "provider \"\(login.preset.id)\" has no login by code that Custody knows", subject: login.token,
        hint:
          "use \(step: .use(.login)) on a machine with a browser, or store the refresh token that the provider shows")
    }
    var begun: DeviceCode
    let asked = ContinuousClock.now
    do { begun = try DeviceCode(asking: device, login) } catch { throw login.failure(error) }
    guard let code = begun.code.take() else {
      throw VaultError(
        .replyIncomplete, "cannot log in for \"\(login.token)\": the provider's answer has no device code")
    }
    self.code = SecretBox(code)
    (userCode, address, wholeAddress) = (begun.userCode, begun.page, begun.wholePage)
    (expires, interval) = (asked + begun.life, begun.interval)
    self.login = login
  }

  /// Polls at the provider's pace until the person has decided or the code expires.
  ///
  /// - Returns: the refresh token, to be stored.
  /// - Throws: `timedOut` if the code expired, `refusedByProvider` if the person said no, otherwise the code of the
  ///   failed exchange.
  public func finish() throws(VaultError) -> Login.Grant {
    var pace = PollingPace(interval: interval)
    while ContinuousClock.now + pace.pause < expires {
      Wait.sleep(pace.pause)
      do { return try ask() } catch {
        guard pace.goesOn(after: error) else {
          login.recordFailure()
          throw refusal(error)
        }
      }
    }
    login.recordFailure()
    throw VaultError(
      .timedOut, "nobody typed the code at the provider in time", subject: login.token, hint: "run the command again")
  }

  private func ask() throws(ExchangeError) -> Login.Grant {
    let preset = login.preset
    return try login.redeem(Self.type, .device) { writer throws(ExchangeError) in
      try writer.put(code.bytes, at: preset.inBody("device_code"), as: "device code")
      try writer.hide(code.bytes)
    }
  }

  private func refusal(_ error: ExchangeError) -> VaultError {
    let reason: String? =
      switch error.providerCode {
      case "access_denied", "authorization_declined": "the person at the provider said no"
      case "expired_token": "the code has expired"
      default: nil
      }
    guard let reason else { return login.failure(error) }
    return VaultError(
      .refusedByProvider, "cannot log in for \"\(login.token)\": \(reason)\(error.http)", subject: login.token,
      hint: "run the command again; nothing was stored")
  }
}

/// The pause before the next poll.
struct PollingPace {
  private static let longest: Duration = .seconds(60)
  private(set) var pause: Duration

  init(interval: Duration) { pause = interval }

  /// True if polling goes on after this error; adapts the pause.
  mutating func goesOn(after error: ExchangeError) -> Bool {
    switch (error.providerCode, error.code) {
    case ("authorization_pending", _): return true
    case ("slow_down", _): pause += .seconds(5)
    // RFC 8628, section 3.5: failures on the way are retried, ever more rarely.
    case (_, .timedOut), (_, .unreachable), (_, .replyLost), (_, .providerFailed), (_, .throttled):
      pause = min(pause * 2, Self.longest)
    default: return false
    }
    if let seconds = error.retryAfter { pause = max(pause, .seconds(seconds)) }
    return true
  }
}
