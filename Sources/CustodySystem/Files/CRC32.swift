internal import CZlib

/// The checksum of gzip and zip: against accidents alone.
public struct CRC32 {
  public private(set) var value: UInt32 = 0

  public init() {}

  /// Only where zlib is there.
  public mutating func add(_ bytes: [UInt8]) {
    value = unsafe bytes.withUnsafeBytes { unsafe czlib_crc32(value, $0.baseAddress, $0.count) }
  }
}
