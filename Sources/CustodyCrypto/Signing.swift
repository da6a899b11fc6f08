internal import CSodium
internal import CustodySecrets
package import CustodyValues

/// An Ed25519 pair. The public half is 32 bytes by value.
package struct SigningKey: ~Copyable {
  package let publicKey: Digest
  private var slot: SecureSlot

  init(seed: UnsafeRawBufferPointer, in arena: SecureArena) throws(SecureMemoryError) {
    var slot = try SecureSlot(count: 64, in: arena)
    publicKey = unsafe slot.withUnsafeMutableBytes { secret in
      unsafe Digest { out in
        _ = unsafe crypto_sign_seed_keypair(
          out.octets,
          secret.octets,
          seed.octets)
      }
    }
    self.slot = slot
  }

  package borrowing func sign(_ message: [UInt8]) -> [UInt8] {
    unsafe slot.withUnsafeBytes { secret in
      unsafe [UInt8](unsafeUninitializedCapacity: Signature.count) { out, filled in
        _ = unsafe crypto_sign_detached(
          UnsafeMutableRawBufferPointer(out).octets, nil, message, UInt64(message.count),
          secret.octets)
        filled = Signature.count
      }
    }
  }
}

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
