import CSodium
import CustodyCrypto
import CustodySecrets
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// Vectors that nobody here wrote, each with its expected verdict.
struct VectorTests {
  private func digest(_ bytes: [UInt8]) -> Digest? { Digest(bytes) }

  @Test func `Ed25519: Wycheproof, 151 verdicts`() throws {
    let cases = try Vectors.wycheproof("ed25519_test")
    #expect(cases.count == 151)
    for (group, test) in cases {
      let key = try #require(digest((group["publicKey"] as? [String: Any])?.hex("pk") ?? []))
      let holds = Signature.verify(test.hex("sig"), test.hex("msg"), key: key)
      #expect(holds == (test.text("result") == "valid"), "tcId \(test["tcId"] ?? "")")
    }
  }

  @Test func `Ed25519: libsodium's 1,024 key pairs and signatures`() throws {
    let cases: [[String]] = try Vectors.list("libsodium/ed25519_sign_1024")
    #expect(cases.count == 1024)
    for vector in cases {
      let (seed, key, signature, message) = (unhex(vector[0]), unhex(vector[1]), unhex(vector[2]), unhex(vector[3]))
      var (publicKey, secretKey) = ([UInt8](repeating: 0, count: 32), [UInt8](repeating: 0, count: 64))
      crypto_sign_seed_keypair(&publicKey, &secretKey, seed)
      #expect(publicKey == key)
      #expect(Signature.verify(Array(signature.prefix(64)), message, key: try #require(digest(key))))
      #expect(!Signature.verify(Array(signature.prefix(64)), message + [0], key: try #require(digest(key))))
    }
  }

  @Test func `Ed25519: of 914 CCTV edge cases 43 are accepted, and no key with a low-order part is enrolled`() throws {
    let cases = try #require(try Vectors.json("cctv/ed25519vectors") as? [[String: Any]])
    var (accepted, refusedKeys) = (0, 0)
    for vector in cases {
      let key = try #require(digest(vector.hex("key")))
      if Signature.verify(vector.hex("sig"), Array(vector.text("msg").utf8), key: key) { accepted += 1 }
      let flags = vector["flags"] as? [String] ?? []
      if flags.contains(where: { ["low_order_A", "low_order_component_A", "non_canonical_A"].contains($0) }) {
        #expect(!Signature.isValidKey(key), "\(vector["number"] ?? "")")
        refusedKeys += 1
      }
    }
    #expect(cases.count == 914)
    #expect(accepted == 43)
    #expect(refusedKeys > 700)
    #expect(Sodium.refusesMixedOrderKeys)
  }

  @Test func `Ed25519: what a later libsodium takes as well is refused by the point in it, and no honest one is`()
    throws
  {
    let cases = try #require(try Vectors.json("cctv/ed25519vectors") as? [[String: Any]])
    var refused = 0
    for vector in cases where Signature.isValidKey(try #require(digest(vector.hex("key")))) {
      let flags = Set(vector["flags"] as? [String] ?? [])
      // Times eight all of these hold; by the equation itself only what has no residue.
      guard flags.contains("low_order_component_R") || flags.contains("low_order_R") else { continue }
      #expect(!Signature.hasValidPoint(vector.hex("sig")), "\(vector["number"] ?? "")")
      let key = try #require(digest(vector.hex("key")))
      #expect(!Signature.verify(vector.hex("sig"), Array(vector.text("msg").utf8), key: key))
      refused += 1
    }
    #expect(refused == 27)
    let honest: [[String]] = try Vectors.list("libsodium/ed25519_sign_1024")
    #expect(honest.allSatisfy { Signature.hasValidPoint(Array(unhex($0[2]).prefix(64))) })
  }

  @Test func `X25519: Wycheproof, 518 verdicts`() throws {
    // No wrapper of ours takes two arbitrary halves, so this asks libsodium itself.
    let cases = try Vectors.wycheproof("x25519_test")
    #expect(cases.count == 518)
    var refused = 0
    for (_, test) in cases {
      var shared = [UInt8](repeating: 0, count: 32)
      let result = crypto_scalarmult(&shared, test.hex("private"), test.hex("public"))
      if result == 0 { #expect(shared == test.hex("shared"), "tcId \(test["tcId"] ?? "")") } else { refused += 1 }
      if test.text("result") == "valid" { #expect(result == 0) }
    }
    #expect(refused == 31)
  }

  @Test func `X25519: libsodium's 87`() throws {
    let cases: [[String]] = try Vectors.list("libsodium/x25519")
    #expect(cases.count == 87)
    for vector in cases {
      var shared = [UInt8](repeating: 0, count: 32)
      let result = crypto_scalarmult(&shared, unhex(vector[1]), unhex(vector[0]))
      #expect(result != 0 || shared == unhex(vector[2]), "\(vector[3])")
    }
  }

  @Test func `X25519: the 27 bad member keys are refused, also those that libsodium would seal to`() throws {
    let cases: [[String: Any]] = try Vectors.list("derived/x25519_bad_member_keys")
    #expect(cases.count == 27)
    for vector in cases { #expect(BoxPublicKey(try #require(digest(vector.hex("public")))) == nil) }
  }

  @Test func `XChaCha20-Poly1305: Wycheproof, 306 verdicts, and 9 nonces that no sealed value can have`() throws {
    var (checked, wrongNonce) = (0, 0)
    for (_, test) in try Vectors.wycheproof("xchacha20_poly1305_test") {
      guard test.hex("iv").count == 24 else {
        wrongNonce += 1
        continue
      }
      let sealed = test.hex("ct") + test.hex("tag")
      var plain = [UInt8](repeating: 0, count: max(1, test.hex("ct").count))
      let result = crypto_aead_xchacha20poly1305_ietf_decrypt(
        &plain, nil, nil, sealed, UInt64(sealed.count), test.hex("aad"), UInt64(test.hex("aad").count), test.hex("iv"),
        test.hex("key"))
      #expect((result == 0) == (test.text("result") == "valid"), "tcId \(test["tcId"] ?? "")")
      if result == 0 { #expect(Array(plain.prefix(test.hex("msg").count)) == test.hex("msg")) }
      checked += 1
    }
    #expect(checked == 306)
    #expect(wrongNonce == 9)
  }

  @Test func `one ciphertext opens under two keys, and commitments tell them apart`() throws {
    let file = try #require(try Vectors.json("derived/xchacha20poly1305_two_keys") as? [String: Any])
    let keys = try #require(file["opens_under"] as? [[String: Any]])
    #expect(keys.count == 2)
    let sealed = file.hex("ciphertext_and_tag")
    for key in keys {
      var plain = [UInt8](repeating: 0, count: sealed.count)
      #expect(
        crypto_aead_xchacha20poly1305_ietf_decrypt(
          &plain, nil, nil, sealed, UInt64(sealed.count), nil, 0, file.hex("nonce"), key.hex("key")) == 0)
    }
    let arena = try SecureArena()
    let item = Identifier.random()
    let one = try DataKey.random(in: arena).commitment(item: item, generation: 1)
    let other = try DataKey.random(in: arena).commitment(item: item, generation: 1)
    #expect(one != other)
  }

  @Test func `Argon2id: libsodium's 10 answers, its 6 strings, and 8 of the reference's`() throws {
    let answers: [[String: Any]] = try Vectors.list("libsodium/argon2id_pwhash")
    #expect(answers.count == 10)
    for vector in answers {
      var out = [UInt8](repeating: 0, count: vector["outlen"] as? Int ?? 0)
      let password = vector.hex("password").map { CChar(bitPattern: $0) }
      let result = crypto_pwhash(
        &out, UInt64(out.count), password, UInt64(password.count), vector.hex("salt"),
        UInt64(vector["opslimit"] as? Int ?? 0), vector["memlimit_bytes"] as? Int ?? 0,
        Int32(crypto_pwhash_ALG_ARGON2ID13))
      #expect((result == 0) == (vector.text("result") == "ok"))
      if result == 0 { #expect(out == vector.hex("hash")) }
    }
    let strings: [[String: Any]] = try Vectors.list("libsodium/argon2id_str_verify")
    #expect(strings.count == 6)
    for vector in strings {
      #expect(Self.verifies(vector) == (vector.text("result") == "ok"), "\(vector.text("encoded"))")
    }
    let reference: [[String: Any]] = try Vectors.list("argon2/phc_argon2_test_vectors")
    let ours = reference.filter { $0.text("type") == "Argon2_id" }
    #expect(ours.count == 8)
    for vector in ours { #expect(Self.verifies(vector), "\(vector.text("encoded"))") }
  }

  private static func verifies(_ vector: [String: Any]) -> Bool {
    let (encoded, password) = (vector.text("encoded"), Array(vector.text("password").utf8CString.dropLast()))
    return crypto_pwhash_str_verify(encoded, password, UInt64(password.count)) == 0
  }

  @Test func `BLAKE2b keyed: 256, and crypto_kdf: 10`() throws {
    let hashes: [[String]] = try Vectors.list("libsodium/blake2b_keyed")
    #expect(hashes.count == 256)
    for vector in hashes {
      var out = [UInt8](repeating: 0, count: 64)
      let (input, key) = (unhex(vector[0]), unhex(vector[1]))
      crypto_generichash(&out, out.count, input, UInt64(input.count), key, key.count)
      #expect(out == unhex(vector[2]))
    }
    let file = try #require(try Vectors.json("libsodium/kdf") as? [String: Any])
    let subkeys = try #require(file["vectors"] as? [[String: Any]])
    #expect(subkeys.count == 10)
    for vector in subkeys {
      var out = [UInt8](repeating: 0, count: vector["len"] as? Int ?? 0)
      let context = Array(vector.text("context").utf8CString)
      crypto_kdf_derive_from_key(
        &out, out.count, UInt64(vector["subkey_id"] as? Int ?? 0), context, file.hex("master_key"))
      #expect(out == vector.hex("subkey"))
    }
  }
}
