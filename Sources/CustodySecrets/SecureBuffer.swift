extension SecureBytes {
  /// The byte at `index`, or nil past either end. It is the only safe way to look at a secret byte by byte.
  package borrowing func byte(at index: Int) -> UInt8? {
    guard index >= 0, index < count else { return nil }
    return unsafe withUnsafeBytes { unsafe $0[index] }
  }
}

/// Secret bytes of a length that is not known beforehand. Growing wipes the memory that it leaves.
@safe package struct SecureBuffer: ~Copyable, Sendable {
  private var storage: SecureBytes
  package private(set) var count = 0

  package init(capacity: Int = 256) throws(SecureMemoryError) {
    storage = try SecureBytes(count: max(capacity, 16))
  }

  package mutating func append(_ byte: UInt8) throws(SecureMemoryError) {
    try makeRoom(for: 1)
    let end = count
    unsafe storage.withUnsafeMutableBytes { unsafe $0[end] = byte }
    count += 1
  }

  /// Appends text that is no secret, such as a field's name or a separator.
  package mutating func append(_ text: String) throws(SecureMemoryError) {
    for byte in text.utf8 { try append(byte) }
  }

  package mutating func append(_ secret: borrowing SecureBytes) throws(SecureMemoryError) {
    try makeRoom(for: secret.count)
    let end = count
    unsafe secret.withUnsafeBytes { source in
      unsafe storage.withUnsafeMutableBytes {
        unsafe UnsafeMutableRawBufferPointer(rebasing: $0[end...]).copyMemory(from: source)
      }
    }
    count += secret.count
  }

  /// Appends bytes that are no secret.
  package mutating func append(_ bytes: ArraySlice<UInt8>) throws(SecureMemoryError) {
    try makeRoom(for: bytes.count)
    let end = count
    unsafe storage.withUnsafeMutableBytes { room in
      unsafe bytes.withUnsafeBytes {
        unsafe UnsafeMutableRawBufferPointer(rebasing: room[end...]).copyMemory(from: $0)
      }
    }
    count += bytes.count
  }

  /// Returns the bytes so far and empties the buffer, which can be filled again.
  package mutating func take() throws(SecureMemoryError) -> SecureBytes {
    let taken = try storage.slice(0..<count)
    count = 0
    return taken
  }

  /// The bytes so far, in memory of exactly their size.
  package consuming func finish() throws(SecureMemoryError) -> SecureBytes {
    count == storage.count ? storage : try storage.slice(0..<count)
  }

  /// The bytes so far without a copy. The spare room behind them stays, zeroed.
  package consuming func finishWithRoom() -> SecureBytes { storage }

  /// Overwrites a byte. Does nothing at a place that has none.
  package mutating func replace(_ byte: UInt8, at place: Int) {
    guard (0..<count).contains(place) else { return }
    unsafe storage.withUnsafeMutableBytes { unsafe $0[place] = byte }
  }

  private mutating func makeRoom(for more: Int) throws(SecureMemoryError) {
    let (needed, overflow) = count.addingReportingOverflow(more)
    guard !overflow else { throw SecureMemoryError() }
    guard needed > storage.count else { return }
    var larger = try SecureBytes(count: max(needed, 2 * storage.count))
    let used = count
    unsafe storage.withUnsafeBytes { source in
      unsafe larger.withUnsafeMutableBytes {
        unsafe $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[..<used]))
      }
    }
    storage = larger
  }
}

extension SecureBuffer {
  /// The byte at `index`, or nil past the end.
  package borrowing func byte(at index: Int) -> UInt8? { index < count ? storage.byte(at: index) : nil }
}
