internal import CSodium
package import CustodyMemory

/// libsodium refused, or is one that must not be trusted. Carries nothing.
package struct CryptoError: Error {
  package init() {}
}

package enum Sodium {
  /// Whether this libsodium refuses a mixed-order Ed25519 key. An unpatched 1.0.18 does not (CVE-2025-69277), and
  /// a member could then enrol a key for which verifiers disagree.
  package static let refusesMixedOrderKeys = Digest(mixedOrderKey).map { !Signature.isPoint($0) } ?? false

  /// From the CCTV Ed25519 vectors: a point with a component of order 8.
  private static let mixedOrderKey: [UInt8] = [
    0x10, 0xeb, 0x7c, 0x3a, 0xcf, 0xb2, 0xbe, 0xd3, 0xe0, 0xd6, 0xab, 0x89, 0xbf, 0x5a, 0x3d, 0x6a,
    0xfd, 0xdd, 0x11, 0x76, 0xce, 0x48, 0x12, 0xe3, 0x8d, 0x9f, 0xd4, 0x85, 0x05, 0x8f, 0xdb, 0x1f,
  ]

  /// One of 0 ..< count, each as likely as the next.
  package static func random(below count: Int) -> Int { Int(randombytes_uniform(UInt32(count))) }

  package static func randomBytes(_ count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      if let base = buffer.baseAddress { unsafe randombytes_buf(base, count) }
      filled = count
    }
  }
}

extension Identifier {
  /// By chance, never `.none`.
  package static func random() -> Identifier {
    while true {
      if let id = Identifier(Sodium.randomBytes(count)), id != .none { return id }
    }
  }
}
