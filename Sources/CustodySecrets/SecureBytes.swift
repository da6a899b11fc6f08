internal import CSodium

/// Memory for a secret could not be had. Carries nothing.
public struct SecureMemoryError: Error {}

/// Secret bytes in guarded, locked memory (`sodium_malloc`), wiped when their owner lets go of them.
///
/// Not copyable, not printable, not `Codable`: a secret has one owner and leaves only through `withUnsafeBytes`.
/// One of up to 4 KiB takes a block that was used before, if there is one; else it costs about 31 µs and two memory mappings.
/// Keys that live for one read come from a `SecureArena`.
@safe public struct SecureBytes: ~Copyable, @unchecked Sendable {
  private let base: UnsafeMutableRawPointer
  public let count: Int

  /// Zeroed bytes.
  public init(count: Int) throws(SecureMemoryError) {
    guard count >= 0, sodium_init() >= 0, let base = unsafe Self.memory(max(count, 1)) else {
      throw SecureMemoryError()
    }
    unsafe self.base = base
    self.count = count
  }

  private static func memory(_ count: Int) -> UnsafeMutableRawPointer? {
    if count <= SecureBlocks.capacity { return unsafe SecureBlocks.take(count) }
    guard let base = unsafe sodium_malloc(count) else { return nil }
    unsafe sodium_memzero(base, count)
    return unsafe base
  }

  deinit {
    if count <= SecureBlocks.capacity {
      unsafe SecureBlocks.giveBack(base, max(count, 1))
    } else {
      unsafe sodium_free(base)
    }
  }

  public borrowing func withUnsafeBytes<R: ~Copyable, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    try unsafe body(UnsafeRawBufferPointer(start: base, count: count))
  }

  public mutating func withUnsafeMutableBytes<R: ~Copyable, E: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    try unsafe body(UnsafeMutableRawBufferPointer(start: base, count: count))
  }
}

extension SecureBytes {
  public var isEmpty: Bool { count == 0 }

  /// A secret that starts as ordinary bytes: test data, or a value that was never secret. The source is not wiped.
  public init(copying bytes: [UInt8]) throws(SecureMemoryError) {
    try self.init(count: bytes.count)
    unsafe withUnsafeMutableBytes { target in
      unsafe bytes.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
    }
  }

  package init(copyingRaw source: UnsafeRawBufferPointer) throws(SecureMemoryError) {
    try self.init(count: source.count)
    unsafe withUnsafeMutableBytes { unsafe $0.copyMemory(from: source) }
  }

  public borrowing func copy() throws(SecureMemoryError) -> SecureBytes { try slice(0..<count) }

  /// A copy of the bytes in `range`, which must lie within this value.
  package borrowing func slice(_ range: Range<Int>) throws(SecureMemoryError) -> SecureBytes {
    guard range.lowerBound >= 0, range.upperBound <= count else { throw SecureMemoryError() }
    return try unsafe withUnsafeBytes { source throws(SecureMemoryError) in
      try unsafe SecureBytes(copyingRaw: UnsafeRawBufferPointer(rebasing: source[range]))
    }
  }

  /// Compares in constant time for equal lengths.
  package borrowing func equals(_ other: borrowing SecureBytes) -> Bool {
    guard count == other.count else { return false }
    return unsafe withUnsafeBytes { mine in
      unsafe other.withUnsafeBytes { theirs in
        guard let a = mine.baseAddress, let b = theirs.baseAddress else { return true }
        return unsafe sodium_memcmp(a, b, mine.count) == 0
      }
    }
  }

  /// Whether every byte passes the test; says nothing about which did not.
  package borrowing func allSatisfy(_ test: (UInt8) -> Bool) -> Bool {
    unsafe withUnsafeBytes { unsafe $0.allSatisfy(test) }
  }
}
