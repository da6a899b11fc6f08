/// 32 bytes by value: a SHA-256 hash, a commitment, a tag or a public key. Compared as bytes.
public struct Digest: Hashable, Comparable, Sendable {
  package static let count = 32
  private let a: UInt64, b: UInt64, c: UInt64, d: UInt64

  package init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.count else { return nil }
    unsafe self.init { out in unsafe bytes.withUnsafeBytes { unsafe out.copyMemory(from: $0) } }
  }

  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.count else { return nil }
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var position = 0
    for byte in bytes {
      switch position >> 3 {
      case 0: words.0 = words.0 << 8 | UInt64(byte)
      case 1: words.1 = words.1 << 8 | UInt64(byte)
      case 2: words.2 = words.2 << 8 | UInt64(byte)
      default: words.3 = words.3 << 8 | UInt64(byte)
      }
      position += 1
    }
    (a, b, c, d) = words
  }

  /// Lets a function in C write the 32 bytes straight into the value.
  package init(unsafeWriting body: (UnsafeMutableRawBufferPointer) -> Void) {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    unsafe withUnsafeMutableBytes(of: &words) { unsafe body($0) }
    (a, b, c, d) = (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
  }

  package func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
    var words = (a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian)
    return unsafe Swift.withUnsafeBytes(of: &words) { unsafe body($0) }
  }

  /// The 32 bytes, in their order.
  public var bytes: [UInt8] { unsafe withUnsafeBytes { unsafe [UInt8]($0) } }

  /// From exactly 64 hex digits in lower case.
  package init?(hex text: ArraySlice<UInt8>) {
    guard text.count == 2 * Self.count, let bytes = Hex.decode(text) else { return nil }
    self.init(bytes)
  }

  package var hex: String { String(decoding: Hex.encode(bytes), as: UTF8.self) }

  /// Orders digests by their bytes.
  public static func < (one: Digest, other: Digest) -> Bool {
    (one.a, one.b, one.c, one.d) < (other.a, other.b, other.c, other.d)
  }
}
