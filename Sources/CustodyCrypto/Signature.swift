internal import CSodium
internal import CustodySecrets
package import CustodyValues

package enum Signature {
  package static let count = 64

  /// The same verdict by every libsodium, for a valid key. Those after 1.0.18 hold the equation times eight, and so also take a
  /// signature whose R is of mixed order: one machine would stop where another reads on.
  package static func verify(_ signature: [UInt8], _ message: [UInt8], key: Digest) -> Bool {
    guard isTaken(signature, message, key: key) else { return false }
    return !Sodium.takesMixedOrderSignatures || hasValidPoint(signature)
  }

  /// By this libsodium alone.
  static func isTaken(_ signature: [UInt8], _ message: [UInt8], key: Digest) -> Bool {
    guard signature.count == count else { return false }
    return unsafe key.withUnsafeBytes { key in
      unsafe crypto_sign_verify_detached(
        signature, message, UInt64(message.count), key.octets) == 0
    }
  }

  /// Whether the first half, R, is in the main subgroup, as it is of every signature that was made as RFC 8032 says.
  package static func hasValidPoint(_ signature: [UInt8]) -> Bool { Digest(signature[..<32]).map(isPoint) ?? false }

  /// On the curve, canonical, and of the main subgroup. Keys that are not make verifiers disagree. A libsodium that can't
  /// tell finds no key valid.
  package static func isValidKey(_ key: Digest) -> Bool { Sodium.refusesMixedOrderKeys && isPoint(key) }

  static func isPoint(_ key: Digest) -> Bool {
    unsafe key.withUnsafeBytes {
      unsafe crypto_core_ed25519_is_valid_point($0.octets) == 1
    }
  }
}
