import CustodyCrypto
import CustodySecrets
import CustodyValues
import CustodyTesting
import Testing

/// A sealed value opens in its place and nowhere else.
struct SealingTests {
  let arena: SecureArena
  let vault = Identifier.random()
  let item = Identifier.random()
  init() throws { arena = try SecureArena() }

  private func context(_ purpose: SealContext.Purpose = .secret) -> SealContext {
    SealContext(purpose, vault: vault, item: item, version: 2, revision: 3)
  }

  @Test func `it opens nowhere else`() throws {
    let key = try DataKey.random(in: arena)
    let sealed = try key.seal(secret: secret("value"), context(), in: arena)
    let opened = text(try key.openSecret(sealed, context(), in: arena))
    #expect(opened == "value")
    let elsewhere = [
      context(.metadata), SealContext(.secret, vault: item, item: item, version: 2, revision: 3),
      SealContext(.secret, vault: vault, item: vault, version: 2, revision: 3),
      SealContext(.secret, vault: vault, item: item, version: 1, revision: 3),
      SealContext(.secret, vault: vault, item: item, version: 2, revision: 4),
      SealContext(.secret, vault: vault, item: item, version: 3, revision: 2),
    ]
    for place in elsewhere { #expect(throws: CryptoError.self) { _ = try key.openSecret(sealed, place, in: arena) } }
    let other = try DataKey.random(in: arena)
    #expect(throws: CryptoError.self) { _ = try other.openSecret(sealed, context(), in: arena) }
  }

  @Test func `every flipped bit, every cut and every added byte is refused`() throws {
    let key = try DataKey.random(in: arena)
    let sealed = key.seal(Array("some metadata".utf8), context(.metadata))
    for place in 0..<(sealed.count * 8) {
      var changed = sealed
      changed[place / 8] ^= 1 << UInt8(place % 8)
      #expect(throws: CryptoError.self) { _ = try key.open(changed, context(.metadata)) }
    }
    for length in 0..<sealed.count {
      #expect(throws: CryptoError.self) { _ = try key.open(Array(sealed[..<length]), context(.metadata)) }
    }
    #expect(throws: CryptoError.self) { _ = try key.open(sealed + [0], context(.metadata)) }
  }

  @Test func `secrets of 1 and of 63 bytes have sealed values of one length`() throws {
    let key = try DataKey.random(in: arena)
    let short = try key.seal(secret: secret("x"), context(), in: arena)
    let long = try key.seal(secret: secret(String(repeating: "x", count: 63)), context(), in: arena)
    let next = try key.seal(secret: secret(String(repeating: "x", count: 64)), context(), in: arena)
    #expect(short.count == long.count)
    #expect(next.count == long.count + 64)
  }

  @Test func `no nonce comes twice in 100,000 seals`() throws {
    let key = try DataKey.random(in: arena)
    var seen = Set<[UInt8]>()
    for _ in 0..<100_000 { seen.insert(Array(key.seal([], context(.reason))[1..<25])) }
    #expect(seen.count == 100_000)
  }

  @Test func `a wrapped key opens for its owner alone, and not with the top bit of their key flipped`() throws {
    let owner = try BoxKey.random(in: arena)
    let other = try BoxKey.random(in: arena)
    let key = try DataKey.random(in: arena)
    let wrapped = owner.publicKey.wrap(key)
    let back: DataKey = try owner.unwrap(wrapped, in: arena)
    #expect(back.commitment(item: item, generation: 1) == key.commitment(item: item, generation: 1))
    #expect(throws: CryptoError.self) { let _: DataKey = try other.unwrap(wrapped, in: arena) }
    var bytes = owner.publicKey.bytes.bytes
    bytes[31] ^= 0x80
    #expect(BoxPublicKey(try #require(Digest(bytes))) == nil)
  }

  @Test func `an item's two keys open nothing of each other's`() throws {
    let key = try DataKey.random(in: arena)
    let metadata = try MetadataKey.random(in: arena)
    let (details, secret) = (metadata.seal([1, 2, 3], context(.metadata)), key.seal([1, 2, 3], context(.secret)))
    #expect(throws: CryptoError.self) { _ = try key.open(details, context(.metadata)) }
    #expect(throws: CryptoError.self) { _ = try metadata.open(secret, context(.secret)) }
  }

  @Test func `commitments bind the kind of key, the item and the generation`() throws {
    let bytes = try SecureBytes(copying: [UInt8](repeating: 7, count: 32))
    let key = try DataKey(copying: bytes, in: arena)
    let metadata = try MetadataKey(copying: bytes, in: arena)
    let commitments = [
      key.commitment(item: item, generation: 1), key.commitment(item: item, generation: 2),
      key.commitment(item: vault, generation: 1), metadata.commitment(item: item, generation: 1),
      metadata.commitment(item: item, generation: 2), metadata.commitment(item: vault, generation: 1),
    ]
    #expect(Set(commitments).count == commitments.count)
    #expect(metadata.commitment(item: item, generation: 1) == commitments[3])
  }

  @Test func `a text sealed for one purpose opens for no other`() throws {
    let key = try MetadataKey.random(in: arena)
    let purposes: [SealContext.Purpose] = [.metadata, .reason, .destination, .expiry, .journal, .previousMetadataKey]
    for one in purposes {
      let sealed = key.seal([1], context(one))
      for other in purposes where other != one {
        #expect(throws: CryptoError.self) { _ = try key.open(sealed, context(other)) }
      }
      #expect(try key.open(sealed, context(one)) == [1])
    }
  }
}

/// A seed opens under its passphrase, with the costs that stand beside it.
struct SeedTests {
  let arena: SecureArena
  let vault = Identifier.random()
  let member = Identifier.random()
  init() throws { arena = try SecureArena() }

  @Test func `a seed opens with its passphrase and place, and makes the same keys`() throws {
    let lock = SeedLock.floor()
    let seed = try Seed.random(in: arena)
    let key = try lock.key(from: secret("four own words"), in: arena)
    let sealed = seed.sealed(under: key, lock, vault: vault, member: member)
    let opened = try Seed.open(sealed, under: key, lock, of: (vault, member), in: arena)
    let (before, after) = (try seed.entryKey(in: arena).publicKey, try opened.entryKey(in: arena).publicKey)
    #expect(before == after)
    let all = Set([
      before, try seed.checkpointKey(in: arena).publicKey, try seed.cosignatureKey(in: arena).publicKey,
      try seed.boxKey(in: arena).publicKey.bytes,
    ])
    #expect(all.count == 4)
    let wrong = try lock.key(from: secret("four other words"), in: arena)
    #expect(throws: CryptoError.self) { _ = try Seed.open(sealed, under: wrong, lock, of: (vault, member), in: arena) }
    #expect(throws: CryptoError.self) { _ = try Seed.open(sealed, under: key, lock, of: (vault, vault), in: arena) }
    let raised = SeedLock(passes: lock.passes + 1, memory: lock.memory, salt: lock.salt)
    #expect(throws: CryptoError.self) { _ = try Seed.open(sealed, under: key, raised, of: (vault, member), in: arena) }
    for place in [0, 31, 32, 33, sealed.count - 1] {
      var changed = sealed
      changed[place] ^= 1
      #expect(throws: CryptoError.self) { _ = try Seed.open(changed, under: key, lock, of: (vault, member), in: arena) }
    }
  }

  @Test(
    arguments: [
      (2, 64 << 20, SeedLock.Refusal.downgrade), (3, (64 << 20) - 1, .downgrade), (0, 0, .downgrade),
      (11, 64 << 20, .excessive), (3, (1 << 30) + 1, .excessive), (5, 1 << 30, .excessive),
      (UInt64.max, UInt64.max, .excessive), (3, 4_398_046_510_080, .excessive),
    ] as [(UInt64, UInt64, SeedLock.Refusal)])
  func `costs out of bounds are refused before memory is taken`(
    passes: UInt64, memory: UInt64, refusal: SeedLock.Refusal
  ) {
    let lock = SeedLock(passes: passes, memory: memory, salt: [UInt8](repeating: 0, count: 16))
    #expect(throws: refusal) { try lock.check() }
  }

  @Test func `a salt of another length is refused`() {
    let lock = SeedLock(passes: 3, memory: 64 << 20, salt: [1, 2, 3])
    #expect(throws: SeedLock.Refusal.malformed) { try lock.check() }
  }
}

struct EncodingTests {
  @Test(arguments: ["", "QQ==", "QUI=", "QUJD", "AAAA"]) func `base64 that is canonical comes back`(text: String) throws
  {
    let decoded = try #require(Base64.decode(Array(text.utf8)))
    #expect(Base64.encode(decoded) == Array(text.utf8))
  }

  @Test(arguments: ["QR==", "QQ", "QQ=", "QQ===", "QUJ=", "Q Q=", "QQ==\n", "QU-_", "QUJDé"])
  func `base64 that is not canonical is refused`(text: String) { #expect(Base64.decode(Array(text.utf8)) == nil) }

  @Test func `the quick look at a digest's text agrees with decoding it`() {
    for _ in 0..<200 {
      var text = Base64.encode(Sodium.randomBytes(32))
      #expect(Base64.isDigest(text[...]) && Base64.digest(text[...]) != nil)
      text[Int.random(in: 0..<44)] = UInt8.random(in: 0...255)
      #expect(Base64.isDigest(text[...]) == (Base64.digest(text[...]) != nil))
    }
  }

  @Test func `base32 has the answers of RFC 4648, in lower case and unpadded`() {
    let answers = [
      "": "", "f": "my", "fo": "mzxq", "foo": "mzxw6", "foob": "mzxw6yq", "fooba": "mzxw6ytb", "foobar": "mzxw6ytboi",
    ]
    for (plain, encoded) in answers { #expect(Base32.encode(Array(plain.utf8)) == Array(encoded.utf8)) }
  }

  @Test func `PAE has the answers of PASETO's specification`() {
    #expect(PreAuthentication([]).bytes == [0, 0, 0, 0, 0, 0, 0, 0])
    #expect(PreAuthentication([[]]).bytes == [1] + [UInt8](repeating: 0, count: 15))
    #expect(
      PreAuthentication([Array("test".utf8)]).bytes
        == [1, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0] + Array("test".utf8))
  }

  @Test func `IDs and digests come back from bytes and from hex`() throws {
    let id = Identifier.random()
    #expect(Identifier(id.bytes) == id)
    #expect(Identifier(hex: id.hex) == id)
    #expect(Identifier(hex: id.hex.uppercased()) == nil || id.hex.uppercased() == id.hex)
    #expect(Identifier(hex: String(id.hex.dropLast())) == nil)
    let digest = SHA256.hash([1, 2, 3])
    #expect(Digest(digest.bytes) == digest)
    #expect(Digest(digest.bytes[...]) == digest)
    #expect(Digest(Array(digest.bytes.dropLast())) == nil)
  }
}
