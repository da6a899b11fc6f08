internal import CSodium
package import CustodySecrets
package import CustodyValues

/// A key's purpose. Keys of different purpose are different types and can't be mixed up.
package protocol KeyPurpose {}
package enum DataPurpose: KeyPurpose {}
package enum MetadataPurpose: KeyPurpose {}
package enum VaultPurpose: KeyPurpose {}
package enum IndexPurpose: KeyPurpose {}
package enum SeedPurpose: KeyPurpose {}
package enum KeyFilePurpose: KeyPurpose {}

/// Seals an item's secret.
package typealias DataKey = Key<DataPurpose>
/// Seals an item's names and details.
package typealias MetadataKey = Key<MetadataPurpose>
/// Seals the log.
package typealias VaultKey = Key<VaultPurpose>
/// Makes the tags by which items are found.
package typealias IndexKey = Key<IndexPurpose>
/// Opens a seed. Derived from a passphrase, a key file or both.
package typealias KeyEncryptionKey = Key<SeedPurpose>
/// The key in a key file.
package typealias KeyFileKey = Key<KeyFilePurpose>

/// 32 secret bytes with a purpose, in an arena, wiped at the end of their owner.
package struct Key<Purpose: KeyPurpose>: ~Copyable {
  package static var count: Int { 32 }
  var slot: SecureSlot

  init(slot: consuming SecureSlot) { self.slot = slot }

  init(emptyIn arena: SecureArena) throws(SecureMemoryError) {
    slot = try SecureSlot(count: Self.count, in: arena)
  }

  package static func random(in arena: SecureArena) throws(SecureMemoryError) -> Key {
    var key = try Key(emptyIn: arena)
    unsafe key.slot.withUnsafeMutableBytes { bytes in
      if let base = bytes.baseAddress { unsafe randombytes_buf(base, bytes.count) }
    }
    return key
  }

  /// Takes a key that the agent unwrapped.
  package init(copying bytes: borrowing SecureBytes, in arena: SecureArena) throws {
    slot = try SecureSlot(copying: bytes, count: Self.count, in: arena)
  }

  package borrowing func copy() throws(SecureMemoryError) -> SecureBytes { try slot.copy() }

  package borrowing func copy(in arena: SecureArena) throws(SecureMemoryError) -> Key {
    var key = try Key(emptyIn: arena)
    unsafe slot.withUnsafeBytes { mine in
      unsafe key.slot.withUnsafeMutableBytes { unsafe $0.copyMemory(from: mine) }
    }
    return key
  }

  /// BLAKE2b-256 of a message, keyed with this key. The result is public and tells nothing of the key.
  borrowing func digest(_ message: PreAuthentication) -> Digest {
    unsafe slot.withUnsafeBytes { unsafe KeyedHash.digest(message.bytes, key: $0) }
  }

  /// Derives another key. The derived key tells nothing of this one.
  borrowing func derived<Other: KeyPurpose>(
    _ label: String, in arena: SecureArena
  ) throws(SecureMemoryError) -> Key<Other> {
    var other = try Key<Other>(emptyIn: arena)
    let message = PreAuthentication([Array(label.utf8)])
    unsafe slot.withUnsafeBytes { mine in
      unsafe other.slot.withUnsafeMutableBytes { unsafe KeyedHash.write(message.bytes, key: mine, to: $0) }
    }
    return other
  }
}

extension Key where Purpose == DataPurpose {
  /// Commits to this data key. XChaCha20-Poly1305 does not commit to its key, so one sealed value could open to two
  /// texts under two keys. The entry that makes a data key names its commitment, and every reader compares.
  package borrowing func commitment(item: Identifier, generation: UInt64) -> Digest {
    commitment("custody/v1/data-key-commitment", item, generation)
  }
}

extension Key where Purpose == MetadataPurpose {
  /// Commits to this metadata key, like a data key's commitment.
  package borrowing func commitment(item: Identifier, generation: UInt64) -> Digest {
    commitment("custody/v1/metadata-key-commitment", item, generation)
  }
}

extension Key {
  fileprivate borrowing func commitment(_ label: String, _ item: Identifier, _ generation: UInt64) -> Digest {
    var message = PreAuthentication(count: 3)
    message.add(label.utf8)
    message.add(item)
    message.add(generation)
    return digest(message)
  }
}

extension Key where Purpose == KeyFilePurpose {
  /// Combines this key with one of a passphrase. It hashes 32 bytes where `key(salt:)` hashes more, so the two never
  /// give the same key.
  borrowing func mixed(
    with other: borrowing KeyEncryptionKey, in arena: SecureArena
  ) throws(SecureMemoryError) -> KeyEncryptionKey {
    var mixed = try KeyEncryptionKey(emptyIn: arena)
    unsafe slot.withUnsafeBytes { mine in
      unsafe other.slot.withUnsafeBytes { other in
        unsafe mixed.slot.withUnsafeMutableBytes { unsafe KeyedHash.write(other, key: mine, to: $0) }
      }
    }
    return mixed
  }

  borrowing func key(salt: [UInt8], in arena: SecureArena) throws(SecureMemoryError) -> KeyEncryptionKey {
    var key = try KeyEncryptionKey(emptyIn: arena)
    let message = PreAuthentication([Array("custody/v1/key-file".utf8), salt])
    unsafe slot.withUnsafeBytes { mine in
      unsafe key.slot.withUnsafeMutableBytes { unsafe KeyedHash.write(message.bytes, key: mine, to: $0) }
    }
    return key
  }
}

extension Key where Purpose == VaultPurpose {
  package borrowing func indexKey(in arena: SecureArena) throws(SecureMemoryError) -> IndexKey {
    try derived("custody/v1/index-key", in: arena)
  }
}

extension Key where Purpose == IndexPurpose {
  package borrowing func tag(kind: String, name: String) -> Digest {
    var message = PreAuthentication(count: 3)
    message.add("custody/v1/tag".utf8)
    message.add(kind.utf8)
    message.add(name.utf8)
    return digest(message)
  }
}

extension SecureSlot {
  init(copying bytes: borrowing SecureBytes, count: Int, in arena: SecureArena) throws {
    guard bytes.count == count else { throw CryptoError() }
    try self.init(count: count, in: arena)
    unsafe bytes.withUnsafeBytes { source in unsafe withUnsafeMutableBytes { unsafe $0.copyMemory(from: source) } }
  }

  borrowing func copy() throws(SecureMemoryError) -> SecureBytes {
    try unsafe withUnsafeBytes { bytes throws(SecureMemoryError) in try unsafe SecureBytes(copyingRaw: bytes) }
  }
}
