internal import CSodium
package import CustodyValues

/// libsodium refused an operation, or must not be trusted. Carries no detail.
package struct CryptoError: Error {
  package init() {}
}

package enum Sodium {
  /// True if this libsodium refuses a mixed-order Ed25519 key. An unpatched 1.0.18 does not (CVE-2025-69277), and a
  /// member could then enrol a key on which verifiers disagree.
  package static let refusesMixedOrderKeys = Digest(mixedOrderKey).map { !Signature.isPoint($0) } ?? false

  /// A point with a component of order 8, from the CCTV Ed25519 vectors.
  private static let mixedOrderKey: [UInt8] = [
    0x10, 0xeb, 0x7c, 0x3a, 0xcf, 0xb2, 0xbe, 0xd3, 0xe0, 0xd6, 0xab, 0x89, 0xbf, 0x5a, 0x3d, 0x6a,
    0xfd, 0xdd, 0x11, 0x76, 0xce, 0x48, 0x12, 0xe3, 0x8d, 0x9f, 0xd4, 0x85, 0x05, 0x8f, 0xdb, 0x1f,
  ]

  /// True if this libsodium accepts an Ed25519 signature whose R has a component of small order.
  package static let takesMixedOrderSignatures =
    Digest(mixedOrderSignature.key).map {
      Signature.isTaken(mixedOrderSignature.signature, mixedOrderSignature.message, key: $0)
    } ?? true

  /// Vector 267 of CCTV: the key is valid, and the equation holds only multiplied by eight.
  private static let mixedOrderSignature: (key: [UInt8], signature: [UInt8], message: [UInt8]) = (
    [
      0xef, 0x75, 0xb2, 0x0e, 0x75, 0x40, 0xe3, 0xdf, 0xf7, 0x74, 0x04, 0x19, 0x36, 0x52, 0xba, 0x2b,
      0xd1, 0x3d, 0xf9, 0x9c, 0x15, 0x08, 0xee, 0xe1, 0x51, 0x5e, 0x27, 0xae, 0x25, 0xf2, 0x80, 0x76,
    ],
    [
      0x36, 0x68, 0x4e, 0xa9, 0x10, 0x32, 0xba, 0x5b, 0x1d, 0xba, 0xb2, 0xd0, 0x2f, 0x4d, 0xeb, 0xc7,
      0x4c, 0x33, 0x27, 0xf2, 0xb3, 0x80, 0x2e, 0x2e, 0x4d, 0x37, 0x1a, 0xa4, 0x2b, 0x12, 0xb5, 0x6b,
      0x2d, 0x47, 0x18, 0x82, 0x77, 0x3a, 0x67, 0x7a, 0xf1, 0xe3, 0x82, 0x4e, 0x75, 0x7a, 0x33, 0xf8,
      0xdd, 0xf7, 0xbb, 0xea, 0xf3, 0xd2, 0x8a, 0x09, 0x59, 0x5e, 0xb8, 0xda, 0xa0, 0xd7, 0x4a, 0x03,
    ], Array("ed25519vectors 3".utf8)
  )

  /// A uniformly random number from 0 to `count - 1`.
  package static func random(below count: Int) -> Int { Int(randombytes_uniform(UInt32(count))) }

  package static func randomBytes(_ count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      if let base = buffer.baseAddress { unsafe randombytes_buf(base, count) }
      filled = count
    }
  }
}

extension Identifier {
  /// A random identifier, never `.none`.
  package static func random() -> Identifier {
    while true {
      if let id = Identifier(Sodium.randomBytes(count)), id != .none { return id }
    }
  }
}
