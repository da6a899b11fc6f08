internal import CustodyCrypto
internal import CustodySecrets
internal import CustodyValues

/// Values that tie a browser's answer to this process's request: a state, and PKCE's verifier with its S256 challenge
/// (RFC 7636). For one login.
package struct ProofKey: Sendable {
  package let state: String
  package let verifier: String
  package let challenge: String

  package init() {
    state = Self.base64URL(Sodium.randomBytes(32))
    verifier = Self.base64URL(Sodium.randomBytes(32))
    challenge = Self.base64URL(SHA256.hash(Array(verifier.utf8)).bytes)
  }

  /// Compares in constant time, so that the state can't be found byte by byte.
  package func hasState(_ given: String) -> Bool {
    guard let one = try? SecureBytes(copying: Array(given.utf8)),
      let other = try? SecureBytes(copying: Array(state.utf8))
    else { return false }
    return one.equals(other)
  }

  private static func base64URL(_ bytes: [UInt8]) -> String {
    String(decoding: Base64.encode(bytes).filter { $0 != UInt8(ascii: "=") }.map(Self.forURL), as: UTF8.self)
  }

  private static func forURL(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "+"): UInt8(ascii: "-")
    case UInt8(ascii: "/"): UInt8(ascii: "_")
    default: byte
    }
  }
}
