/// 16 random bytes that name a vault, member, item or request. Written as 32 lower-case hex digits.
public struct Identifier: Hashable, Comparable, Sendable {
  package static let count = 16
  private let high: UInt64, low: UInt64

  /// The identifier of nobody, all zero, for rows that belong to no one member.
  package static let none = Identifier(high: 0, low: 0)

  private init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

  /// Lets a function in C write the 16 bytes straight into the value.
  package init(unsafeWriting body: (UnsafeMutableRawBufferPointer) -> Void) {
    var words: (UInt64, UInt64) = (0, 0)
    unsafe withUnsafeMutableBytes(of: &words) { unsafe body($0) }
    (high, low) = (words.0.bigEndian, words.1.bigEndian)
  }

  package init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.count else { return nil }
    unsafe self.init { out in unsafe bytes.withUnsafeBytes { unsafe out.copyMemory(from: $0) } }
  }

  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.count else { return nil }
    var (high, low, position): (UInt64, UInt64, Int) = (0, 0, 0)
    for byte in bytes {
      if position < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
      position += 1
    }
    (self.high, self.low) = (high, low)
  }

  package init?(hex: some Collection<UInt8>) { self.init(hex: Array(hex)[...]) }

  /// Parses exactly 32 lower-case hex digits. Not generic, for speed: folding the log reads several for each entry.
  package init?(hex: ArraySlice<UInt8>) {
    guard hex.count == 2 * Self.count else { return nil }
    var (high, low, position): (UInt64, UInt64, Int) = (0, 0, 0)
    for digit in hex {
      guard Hex.isLower(digit), let value = Hex.value(digit).map(UInt64.init) else { return nil }
      if position < 16 { high = high << 4 | value } else { low = low << 4 | value }
      position += 1
    }
    (self.high, self.low) = (high, low)
  }

  /// Parses exactly 32 lower-case hex digits; nil for anything else.
  public init?(hex: String) { self.init(hex: hex.utf8) }

  package func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
    var words = (high.bigEndian, low.bigEndian)
    return unsafe Swift.withUnsafeBytes(of: &words) { unsafe body($0) }
  }

  /// The 16 bytes, in their order.
  public var bytes: [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: Self.count) { buffer, count in
      for i in 0..<8 {
        unsafe buffer[i] = UInt8(truncatingIfNeeded: high >> UInt64(56 - 8 * i))
        unsafe buffer[i + 8] = UInt8(truncatingIfNeeded: low >> UInt64(56 - 8 * i))
      }
      count = Self.count
    }
  }

  /// 32 lower-case hex digits.
  public var hex: String { String(decoding: Hex.encode(bytes), as: UTF8.self) }

  /// Orders identifiers by their bytes.
  public static func < (one: Identifier, other: Identifier) -> Bool {
    (one.high, one.low) < (other.high, other.low)
  }
}
