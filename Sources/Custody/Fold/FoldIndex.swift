internal import CustodyValues

/// An index from a key's mark to the number of its row: a hash table that grows one bucket at a time (Litwin's linear
/// hashing).
///
/// It does not use SQLite's index, because an absence must be as certain as a value: every bucket below the count is
/// present and opens, or the fold is damaged. With SQLite, a lost page could look like a token that was never stored.
enum FoldIndex {
  /// Average number of rows in a bucket before another bucket is added.
  static let load = 64

  static func bucket(of mark: UInt64, in count: UInt32) -> UInt32 {
    let width = UInt32(32 - (max(count, 1) - 1).leadingZeroBitCount)
    let wide = UInt32(truncatingIfNeeded: mark) & mask(width)
    return wide < count ? wide : wide & mask(width &- 1)
  }

  /// Returns the bucket that is split when the bucket with this number is added.
  static func source(of next: UInt32) -> UInt32 {
    guard next > 0 else { return 0 }
    return next & mask(UInt32(31 - next.leadingZeroBitCount))
  }

  private static func mask(_ width: UInt32) -> UInt32 { width >= 32 ? .max : (1 << width) - 1 }

  static func count(for rows: Int) -> UInt32 { UInt32(clamping: max(1, rows / load)) }
}

/// A bucket of the index: marks, each with the number of its row.
struct FoldBucket {
  private static let width = 12
  private(set) var bytes: [UInt8]

  init() { bytes = [] }

  init?(_ bytes: [UInt8]) {
    guard bytes.count % Self.width == 0 else { return nil }
    self.bytes = bytes
  }

  private func place(of mark: UInt64) -> Int? {
    stride(from: 0, to: bytes.count, by: Self.width).first { self.mark(at: $0) == mark }
  }

  private func mark(at place: Int) -> UInt64 { UInt64(bigEndianBytes: bytes[place..<place + 8]) }

  func number(of mark: UInt64) -> UInt32? {
    guard let place = place(of: mark) else { return nil }
    return UInt32(UInt64(bigEndianBytes: bytes[place + 8..<place + Self.width]))
  }

  mutating func add(_ mark: UInt64, _ number: UInt32) {
    bytes += mark.bigEndianBytes() + UInt64(number).bigEndianBytes(4)
  }

  mutating func remove(_ mark: UInt64) {
    guard let place = place(of: mark) else { return }
    bytes.removeSubrange(place..<place + Self.width)
  }

  /// Removes and returns the marks that belong to another bucket.
  mutating func split(where belongs: (UInt64) -> Bool) -> FoldBucket {
    var (stays, goes) = (FoldBucket(), FoldBucket())
    for place in stride(from: 0, to: bytes.count, by: Self.width) {
      let entry = bytes[place..<place + Self.width]
      if belongs(mark(at: place)) { goes.bytes += entry } else { stays.bytes += entry }
    }
    self = stays
    return goes
  }
}
