internal import CustodyValues

/// Which row has the value of a key, by the key's mark: buckets of a hash table that grows one bucket at a time (Litwin's
/// linear hashing).
///
/// It is ours and not SQLite's because an absence must be as certain as a value: every bucket below the count is there and
/// opens, or the fold is damaged. A page that SQLite loses would else be a token that was never stored.
enum FoldIndex {
  /// Rows a bucket, on average, before there is another one.
  static let load = 64

  static func bucket(of mark: UInt64, in count: UInt32) -> UInt32 {
    let width = UInt32(32 - (max(count, 1) - 1).leadingZeroBitCount)
    let wide = UInt32(truncatingIfNeeded: mark) & mask(width)
    return wide < count ? wide : wide & mask(width &- 1)
  }

  /// From which bucket the next one, of that number, takes its share.
  static func source(of next: UInt32) -> UInt32 {
    guard next > 0 else { return 0 }
    return next & mask(UInt32(31 - next.leadingZeroBitCount))
  }

  private static func mask(_ width: UInt32) -> UInt32 { width >= 32 ? .max : (1 << width) - 1 }

  static func count(for rows: Int) -> UInt32 { UInt32(clamping: max(1, rows / load)) }
}

/// One bucket: marks, and the numbers of the rows that have them.
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

  /// Takes out what belongs into another bucket.
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
