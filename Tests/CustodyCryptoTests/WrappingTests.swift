import CustodyCrypto
import CustodySecrets
import CustodyValues
import CustodyTesting
import Testing

/// Keys sealed to people and under other keys.
struct WrappingTests {
  let arena: SecureArena
  let vault = Identifier.random()
  let item = Identifier.random()
  init() throws { arena = try SecureArena() }

  @Test func `every flipped bit, every cut and every added byte of a wrapped key is refused`() throws {
    let owner = try BoxKey.random(in: arena)
    let wrapped = owner.publicKey.wrap(try DataKey.random(in: arena))
    #expect(wrapped.count == 80)
    // The top bit of the ephemeral key is not read by X25519, but the nonce is made of all its bits.
    for place in 0..<(wrapped.count * 8) {
      var changed = wrapped
      changed[place / 8] ^= 1 << UInt8(place % 8)
      #expect(throws: CryptoError.self, "bit \(place)") { let _: DataKey = try owner.unwrap(changed, in: arena) }
    }
    for length in 0..<wrapped.count {
      #expect(throws: CryptoError.self) { let _: DataKey = try owner.unwrap(Array(wrapped[..<length]), in: arena) }
    }
    #expect(throws: CryptoError.self) { let _: DataKey = try owner.unwrap(wrapped + [0], in: arena) }
  }

  @Test(arguments: [0, 31, 33, 64]) func `a box with more or less than a key in it is no wrapped key`(count: Int) throws
  {
    let owner = try BoxKey.random(in: arena)
    let sealed = owner.publicKey.seal([UInt8](repeating: 7, count: count))
    #expect(try owner.open(sealed) == [UInt8](repeating: 7, count: count))
    #expect(throws: CryptoError.self) { let _: DataKey = try owner.unwrap(sealed, in: arena) }
  }

  @Test func `a box's every flipped bit and every cut is refused, and another's key does not open it`() throws {
    let owner = try BoxKey.random(in: arena)
    let other = try BoxKey.random(in: arena)
    let sealed = owner.publicKey.seal(Array("a request".utf8))
    for place in 0..<(sealed.count * 8) {
      var changed = sealed
      changed[place / 8] ^= 1 << UInt8(place % 8)
      #expect(throws: CryptoError.self) { _ = try owner.open(changed) }
    }
    for length in 0..<sealed.count {
      #expect(throws: CryptoError.self) { _ = try owner.open(Array(sealed[..<length])) }
    }
    #expect(throws: CryptoError.self) { _ = try other.open(sealed) }
  }

  @Test func `the audit key comes only with the public half that the log has`() throws {
    let member = try BoxKey.random(in: arena)
    let audit = try BoxKey.random(in: arena)
    let other = try BoxKey.random(in: arena)
    let wrapped = member.publicKey.wrap(audit)
    let back = try member.unwrap(wrapped, expecting: audit.publicKey, in: arena)
    #expect(try back.open(audit.publicKey.seal([9])) == [9])
    #expect(throws: CryptoError.self) { _ = try member.unwrap(wrapped, expecting: other.publicKey, in: arena) }
  }

  @Test func `a key under a key opens in its place alone`() throws {
    let newer = try MetadataKey.random(in: arena)
    let older = try MetadataKey.random(in: arena)
    let place = SealContext(.previousMetadataKey, vault: vault, item: item, version: 2)
    let sealed = newer.seal(older, place)
    let back: MetadataKey = try newer.openKey(sealed, place, in: arena)
    let context = SealContext(.metadata, vault: vault, item: item)
    #expect(try back.open(older.seal([4], context), context) == [4])
    let elsewhere = SealContext(.previousMetadataKey, vault: vault, item: item, version: 3)
    #expect(throws: CryptoError.self) { let _: MetadataKey = try newer.openKey(sealed, elsewhere, in: arena) }
    #expect(throws: CryptoError.self) { let _: MetadataKey = try older.openKey(sealed, place, in: arena) }
    let short = newer.seal([UInt8](repeating: 1, count: 31), place)
    #expect(throws: CryptoError.self) { let _: MetadataKey = try newer.openKey(short, place, in: arena) }
  }

  @Test func `signatures of one seed's keys do not pass for each other's`() throws {
    let seed = try Seed.random(in: arena)
    let message = Array("text".utf8)
    let signature = try seed.entryKey(in: arena).sign(message)
    #expect(Signature.verify(signature, message, key: try seed.entryKey(in: arena).publicKey))
    #expect(!Signature.verify(signature, message, key: try seed.checkpointKey(in: arena).publicKey))
    #expect(!Signature.verify(signature, message, key: try seed.cosignatureKey(in: arena).publicKey))
    for length in [0, 63, 65] {
      let other = Array((signature + [0]).prefix(length))
      #expect(!Signature.verify(other, message, key: try seed.entryKey(in: arena).publicKey))
    }
    for place in 0..<512 {
      var changed = signature
      changed[place / 8] ^= 1 << UInt8(place % 8)
      #expect(!Signature.verify(changed, message, key: try seed.entryKey(in: arena).publicKey))
    }
  }

  @Test(arguments: [(3, 64), (3, 1024), (4, 1024), (10, 64), (10, 409)] as [(UInt64, UInt64)])
  func `costs within bounds are taken`(passes: UInt64, mebibytes: UInt64) {
    let lock = SeedLock(passes: passes, memory: mebibytes << 20, salt: [UInt8](repeating: 0, count: 16))
    #expect(throws: Never.self) { try lock.check() }
  }
}
