internal import CSodium
package import CustodyValues

/// SHA-256 of a message that comes in pieces.
package struct SHA256: ~Copyable {
  private var state = crypto_hash_sha256_state()

  package init() { _ = unsafe crypto_hash_sha256_init(&state) }

  package mutating func update(_ bytes: [UInt8]) {
    _ = unsafe bytes.withUnsafeBytes { unsafe update($0) }
  }

  package mutating func update(_ digest: Digest) {
    unsafe digest.withUnsafeBytes { unsafe update($0) }
  }

  private mutating func update(_ bytes: UnsafeRawBufferPointer) {
    let base = unsafe bytes.unsignedChars
    _ = unsafe crypto_hash_sha256_update(&state, base, UInt64(bytes.count))
  }

  package consuming func finish() -> Digest {
    var state = state
    return unsafe Digest { out in
      _ = unsafe crypto_hash_sha256_final(&state, out.unsignedChars)
    }
  }

  package static func hash(_ bytes: [UInt8]) -> Digest {
    unsafe bytes.withUnsafeBytes { source in
      unsafe Digest { out in
        _ = unsafe crypto_hash_sha256(
          out.unsignedChars,
          source.unsignedChars, UInt64(source.count))
      }
    }
  }
}
