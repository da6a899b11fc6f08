internal import CSodium
package import CustodySecrets
internal import CustodyValues

/// An X25519 key pair.
package struct BoxKey: ~Copyable {
  package let publicKey: BoxPublicKey
  var slot: SecureSlot

  init(seed: UnsafeRawBufferPointer, in arena: SecureArena) throws {
    var slot = try SecureSlot(count: 32, in: arena)
    let publicBytes = unsafe slot.withUnsafeMutableBytes { secret in
      unsafe Digest { out in
        _ = unsafe crypto_box_seed_keypair(
          out.unsignedChars,
          secret.unsignedChars,
          seed.unsignedChars)
      }
    }
    guard let key = BoxPublicKey(publicBytes) else { throw CryptoError() }
    publicKey = key
    self.slot = slot
  }

  package static func random(in arena: SecureArena) throws -> BoxKey {
    let seed = try Key<DataPurpose>.random(in: arena)
    return try unsafe seed.slot.withUnsafeBytes { bytes in try unsafe BoxKey(seed: bytes, in: arena) }
  }

  /// Takes a private key that was wrapped. Throws unless its public key is the expected one.
  private init(secret: consuming SecureSlot, expecting publicKey: BoxPublicKey) throws(CryptoError) {
    let computed = unsafe secret.withUnsafeBytes { secret in
      unsafe Digest { out in
        _ = unsafe crypto_scalarmult_base(
          out.unsignedChars,
          secret.unsignedChars)
      }
    }
    guard computed == publicKey.bytes else { throw CryptoError() }
    self.publicKey = publicKey
    slot = secret
  }

  /// Takes a private key that the agent unwrapped. Throws unless its public key is the expected one.
  package init(
    copying secret: borrowing SecureBytes, expecting publicKey: BoxPublicKey, in arena: SecureArena
  ) throws {
    try self.init(secret: SecureSlot(copying: secret, count: 32, in: arena), expecting: publicKey)
  }

  package borrowing func open(_ sealed: [UInt8]) throws(CryptoError) -> [UInt8] {
    let length = sealed.count - Int(crypto_box_sealbytes())
    guard length >= 0 else { throw CryptoError() }
    var ok = false
    let message = unsafe [UInt8](unsafeUninitializedCapacity: length + 1) { out, filled in
      ok = unsafe open(sealed, to: .init(out))
      filled = ok ? length : 0
    }
    guard ok else { throw CryptoError() }
    return message
  }

  package borrowing func unwrap<Purpose: KeyPurpose>(
    _ sealed: [UInt8], in arena: SecureArena
  ) throws -> Key<Purpose> {
    Key(slot: try unwrapSlot(sealed, in: arena))
  }

  package borrowing func unwrap(
    _ sealed: [UInt8], expecting publicKey: BoxPublicKey, in arena: SecureArena
  ) throws -> BoxKey {
    try BoxKey(secret: unwrapSlot(sealed, in: arena), expecting: publicKey)
  }

  private borrowing func unwrapSlot(_ sealed: [UInt8], in arena: SecureArena) throws -> SecureSlot {
    guard sealed.count == 32 + Int(crypto_box_sealbytes()) else { throw CryptoError() }
    var opened = try SecureSlot(count: 32, in: arena)
    let ok = unsafe opened.withUnsafeMutableBytes { unsafe open(sealed, to: $0) }
    guard ok else { throw CryptoError() }
    return opened
  }

  private borrowing func open(_ sealed: [UInt8], to out: UnsafeMutableRawBufferPointer) -> Bool {
    unsafe slot.withUnsafeBytes { secret in
      unsafe publicKey.bytes.withUnsafeBytes { key in
        unsafe crypto_box_seal_open(
          out.unsignedChars, sealed, UInt64(sealed.count),
          key.unsignedChars,
          secret.unsignedChars) == 0
      }
    }
  }
}
