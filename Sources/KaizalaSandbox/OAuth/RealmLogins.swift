import CustodyCrypto
import Foundation

/// Grants that begin with a person: an authorization code with PKCE, a device code.
extension Realm {
  static let codeSeconds: Int64 = 60
  static let deviceSeconds: Int64 = 300
  private static let pollSeconds: Int64 = 1

  func authorize(redirect: String, challenge: String, scope: String) -> String {
    let code = Chance.opaque()
    codes[code] = AuthorizationCode(
      redirect: redirect, challenge: challenge, scope: scope, expires: now + Self.codeSeconds)
    return code
  }

  /// Once, with the address and the verifier that it was made for.
  func redeem(_ code: String, redirect: String, verifier: String) throws(OAuthRefusal) -> TokenAnswer {
    guard let found = codes.removeValue(forKey: code), now < found.expires, found.redirect == redirect else {
      throw OAuthRefusal("invalid_grant", "The code is unknown, expired, or of another address.")
    }
    guard Data(SHA256.hash(Array(verifier.utf8)).bytes).base64URL == found.challenge else {
      throw OAuthRefusal("invalid_grant", "The code verifier does not fit.")
    }
    return first(scope: found.scope)
  }

  func beginDevice(scope: String) -> (code: String, userCode: String) {
    let letters = Array("BCDFGHJKLMNPQRSTVWXZ")
    func four() -> String { String((0..<4).map { _ in letters[Int.random(in: letters.indices)] }) }
    let (code, userCode) = (Chance.opaque(), four() + "-" + four())
    devices[code] = DeviceCode(userCode: userCode, scope: scope, expires: now + Self.deviceSeconds)
    return (code, userCode)
  }

  /// Whether there is such a code to decide about.
  func decide(_ userCode: String, _ decision: Decision) -> Bool {
    guard let code = devices.first(where: { $0.value.userCode == userCode.uppercased() })?.key else { return false }
    devices[code]?.decision = decision
    return true
  }

  func poll(_ code: String) throws(OAuthRefusal) -> TokenAnswer {
    guard let device = devices[code] else { throw OAuthRefusal("invalid_grant", "There is no such device code.") }
    guard now < device.expires else { throw OAuthRefusal("expired_token", "The device code has expired.") }
    defer { devices[code]?.polled = now }
    switch device.decision {
    case .allow:
      devices[code] = nil
      return first(scope: device.scope)
    case .deny: throw OAuthRefusal("access_denied", "The person said no.")
    case nil where now - device.polled < Self.pollSeconds:
      throw OAuthRefusal("slow_down", "Poll less often.")
    case nil: throw OAuthRefusal("authorization_pending", "The person has not decided.")
    }
  }
}
