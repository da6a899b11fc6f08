package import CustodyValues

/// The root of a complete subtree of 2^level leaves. Level 0 holds the leaf hashes.
package struct NodeRow: Equatable, Sendable {
  package var level: Int
  /// The subtree's number within its level, from 0.
  package var number: UInt64
  package var hash: Digest

  package init(level: Int, number: UInt64, hash: Digest) {
    (self.level, self.number, self.hash) = (level, number, hash)
  }

  init(_ row: any Row) throws(StoreError) {
    let place = try row.count(0)
    level = Int(place >> Self.bits)
    number = place & (1 << Self.bits - 1)
    hash = try row.digest(1)
  }

  private static let bits = 48

  /// The row number of a subtree; nil for one that no tree has.
  static func place(level: Int, number: UInt64) -> UInt64? {
    guard 0...bits ~= level, number < 1 << bits else { return nil }
    return UInt64(level) << bits | number
  }
}
