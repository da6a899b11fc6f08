internal import CSodium
package import CustodyMemory

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

  package static func verify(_ signature: [UInt8], _ message: [UInt8], key: Digest) -> Bool {
    guard signature.count == count else { return false }
    return unsafe key.withUnsafeBytes { key in
      unsafe crypto_sign_verify_detached(
        signature, message, UInt64(message.count), key.octets) == 0
    }
  }

  /// On the curve, canonical, and of the main subgroup. Keys that are not make verifiers disagree. A libsodium that can't
  /// tell finds no key valid.
  package static func isValidKey(_ key: Digest) -> Bool { Sodium.refusesMixedOrderKeys && isPoint(key) }

  static func isPoint(_ key: Digest) -> Bool {
    unsafe key.withUnsafeBytes {
      unsafe crypto_core_ed25519_is_valid_point($0.octets) == 1
    }
  }
}
