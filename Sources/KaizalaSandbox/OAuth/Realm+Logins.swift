import CustodyCrypto
import Foundation

/// Grants that need a person's consent: the authorization code with PKCE, and the device code.
extension Realm {
  struct AuthorizationCode {
    let redirect, challenge, scope: String
    let expires: Int64
    /// The family of the tokens that it was redeemed for; nil before.
    var family: Int?
  }

  struct DeviceCode {
    let userCode, scope: String
    let expires: Int64
    var interval: Int64 = 1
    /// Time of the last poll, in milliseconds.
    var polled: Int64?
    var decision: Decision?
  }

  enum Decision: String, Decodable, Sendable { case allow, deny }

  private static let codeSeconds: Int64 = 60
  static let deviceSeconds: Int64 = 300
  /// Milliseconds by which a poll may be early, because networks deliver unevenly.
  private static let slack: Int64 = 200

  func authorize(redirect: String, challenge: String, scope: String) -> String {
    let code = Chance.opaque()
    codes[code] = AuthorizationCode(
      redirect: redirect, challenge: challenge, scope: scope, expires: now + Self.codeSeconds)
    return code
  }

  /// Redeems a code once, with the redirect URI and the verifier that belong to it. A second try revokes what the
  /// code brought: somebody may have stolen it (RFC 6749, section 4.1.2).
  func redeem(_ code: String, redirect: String, verifier: String) throws(OAuthRefusal) -> TokenAnswer {
    guard let found = codes[code] else { throw OAuthRefusal("invalid_grant", "There is no such code.") }
    if let family = found.family {
      end(family)
      throw OAuthRefusal("invalid_grant", "The code was used before; what it brought is revoked.")
    }
    guard now < found.expires else { throw OAuthRefusal("invalid_grant", "The code has expired.") }
    guard found.redirect == redirect else { throw OAuthRefusal("invalid_grant", "The code is of another address.") }
    guard Data(SHA256.hash(Array(verifier.utf8)).bytes).base64URL == found.challenge else {
      throw OAuthRefusal("invalid_grant", "The code verifier does not fit.")
    }
    let (answer, family) = first(scope: found.scope)
    codes[code]?.family = family
    return answer
  }

  func beginDevice(scope: String) -> (code: String, userCode: String) {
    let letters = Array("BCDFGHJKLMNPQRSTVWXZ")
    func four() -> String { String((0..<4).map { _ in letters[Int.random(in: letters.indices)] }) }
    let (code, userCode) = (Chance.opaque(), four() + "-" + four())
    devices[code] = DeviceCode(userCode: userCode, scope: scope, expires: now + Self.deviceSeconds)
    return (code, userCode)
  }

  /// Notes a person's decision. False if no live device code has this user code.
  func decide(_ userCode: String, _ decision: Decision) -> Bool {
    func letters(_ text: String) -> String { text.uppercased().filter(\.isLetter) }
    let typed = letters(userCode)
    guard let code = devices.first(where: { letters($0.value.userCode) == typed && now < $0.value.expires })?.key
    else { return false }
    devices[code]?.decision = decision
    return true
  }

  /// One poll of a device for its tokens (RFC 8628, section 3.5).
  func poll(_ code: String) throws(OAuthRefusal) -> TokenAnswer {
    guard let device = devices[code] else { throw OAuthRefusal("invalid_grant", "There is no such device code.") }
    guard now < device.expires else { throw OAuthRefusal("expired_token", "The device code has expired.") }
    defer { devices[code]?.polled = nowInMilliseconds }
    if let polled = device.polled, nowInMilliseconds - polled < device.interval * 1000 - Self.slack {
      devices[code]?.interval += 5
      throw OAuthRefusal("slow_down", "Poll less often.")
    }
    switch device.decision {
    case .allow:
      devices[code] = nil
      return first(scope: device.scope).answer
    case .deny: throw OAuthRefusal("access_denied", "The person said no.")
    case nil: throw OAuthRefusal("authorization_pending", "The person has not decided.")
    }
  }
}
