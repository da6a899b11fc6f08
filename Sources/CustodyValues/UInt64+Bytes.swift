/// Numbers as bytes, in either order.
extension UInt64 {
  /// 8 bytes, the lowest first.
  package var littleEndianBytes: [UInt8] { unsafe withUnsafeBytes(of: littleEndian) { unsafe [UInt8]($0) } }

  /// The lowest `count` bytes, the highest of them first.
  package func bigEndianBytes(_ count: Int = 8) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: self >> UInt64(8 * (count - 1 - $0))) }
  }

  /// From at most 8 bytes, the lowest first.
  package init(littleEndianBytes bytes: ArraySlice<UInt8>) {
    self = bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// From at most 8 bytes, the highest first.
  package init(bigEndianBytes bytes: ArraySlice<UInt8>) {
    self = bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }
}
