internal import CSodium
package import CustodySecrets
package import CustodyValues

/// The 32 secret bytes of an identity. All its keys derive from them.
package struct Seed: ~Copyable {
  private var slot: SecureSlot

  private init(emptyIn arena: SecureArena) throws(SecureMemoryError) {
    slot = try SecureSlot(count: Int(crypto_kdf_KEYBYTES), in: arena)
  }

  package static func random(in arena: SecureArena) throws(SecureMemoryError) -> Seed {
    var seed = try Seed(emptyIn: arena)
    unsafe seed.slot.withUnsafeMutableBytes {
      unsafe crypto_kdf_keygen($0.unsignedChars)
    }
    return seed
  }

  /// Copies a seed that another process of the same owner sent, in guarded memory at both ends.
  package init(copying bytes: borrowing SecureBytes, in arena: SecureArena) throws {
    slot = try SecureSlot(copying: bytes, count: Int(crypto_kdf_KEYBYTES), in: arena)
  }

  package borrowing func copy() throws(SecureMemoryError) -> SecureBytes { try slot.copy() }

  private enum Use: UInt64 { case box = 1, entries, checkpoints, cosignatures }

  package borrowing func boxKey(in arena: SecureArena) throws -> BoxKey {
    let part = try derive(.box, in: arena)
    return try unsafe part.withUnsafeBytes { bytes in try unsafe BoxKey(seed: bytes, in: arena) }
  }

  package borrowing func entryKey(in arena: SecureArena) throws -> SigningKey { try signingKey(.entries, in: arena) }

  package borrowing func checkpointKey(in arena: SecureArena) throws -> SigningKey {
    try signingKey(.checkpoints, in: arena)
  }

  package borrowing func cosignatureKey(in arena: SecureArena) throws -> SigningKey {
    try signingKey(.cosignatures, in: arena)
  }

  private borrowing func signingKey(_ use: Use, in arena: SecureArena) throws -> SigningKey {
    let part = try derive(use, in: arena)
    return try unsafe part.withUnsafeBytes { bytes in try unsafe SigningKey(seed: bytes, in: arena) }
  }

  private borrowing func derive(_ use: Use, in arena: SecureArena) throws(SecureMemoryError) -> SecureSlot {
    var part = try SecureSlot(count: 32, in: arena)
    unsafe slot.withUnsafeBytes { seed in
      unsafe part.withUnsafeMutableBytes { out in
        _ = unsafe crypto_kdf_derive_from_key(
          out.unsignedChars, out.count, use.rawValue, "CUSTODY1",
          seed.unsignedChars)
      }
    }
    return part
  }

  /// Seals the seed: the key's commitment, then the sealed bytes. The commitment is compared before opening, so that
  /// nobody can make a box that opens under many passphrases and tells by opening which of them it was.
  package borrowing func sealed(
    under key: borrowing KeyEncryptionKey, _ lock: SeedLock, vault: Identifier, member: Identifier
  ) -> [UInt8] {
    let context = Self.context(lock, vault: vault, member: member)
    let box = unsafe key.slot.withUnsafeBytes { key in
      unsafe slot.withUnsafeBytes { unsafe Sealed.seal($0, key: key, context) }
    }
    return Self.commitment(key, context).bytes + box
  }

  package static func open(
    _ sealed: [UInt8], under key: borrowing KeyEncryptionKey, _ lock: SeedLock,
    of member: (vault: Identifier, id: Identifier), in arena: SecureArena
  ) throws -> Seed {
    let context = context(lock, vault: member.vault, member: member.id)
    guard sealed.count == Digest.count + Sealed.overhead + Int(crypto_kdf_KEYBYTES),
      sodiumEqual(commitment(key, context).bytes, Array(sealed[..<Digest.count]))
    else { throw CryptoError() }
    var seed = try Seed(emptyIn: arena)
    let ok = unsafe key.slot.withUnsafeBytes { key in
      unsafe seed.slot.withUnsafeMutableBytes {
        unsafe Sealed.open(Array(sealed[Digest.count...]), key: key, context, to: $0)
      }
    }
    guard ok else { throw CryptoError() }
    return seed
  }

  /// The context of a sealed seed: its row is the member, the costs and the salt. The choice of passphrase and key
  /// file is bound by the key.
  private static func context(_ lock: SeedLock, vault: Identifier, member: Identifier) -> SealContext {
    var row = PreAuthentication(count: 4)
    row.add(member)
    row.add(lock.passes)
    row.add(lock.memory)
    row.add(lock.salt)
    return SealContext(.seed, vault: vault, row: row.bytes)
  }

  private static func commitment(_ key: borrowing KeyEncryptionKey, _ context: SealContext) -> Digest {
    key.digest(PreAuthentication([Array("custody/v1/passphrase-commitment".utf8), context.associated]))
  }

  private static func sodiumEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    unsafe one.count == other.count && sodium_memcmp(one, other, one.count) == 0
  }
}
