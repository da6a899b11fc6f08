internal import CSodium
package import CustodyMemory

/// How a passphrase becomes a key: Argon2id with these costs. Stored beside the seed and authenticated with it.
package struct PassphraseCost: Equatable, Sendable {
  package static let saltCount = 16
  package var passes: UInt64
  package var memory: UInt64
  package var salt: [UInt8]

  package init(passes: UInt64, memory: UInt64, salt: [UInt8]) {
    (self.passes, self.memory, self.salt) = (passes, memory, salt)
  }

  /// libsodium's MODERATE: 3 passes over 256 MiB, about half a second. Every new seal takes it and a new salt.
  package static func standard() -> PassphraseCost {
    PassphraseCost(passes: 3, memory: 256 << 20, salt: Sodium.randomBytes(saltCount))
  }

  /// The least that is opened: cheaper ones are for tests, and from a hostile file they are a downgrade.
  package static func floor() -> PassphraseCost {
    PassphraseCost(passes: 3, memory: 64 << 20, salt: Sodium.randomBytes(saltCount))
  }

  package enum Refusal: Error, Equatable {
    case downgrade, excessive, malformed, outOfMemory(mebibytes: UInt64)
  }

  /// Before anything is allocated: whoever can write the file chooses these numbers.
  package func check() throws(Refusal) {
    guard salt.count == Self.saltCount else { throw .malformed }
    guard passes >= 3, memory >= 64 << 20 else { throw .downgrade }
    guard passes <= 10, memory <= 1 << 30, passes * (memory >> 20) <= 4096 else { throw .excessive }
  }

  package func key(
    from passphrase: borrowing SecureBytes, in arena: SecureArena
  ) throws -> KeyEncryptionKey {
    try check()
    var key = try KeyEncryptionKey(emptyIn: arena)
    let result = unsafe passphrase.withUnsafeBytes { phrase in
      unsafe key.slot.withUnsafeMutableBytes { out in
        unsafe crypto_pwhash(
          out.octets, UInt64(out.count),
          UnsafeRawPointer(phrase.octets).assumingMemoryBound(to: CChar.self), UInt64(phrase.count), salt, passes,
          Int(memory), Int32(crypto_pwhash_ALG_ARGON2ID13))
      }
    }
    guard result == 0 else { throw Refusal.outOfMemory(mebibytes: memory >> 20) }
    return key
  }
}
