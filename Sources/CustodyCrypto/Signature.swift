internal import CSodium
internal import CustodySecrets
package import CustodyValues

package enum Signature {
  package static let count = 64

  /// Verifies an Ed25519 signature with the same verdict on every libsodium, for a valid key. Versions after 1.0.18
  /// check the equation multiplied by eight, and so also accept a signature whose R is of mixed order. One machine
  /// would then stop where another reads on.
  package static func verify(_ signature: [UInt8], _ message: [UInt8], key: Digest) -> Bool {
    guard isTaken(signature, message, key: key) else { return false }
    return !Sodium.takesMixedOrderSignatures || hasValidPoint(signature)
  }

  /// The verdict of this machine's libsodium alone.
  static func isTaken(_ signature: [UInt8], _ message: [UInt8], key: Digest) -> Bool {
    guard signature.count == count else { return false }
    return unsafe key.withUnsafeBytes { key in
      unsafe crypto_sign_verify_detached(
        signature, message, UInt64(message.count), key.unsignedChars) == 0
    }
  }

  /// True if the signature's first half, R, is in the main subgroup, as RFC 8032's signing always makes it.
  package static func hasValidPoint(_ signature: [UInt8]) -> Bool { Digest(signature[..<32]).map(isPoint) ?? false }

  /// True if the key is on the curve, canonical, and in the main subgroup. Other keys make verifiers disagree. Always
  /// false with a libsodium that can't tell.
  package static func isValidKey(_ key: Digest) -> Bool { Sodium.refusesMixedOrderKeys && isPoint(key) }

  static func isPoint(_ key: Digest) -> Bool {
    unsafe key.withUnsafeBytes {
      unsafe crypto_core_ed25519_is_valid_point($0.unsignedChars) == 1
    }
  }
}
