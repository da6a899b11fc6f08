internal import CZlib

/// The checksum of gzip and zip. It detects accidents, not tampering.
package struct CRC32 {
  package private(set) var value: UInt32 = 0

  package init() {}

  /// Adds bytes. zlib must be present.
  package mutating func add(_ bytes: [UInt8]) {
    value = unsafe bytes.withUnsafeBytes { unsafe czlib_crc32(value, $0.baseAddress, $0.count) }
  }
}
