internal import CSodium
package import CustodySecrets
internal import CustodyValues

/// The factors that open a seed. The raw value is stored in the seed's row.
package enum SeedFactors: UInt64, Sendable {
  case passphrase = 0
  case passphraseAndKeyFile = 1
  /// A key file alone, for a machine.
  case keyFile = 2

  package var includesPassphrase: Bool { self != .keyFile }
  package var includesKeyFile: Bool { self != .passphrase }
}

/// The way from a passphrase, a key file or both to the key of a seed. Stored beside the seed and authenticated with
/// it.
package struct SeedLock: Equatable, Sendable {
  package static let saltCount = 16
  package let factors: SeedFactors
  /// Argon2id's passes, and its memory in bytes. Both are 0 without a passphrase.
  package let passes: UInt64
  package let memory: UInt64
  package let salt: [UInt8]

  package init(_ factors: SeedFactors = .passphrase, passes: UInt64, memory: UInt64, salt: [UInt8]) {
    (self.factors, self.passes, self.memory, self.salt) = (factors, passes, memory, salt)
  }

  /// libsodium's MODERATE: 3 passes over 256 MiB, about half a second. Every new seal takes it, with a new salt.
  package static func standard(_ factors: SeedFactors = .passphrase) -> SeedLock { new(factors, mebibytes: 256) }

  /// The least cost that is accepted: 64 MiB. It is meant for tests; a file with a lower one is refused as a
  /// downgrade.
  package static func floor(_ factors: SeedFactors = .passphrase) -> SeedLock { new(factors, mebibytes: 64) }

  private static func new(_ factors: SeedFactors, mebibytes: UInt64) -> SeedLock {
    let salt = Sodium.randomBytes(saltCount)
    guard factors.includesPassphrase else { return SeedLock(factors, passes: 0, memory: 0, salt: salt) }
    return SeedLock(factors, passes: 3, memory: mebibytes << 20, salt: salt)
  }

  package enum Refusal: Error, Equatable {
    case downgrade, excessive, malformed, outOfMemory(mebibytes: UInt64)
  }

  /// Checks the costs before any memory is allocated for them, since anyone who can write the file chooses these
  /// numbers.
  package func check() throws(Refusal) {
    guard salt.count == Self.saltCount else { throw .malformed }
    guard factors.includesPassphrase else {
      guard passes == 0, memory == 0 else { throw .malformed }
      return
    }
    guard passes >= 3, memory >= 64 << 20 else { throw .downgrade }
    guard passes <= 10, memory <= 1 << 30, passes * (memory >> 20) <= 4096 else { throw .excessive }
  }

  package func key(
    from passphrase: borrowing SecureBytes, in arena: SecureArena
  ) throws -> KeyEncryptionKey {
    guard factors == .passphrase else { throw CryptoError() }
    return try stretched(passphrase, in: arena)
  }

  /// The key of a passphrase and a key file: BLAKE2b, keyed with the key file, of Argon2id's output.
  package func key(
    from passphrase: borrowing SecureBytes, and keyFile: borrowing KeyFileKey, in arena: SecureArena
  ) throws -> KeyEncryptionKey {
    guard factors == .passphraseAndKeyFile else { throw CryptoError() }
    return try keyFile.mixed(with: stretched(passphrase, in: arena), in: arena)
  }

  /// The key of a key file alone. Its 32 random bytes need no stretching.
  package func key(from keyFile: borrowing KeyFileKey, in arena: SecureArena) throws -> KeyEncryptionKey {
    try check()
    guard factors == .keyFile else { throw CryptoError() }
    return try keyFile.key(salt: salt, in: arena)
  }

  private func stretched(_ passphrase: borrowing SecureBytes, in arena: SecureArena) throws -> KeyEncryptionKey {
    try check()
    var key = try KeyEncryptionKey(emptyIn: arena)
    let result = unsafe passphrase.withUnsafeBytes { phrase in
      unsafe key.slot.withUnsafeMutableBytes { out in
        unsafe crypto_pwhash(
          out.unsignedChars, UInt64(out.count),
          UnsafeRawPointer(phrase.unsignedChars).assumingMemoryBound(to: CChar.self), UInt64(phrase.count), salt,
          passes,
          Int(memory), Int32(crypto_pwhash_ALG_ARGON2ID13))
      }
    }
    guard result == 0 else { throw Refusal.outOfMemory(mebibytes: memory >> 20) }
    return key
  }
}
