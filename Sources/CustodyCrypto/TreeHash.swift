internal import CSodium
package import CustodyValues

/// The two hashes of RFC 6962, for leaves and nodes. They make no array for each node, because a log of a million
/// entries has two million of them.
package enum TreeHash {
  package static func leaf(_ entry: [UInt8]) -> Digest {
    var hash = SHA256()
    hash.update([0])
    hash.update(entry)
    return hash.finish()
  }

  package static func node(_ left: Digest, _ right: Digest) -> Digest {
    var state = crypto_hash_sha256_state()
    var prefix: UInt8 = 1
    return unsafe Digest { out in
      _ = unsafe crypto_hash_sha256_init(&state)
      _ = unsafe crypto_hash_sha256_update(&state, &prefix, 1)
      _ = unsafe left.withUnsafeBytes { unsafe crypto_hash_sha256_update(&state, $0.unsignedChars, 32) }
      _ = unsafe right.withUnsafeBytes { unsafe crypto_hash_sha256_update(&state, $0.unsignedChars, 32) }
      _ = unsafe crypto_hash_sha256_final(&state, out.unsignedChars)
    }
  }
}
