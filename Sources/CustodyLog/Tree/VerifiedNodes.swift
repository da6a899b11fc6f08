package import CustodyValues

/// A cache of tree nodes proved by a verified root.
///
/// A stored leaf is accepted once the hashes on its path lead to a node in the cache; the path's nodes then join the
/// cache. A single leaf costs one path, all leaves in turn about one node each.
package struct VerifiedNodes: Sendable {
  private var known: [MerkleTree.Place: Digest] = [:]
  /// Most nodes kept at a time: more than random reads need, and small enough for a reader of a million entries in a
  /// row.
  private static let limit = 1 << 16
  private static let keptLevel = 8

  package init() {}

  package mutating func add(_ place: MerkleTree.Place, _ hash: Digest) {
    if known.count >= Self.limit { known = known.filter { $0.key.level >= Self.keptLevel } }
    known[place] = hash
  }

  /// Adds the peaks of a tree whose root was verified.
  package mutating func add(_ tree: MerkleTree) { for peak in tree.peaks { known[peak.place] = peak.hash } }

  /// The hash of a leaf if its stored path leads to a verified node, else nil.
  package mutating func leaf(
    _ position: UInt64, node stored: (MerkleTree.Place) throws -> Digest?
  ) rethrows -> Digest? {
    var place = MerkleTree.Place(level: 0, number: position)
    if let hash = known[place] { return hash }
    guard let leaf = try stored(place) else { return nil }
    var hash = leaf
    var path: [(MerkleTree.Place, Digest)] = []
    while place.level < 63 {
      if let believed = known[place] {
        guard believed == hash else { return nil }
        for (place, hash) in path { add(place, hash) }
        return leaf
      }
      let sibling = MerkleTree.Place(level: place.level, number: place.number ^ 1)
      guard let other = try known[sibling] ?? stored(sibling) else { return nil }
      path += [(place, hash), (sibling, other)]
      hash =
        place.number & 1 == 0 ? MerkleTree.nodeHash(hash, other) : MerkleTree.nodeHash(other, hash)
      place = MerkleTree.Place(level: place.level + 1, number: place.number >> 1)
    }
    return nil
  }
}
