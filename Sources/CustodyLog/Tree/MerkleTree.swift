internal import CustodyCrypto
package import CustodyValues

/// An append-only RFC 6962 tree, kept as its frontier: the roots of the complete subtrees that cover it, at most 64.
package struct MerkleTree: Sendable {
  /// A complete subtree's position: `number` counts the subtrees of 2^level leaves from the left. Level 0 is the
  /// leaves.
  package struct Place: Hashable, Sendable {
    package let level: Int
    package let number: UInt64

    package init(level: Int, number: UInt64) { (self.level, self.number) = (level, number) }
  }

  package static let emptyRoot = SHA256.hash([])

  package private(set) var size: UInt64 = 0
  /// Roots of the complete subtrees, widest first: one for each bit set in `size`.
  private var frontier: [Digest] = []

  package init() {}

  /// Restores a tree of this size from its stored nodes.
  package init(size: UInt64, node: (Place) throws -> Digest) rethrows {
    self.size = size
    frontier = try Self.frontier(of: size).map(node)
  }

  /// The frontier: the complete subtrees that cover the tree and their roots, widest first.
  package var peaks: [(place: Place, hash: Digest)] { Array(zip(Self.frontier(of: size), frontier)) }

  func write(to out: inout OctetWriter) {
    out.write(size)
    for hash in frontier { out.write(hash) }
  }

  init(reading reader: inout OctetReader) throws(OctetReader.Malformed) {
    size = try reader.number()
    for _ in 0..<size.nonzeroBitCount { frontier.append(try reader.digest()) }
  }

  package static func leafHash(_ entry: [UInt8]) -> Digest { TreeHash.leaf(entry) }
  package static func nodeHash(_ left: Digest, _ right: Digest) -> Digest { TreeHash.node(left, right) }

  /// Appends a leaf. Calls `node` for every complete subtree that this finishes, the leaf first.
  package mutating func append(_ leaf: Digest, node: (Place, Digest) -> Void = { _, _ in }) {
    var hash = leaf
    var place = Place(level: 0, number: size)
    node(place, hash)
    while place.number & 1 == 1 {
      hash = Self.nodeHash(frontier.removeLast(), hash)
      place = Place(level: place.level + 1, number: place.number >> 1)
      node(place, hash)
    }
    frontier.append(hash)
    size += 1
  }

  package var root: Digest {
    guard var root = frontier.last else { return Self.emptyRoot }
    for left in frontier.dropLast().reversed() { root = Self.nodeHash(left, root) }
    return root
  }

  /// The complete subtrees that cover the first `size` leaves, widest first.
  static func frontier(of size: UInt64) -> [Place] { cover(0..<size) }

  /// The complete subtrees that cover a range, widest first. The range must start at a multiple of the smallest power
  /// of two that is not below its width.
  static func cover(_ range: Range<UInt64>) -> [Place] {
    var places: [Place] = []
    var start = range.lowerBound
    for level in stride(from: 63, through: 0, by: -1)
    where (range.upperBound - range.lowerBound) >> UInt64(level) & 1 == 1 {
      places.append(Place(level: level, number: start >> UInt64(level)))
      start += 1 << UInt64(level)
    }
    return places
  }

  /// The hash of a range of leaves, computed from stored nodes of complete subtrees.
  static func hash(of range: Range<UInt64>, node: (Place) throws -> Digest) rethrows -> Digest {
    let parts = try cover(range).map(node)
    guard var hash = parts.last else { return emptyRoot }
    for left in parts.dropLast().reversed() { hash = nodeHash(left, hash) }
    return hash
  }

  /// The largest power of two below `count`: the point at which RFC 6962 splits a tree.
  static func split(_ count: UInt64) -> UInt64 { 1 << UInt64(63 - (count - 1).leadingZeroBitCount) }
}
