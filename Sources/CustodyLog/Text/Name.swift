internal import CustodyCrypto
internal import CustodyValues

/// The syntax of names of members, tenants and connectors: 1 to 64 bytes of `a`–`z`, `0`–`9`, `.`, `_` and `-`, the
/// first a letter or digit. People type and read them, so no name can contain look-alikes of other scripts.
package enum Name {
  package static let limit = 64

  package static func isValid(_ name: some Collection<UInt8>) -> Bool {
    guard (1...limit).contains(name.count), let first = name.first, isAlphanumeric(first) else { return false }
    return name.allSatisfy { isAlphanumeric($0) || $0 == 0x2d || $0 == 0x2e || $0 == 0x5f }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte)
  }
}
