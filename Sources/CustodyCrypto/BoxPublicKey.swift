internal import CSodium
internal import CustodySecrets
package import CustodyValues

/// An X25519 public key to which keys and requests are sealed.
package struct BoxPublicKey: Hashable, Sendable {
  package let bytes: Digest

  /// Refuses keys of low order and encodings that are not canonical. libsodium seals to some of these, and their
  /// owner could not open the box.
  package init?(_ bytes: Digest) {
    guard Self.isCanonical(bytes.bytes), Self.hasLargeOrder(bytes) else { return nil }
    self.bytes = bytes
  }

  /// True below 2^255 - 19, in little-endian, and therefore without the top bit.
  private static func isCanonical(_ key: [UInt8]) -> Bool {
    guard key[31] <= 0x7f else { return false }
    let atTop = key[31] == 0x7f && key[1..<31].allSatisfy { $0 == 0xff }
    return !atTop || key[0] < 0xed
  }

  private static func hasLargeOrder(_ key: Digest) -> Bool {
    let scalar = [UInt8](repeating: 1, count: 32)
    var product = [UInt8](repeating: 0, count: 32)
    return unsafe key.withUnsafeBytes {
      unsafe crypto_scalarmult(&product, scalar, $0.unsignedChars) == 0
    }
  }

  /// Seals a message anonymously, with libsodium's `crypto_box_seal`.
  package func seal(_ message: [UInt8]) -> [UInt8] {
    unsafe message.withUnsafeBytes { unsafe seal($0) }
  }

  private func seal(_ message: UnsafeRawBufferPointer) -> [UInt8] {
    let total = message.count + Int(crypto_box_sealbytes())
    return unsafe [UInt8](unsafeUninitializedCapacity: total) { out, filled in
      unsafe bytes.withUnsafeBytes { key in
        _ = unsafe crypto_box_seal(
          UnsafeMutableRawBufferPointer(out).unsignedChars, message.unsignedChars, UInt64(message.count),
          key.unsignedChars)
      }
      filled = total
    }
  }

  package func wrap<Purpose: KeyPurpose>(_ key: borrowing Key<Purpose>) -> [UInt8] {
    unsafe key.slot.withUnsafeBytes { unsafe seal($0) }
  }

  package func wrap(_ pair: borrowing BoxKey) -> [UInt8] { unsafe pair.slot.withUnsafeBytes { unsafe seal($0) } }
}
