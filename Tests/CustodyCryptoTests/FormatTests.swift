import CSodium
import CustodyCrypto
import CustodySecrets
import CustodyValues
import CustodyTesting
import Testing

/// docs/FORMAT.md done again with bare libsodium: what our types make, a second implementation opens, and the reverse.
struct FormatTests {
  let arena: SecureArena
  let vault = Identifier.random()
  let item = Identifier.random()
  let raw = Sodium.randomBytes(32)
  init() throws { arena = try SecureArena() }

  /// A key of known bytes: only a sealed box brings one in.
  private func key<Purpose: KeyPurpose>(_ bytes: [UInt8]) throws -> Key<Purpose> {
    let owner = try BoxKey.random(in: arena)
    return try owner.unwrap(owner.publicKey.seal(bytes), in: arena)
  }

  private static func little(_ number: Int) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  private static func pae(_ pieces: [UInt8]...) -> [UInt8] {
    little(pieces.count) + pieces.flatMap { little($0.count) + $0 }
  }

  private static func blake(_ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: 32)
    crypto_generichash(&out, 32, message, UInt64(message.count), key, key.count)
    return out
  }

  private static func seal(_ plain: [UInt8], key: [UInt8], nonce: [UInt8], _ associated: [UInt8]) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: plain.count + 16)
    crypto_aead_xchacha20poly1305_ietf_encrypt(
      &out, nil, plain, UInt64(plain.count), associated, UInt64(associated.count), nil, nonce, key)
    return [1] + nonce + out
  }

  private static func open(_ sealed: [UInt8], key: [UInt8], _ associated: [UInt8]) -> [UInt8]? {
    var out = [UInt8](repeating: 0, count: sealed.count - 41)
    let (nonce, box) = (Array(sealed[1..<25]), Array(sealed[25...]))
    let result = crypto_aead_xchacha20poly1305_ietf_decrypt(
      &out, nil, nil, box, UInt64(box.count), associated, UInt64(associated.count), nonce, key)
    return result == 0 && sealed[0] == 1 ? out : nil
  }

  private func associated(_ label: String, _ version: Int, _ revision: Int) -> [UInt8] {
    Self.pae(Array(label.utf8), vault.bytes, item.bytes, Self.little(version), Self.little(revision))
  }

  @Test func `a secret is padded and sealed as the paper says, at every length around a block`() throws {
    let data: DataKey = try key(raw)
    let context = SealContext(.secret, vault: vault, item: item, version: 2, revision: 3)
    let place = associated("custody/v1/secret", 2, 3)
    for length in [1, 2, 63, 64, 65, 127, 128, 1200] {
      let plain = String(repeating: "s", count: length)
      let padded = Array(plain.utf8) + [0x80] + [UInt8](repeating: 0, count: 63 - length % 64)
      let sealed = try data.seal(secret: secret(plain), context, in: arena)
      #expect(Self.open(sealed, key: raw, place) == padded)
      let theirs = Self.seal(padded, key: raw, nonce: Sodium.randomBytes(24), place)
      let opened = text(try data.openSecret(theirs, context, in: arena))
      #expect(opened == plain)
    }
  }

  @Test func `a secret whose padding is none is refused, though its seal holds`() throws {
    let data: DataKey = try key(raw)
    let context = SealContext(.secret, vault: vault, item: item, version: 2, revision: 3)
    let place = associated("custody/v1/secret", 2, 3)
    let marked = [UInt8](repeating: 0, count: 63) + [0x80]
    for plain in [[], [0x80], marked.dropLast(), marked + [0], [UInt8](repeating: 0, count: 64), Array("s".utf8)]
      as [[UInt8]]
    {
      let sealed = Self.seal(Array(plain), key: raw, nonce: Sodium.randomBytes(24), place)
      #expect(throws: CryptoError.self) { _ = try data.openSecret(sealed, context, in: arena) }
    }
  }

  @Test(
    arguments: [
      (.metadata, "custody/v1/metadata"), (.reason, "custody/v1/reason"), (.entry, "custody/v1/log-entry"),
      (.destination, "custody/v1/destination"), (.expiry, "custody/v1/expiry"),
      (.journal, "custody/v1/exchange-journal"),
      (.previousMetadataKey, "custody/v1/previous-metadata-key"), (.seed, "custody/v1/seed"),
    ] as [(SealContext.Purpose, String)])
  func `each purpose has its label`(purpose: SealContext.Purpose, label: String) throws {
    let metadata: MetadataKey = try key(raw)
    let plain = Array("{\"v\":1}".utf8)
    let sealed = metadata.seal(plain, SealContext(purpose, vault: vault, item: item, version: 1, revision: 9))
    #expect(Self.open(sealed, key: raw, associated(label, 1, 9)) == plain)
    #expect(Self.open(sealed, key: raw, associated("custody/v1/secret", 1, 9)) == nil)
  }

  @Test func `a sealed value of another version is refused, though all else holds`() throws {
    let metadata: MetadataKey = try key(raw)
    let context = SealContext(.metadata, vault: vault, item: item, version: 1, revision: 1)
    var sealed = metadata.seal([1], context)
    for version in [0, 2, 0xff] as [UInt8] {
      sealed[0] = version
      #expect(throws: CryptoError.self) { _ = try metadata.open(sealed, context) }
    }
  }

  @Test func `commitments, index key and tag are the paper's`() throws {
    let data: DataKey = try key(raw)
    let label = Array("custody/v1/data-key-commitment".utf8)
    #expect(
      data.commitment(item: item, generation: 7).bytes
        == Self.blake(raw, Self.pae(label, item.bytes, Self.little(7))))
    let metadata: MetadataKey = try key(raw)
    let other = Array("custody/v1/metadata-key-commitment".utf8)
    #expect(
      metadata.commitment(item: item, generation: 7).bytes
        == Self.blake(raw, Self.pae(other, item.bytes, Self.little(7))))
    let vaultKey: VaultKey = try key(raw)
    let index = Self.blake(raw, Self.pae(Array("custody/v1/index-key".utf8)))
    let name = "contoso/crm-sync"
    #expect(
      try vaultKey.indexKey(in: arena).tag(kind: "token", name: name).bytes
        == Self.blake(index, Self.pae(Array("custody/v1/tag".utf8), Array("token".utf8), Array(name.utf8))))
  }

  @Test func `the keys of one forged ciphertext have commitments that differ`() throws {
    let file = try #require(try Vectors.json("derived/xchacha20poly1305_two_keys") as? [String: Any])
    let keys = try #require(file["opens_under"] as? [[String: Any]]).map { $0.hex("key") }
    let one: DataKey = try key(try #require(keys.first))
    let other: DataKey = try key(try #require(keys.last))
    #expect(keys.first != keys.last)
    #expect(one.commitment(item: item, generation: 1) != other.commitment(item: item, generation: 1))
  }

  @Test func `a seed that was sealed by hand opens, and makes the paper's four pairs`() throws {
    let (seed, member) = (Sodium.randomBytes(32), Identifier.random())
    let lock = SeedLock.floor()
    let row = Self.pae(member.bytes, Self.little(3), Self.little(64 << 20), lock.salt)
    let place = Self.pae(Array("custody/v1/seed".utf8), vault.bytes, row, Self.little(0), Self.little(0))
    let commitment = Self.blake(raw, Self.pae(Array("custody/v1/passphrase-commitment".utf8), place))
    let sealed = commitment + Self.seal(seed, key: raw, nonce: Sodium.randomBytes(24), place)
    #expect(sealed.count == 105)
    let opened = try Seed.open(sealed, under: try key(raw), lock, of: (vault, member), in: arena)
    func part(_ id: UInt64) -> [UInt8] {
      var out = [UInt8](repeating: 0, count: 32)
      crypto_kdf_derive_from_key(&out, 32, id, "CUSTODY1", seed)
      return out
    }
    func signing(_ id: UInt64) -> [UInt8] {
      var (publicKey, secretKey) = ([UInt8](repeating: 0, count: 32), [UInt8](repeating: 0, count: 64))
      crypto_sign_seed_keypair(&publicKey, &secretKey, part(id))
      return publicKey
    }
    var (publicKey, secretKey) = ([UInt8](repeating: 0, count: 32), [UInt8](repeating: 0, count: 32))
    crypto_box_seed_keypair(&publicKey, &secretKey, part(1))
    #expect(try opened.boxKey(in: arena).publicKey.bytes.bytes == publicKey)
    #expect(try opened.entryKey(in: arena).publicKey.bytes == signing(2))
    #expect(try opened.checkpointKey(in: arena).publicKey.bytes == signing(3))
    #expect(try opened.cosignatureKey(in: arena).publicKey.bytes == signing(4))
  }

  @Test func `a passphrase is stretched as libsodium does it`() throws {
    let lock = SeedLock.floor()
    var stretched = [UInt8](repeating: 0, count: 32)
    let phrase = Array("four own words".utf8).map { CChar(bitPattern: $0) }
    crypto_pwhash(
      &stretched, 32, phrase, UInt64(phrase.count), lock.salt, 3, 64 << 20, Int32(crypto_pwhash_ALG_ARGON2ID13))
    let ours = try lock.key(from: secret("four own words"), in: arena)
    let sealed = ours.seal([1, 2], SealContext(.seed, vault: vault, item: item))
    #expect(Self.open(sealed, key: stretched, associated("custody/v1/seed", 0, 0)) == [1, 2])
  }
}
