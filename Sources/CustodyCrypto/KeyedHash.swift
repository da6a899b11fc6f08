internal import CSodium
internal import CustodyValues

/// BLAKE2b-256 keyed with a secret, for commitments, tags, and keys derived from other keys.
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
      out.unsignedChars, out.count,
      message.unsignedChars, UInt64(message.count),
      key.unsignedChars, key.count)
  }
}
