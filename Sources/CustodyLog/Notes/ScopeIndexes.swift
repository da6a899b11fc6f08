internal import CustodyCrypto
package import CustodyValues

/// A running hash input of entries' positions, as an export's scope counts and hashes them.
package struct ScopeIndexes: Sendable {
  package private(set) var count: UInt64 = 0
  private var bytes: [UInt8] = []

  package init() {}

  /// Adds a position. Call in ascending order.
  package mutating func add(_ index: UInt64) {
    count += 1
    bytes += index.littleEndianBytes
  }

  package var sha256: Digest { SHA256.hash(bytes) }
}
