internal import CSodium
package import CustodyValues

/// SHA-256, in pieces.
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
    let base = unsafe bytes.octets
    _ = unsafe crypto_hash_sha256_update(&state, base, UInt64(bytes.count))
  }

  package consuming func finish() -> Digest {
    var state = state
    return unsafe Digest { out in
      _ = unsafe crypto_hash_sha256_final(&state, out.octets)
    }
  }

  package static func hash(_ bytes: [UInt8]) -> Digest {
    unsafe bytes.withUnsafeBytes { source in
      unsafe Digest { out in
        _ = unsafe crypto_hash_sha256(
          out.octets,
          source.octets, UInt64(source.count))
      }
    }
  }
}

/// BLAKE2b-256 keyed with a secret: commitments, tags, and one key derived from another.
enum KeyedHash {
  static func digest(_ message: [UInt8], key: UnsafeRawBufferPointer) -> Digest {
    unsafe Digest { out in unsafe write(message, key: key, to: out) }
  }

  static func write(_ message: [UInt8], key: UnsafeRawBufferPointer, to out: UnsafeMutableRawBufferPointer) {
    unsafe message.withUnsafeBytes { unsafe write($0, key: key, to: out) }
  }

  static func write(
    _ message: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer, to out: UnsafeMutableRawBufferPointer
  ) {
    _ = unsafe crypto_generichash(
      out.octets, out.count,
      message.octets, UInt64(message.count),
      key.octets, key.count)
  }
}
