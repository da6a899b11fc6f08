internal import CSodium
package import CustodySecrets
internal import CustodyValues

/// The format of a sealed value: `0x01`, a random nonce of 24 bytes, then the ciphertext and tag of
/// XChaCha20-Poly1305.
package enum Sealed {
  static let version: UInt8 = 1
  static let nonceCount = 24
  static let tagCount = 16
  static let overhead = 1 + nonceCount + tagCount
  /// Secrets are padded to a multiple of 64 bytes, so that a sealed length tells little.
  package static let block = 64

  static func seal(_ plain: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer, _ context: SealContext) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: plain.count + overhead) { out, filled in
      guard let base = out.baseAddress else { return }
      unsafe base[0] = version
      unsafe randombytes_buf(base + 1, nonceCount)
      var length: UInt64 = 0
      _ = unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
        base + 1 + nonceCount, &length, plain.unsignedChars, UInt64(plain.count),
        context.associated, UInt64(context.associated.count), nil, base + 1,
        key.unsignedChars)
      filled = 1 + nonceCount + Int(length)
    }
  }

  /// Opens a sealed value into `sealed.count - overhead` bytes. If it returns false, nothing readable is left there.
  static func open(
    _ sealed: [UInt8], key: UnsafeRawBufferPointer, _ context: SealContext, to out: UnsafeMutableRawBufferPointer
  ) -> Bool {
    guard sealed.count >= overhead, sealed[0] == version, out.count >= sealed.count - overhead else { return false }
    return unsafe sealed.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return false }
      var length: UInt64 = 0
      return unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
        out.unsignedChars, &length, nil, base + 1 + nonceCount,
        UInt64(source.count - 1 - nonceCount), context.associated, UInt64(context.associated.count), base + 1,
        key.unsignedChars) == 0
    }
  }
}

extension Key {
  /// Seals text that is no secret by itself: a log entry, metadata, a note.
  package borrowing func seal(_ text: [UInt8], _ context: SealContext) -> [UInt8] {
    unsafe slot.withUnsafeBytes { key in
      unsafe text.withUnsafeBytes { unsafe Sealed.seal($0, key: key, context) }
    }
  }

  package borrowing func open(_ sealed: [UInt8], _ context: SealContext) throws(CryptoError) -> [UInt8] {
    guard sealed.count >= Sealed.overhead else { throw CryptoError() }
    var ok = false
    let text = unsafe [UInt8](unsafeUninitializedCapacity: sealed.count - Sealed.overhead + 1) { out, filled in
      ok = unsafe slot.withUnsafeBytes { unsafe Sealed.open(sealed, key: $0, context, to: .init(out)) }
      filled = ok ? sealed.count - Sealed.overhead : 0
    }
    guard ok else { throw CryptoError() }
    return text
  }

  /// Seals one key under another.
  package borrowing func seal<Other: KeyPurpose>(_ other: borrowing Key<Other>, _ context: SealContext) -> [UInt8] {
    unsafe slot.withUnsafeBytes { key in
      unsafe other.slot.withUnsafeBytes { unsafe Sealed.seal($0, key: key, context) }
    }
  }

  package borrowing func openKey<Other: KeyPurpose>(
    _ sealed: [UInt8], _ context: SealContext, in arena: SecureArena
  ) throws -> Key<Other> {
    guard sealed.count == Sealed.overhead + Key<Other>.count else { throw CryptoError() }
    var other = try Key<Other>(emptyIn: arena)
    let ok = unsafe slot.withUnsafeBytes { key in
      unsafe other.slot.withUnsafeMutableBytes { unsafe Sealed.open(sealed, key: key, context, to: $0) }
    }
    guard ok else { throw CryptoError() }
    return other
  }
}

extension Key where Purpose == DataPurpose {
  /// Pads and seals a secret.
  package borrowing func seal(
    secret: borrowing SecureBytes, _ context: SealContext, in arena: SecureArena
  ) throws -> [UInt8] {
    let padded = (secret.count / Sealed.block + 1) * Sealed.block
    return unsafe try arena.withScratch(count: padded) { scratch in
      unsafe secret.withUnsafeBytes { unsafe scratch.copyMemory(from: $0) }
      var length = 0
      _ = unsafe sodium_pad(
        &length, scratch.unsignedChars, secret.count, Sealed.block, padded)
      return unsafe slot.withUnsafeBytes { key in unsafe Sealed.seal(.init(scratch), key: key, context) }
    }
  }

  package borrowing func openSecret(
    _ sealed: [UInt8], _ context: SealContext, in arena: SecureArena
  ) throws -> SecureBytes {
    let padded = sealed.count - Sealed.overhead
    guard padded >= Sealed.block, padded % Sealed.block == 0 else { throw CryptoError() }
    var secret: SecureBytes?
    unsafe try arena.withScratch(count: padded) { scratch in
      let ok = unsafe slot.withUnsafeBytes { unsafe Sealed.open(sealed, key: $0, context, to: scratch) }
      var length = 0
      guard ok,
        unsafe sodium_unpad(
          &length, scratch.unsignedChars, padded, Sealed.block) == 0
      else { return }
      secret = unsafe try? SecureBytes(copyingRaw: UnsafeRawBufferPointer(rebasing: scratch[..<length]))
    }
    guard let opened = secret.take() else { throw CryptoError() }
    return opened
  }
}
