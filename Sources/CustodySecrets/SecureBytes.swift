internal import CSodium

/// Guarded memory for a secret could not be allocated, or a range of it does not exist. Carries no detail.
public struct SecureMemoryError: Error {}

/// Secret bytes in guarded, locked memory (`sodium_malloc`), wiped at the end of their owner.
///
/// Not copyable, not printable, not `Codable`: a secret has one owner and leaves only through `withUnsafeBytes`. Up
/// to 4,080 bytes reuse a block of a pool if one is free; otherwise allocating costs about 31 µs and two memory
/// mappings. Keys that live for one read come from a `SecureArena`.
@safe public struct SecureBytes: ~Copyable, @unchecked Sendable {
  private let base: UnsafeMutableRawPointer
  /// The number of bytes.
  public let count: Int

  /// Allocates zeroed bytes.
  /// - Throws: `SecureMemoryError` if `count` is negative or the memory can't be had.
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

  /// Calls `body` with the secret bytes. The pointer is valid during the call only.
  public borrowing func withUnsafeBytes<R: ~Copyable, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    try unsafe body(UnsafeRawBufferPointer(start: base, count: count))
  }

  /// Calls `body` with the secret bytes, to change them in place. The pointer is valid during the call only.
  public mutating func withUnsafeMutableBytes<R: ~Copyable, E: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    try unsafe body(UnsafeMutableRawBufferPointer(start: base, count: count))
  }
}

extension SecureBytes {
  /// True if there are no bytes.
  public var isEmpty: Bool { count == 0 }

  /// Copies ordinary bytes, such as a value that was never secret. The source is not wiped.
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

  /// A second owner of the same bytes, in memory of its own.
  public borrowing func copy() throws(SecureMemoryError) -> SecureBytes { try slice(0..<count) }

  /// A copy of the bytes in `range`.
  /// - Throws: `SecureMemoryError` if the range does not lie within this value.
  package borrowing func slice(_ range: Range<Int>) throws(SecureMemoryError) -> SecureBytes {
    guard range.lowerBound >= 0, range.upperBound <= count else { throw SecureMemoryError() }
    return try unsafe withUnsafeBytes { source throws(SecureMemoryError) in
      try unsafe SecureBytes(copyingRaw: UnsafeRawBufferPointer(rebasing: source[range]))
    }
  }

  /// Compares in time that depends on the lengths only.
  package borrowing func equals(_ other: borrowing SecureBytes) -> Bool {
    guard count == other.count else { return false }
    return unsafe withUnsafeBytes { mine in
      unsafe other.withUnsafeBytes { theirs in
        guard let a = mine.baseAddress, let b = theirs.baseAddress else { return true }
        return unsafe sodium_memcmp(a, b, mine.count) == 0
      }
    }
  }

  /// True if every byte passes the test. Does not tell which one did not.
  package borrowing func allSatisfy(_ test: (UInt8) -> Bool) -> Bool {
    unsafe withUnsafeBytes { unsafe $0.allSatisfy(test) }
  }
}
