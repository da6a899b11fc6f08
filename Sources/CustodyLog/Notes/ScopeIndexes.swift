internal import CustodyCrypto
public import CustodyValues

/// The positions of entries, as a scope counts them.
public struct ScopeIndexes: Sendable {
  public private(set) var count: UInt64 = 0
  private var bytes: [UInt8] = []

  public init() {}

  /// In ascending order.
  public mutating func add(_ index: UInt64) {
    count += 1
    for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: index >> UInt64(8 * place))) }
  }

  public var sha256: Digest { SHA256.hash(bytes) }
}
