internal import CustodyCrypto
package import CustodyValues

/// The positions of entries, as a scope counts them.
package struct ScopeIndexes: Sendable {
  package private(set) var count: UInt64 = 0
  private var bytes: [UInt8] = []

  package init() {}

  /// In ascending order.
  package mutating func add(_ index: UInt64) {
    count += 1
    for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: index >> UInt64(8 * place))) }
  }

  package var sha256: Digest { SHA256.hash(bytes) }
}
