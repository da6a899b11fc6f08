internal import CSodium
internal import CustodySecrets
package import CustodyValues

/// An Ed25519 key pair. The public key is 32 bytes by value.
package struct SigningKey: ~Copyable {
  package let publicKey: Digest
  private var slot: SecureSlot

  init(seed: UnsafeRawBufferPointer, in arena: SecureArena) throws(SecureMemoryError) {
    var slot = try SecureSlot(count: 64, in: arena)
    publicKey = unsafe slot.withUnsafeMutableBytes { secret in
      unsafe Digest { out in
        _ = unsafe crypto_sign_seed_keypair(
          out.unsignedChars,
          secret.unsignedChars,
          seed.unsignedChars)
      }
    }
    self.slot = slot
  }

  package borrowing func sign(_ message: [UInt8]) -> [UInt8] {
    unsafe slot.withUnsafeBytes { secret in
      unsafe [UInt8](unsafeUninitializedCapacity: Signature.count) { out, filled in
        _ = unsafe crypto_sign_detached(
          UnsafeMutableRawBufferPointer(out).unsignedChars, nil, message, UInt64(message.count),
          secret.unsignedChars)
        filled = Signature.count
      }
    }
  }
}
