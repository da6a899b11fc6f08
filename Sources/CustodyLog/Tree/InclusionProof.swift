package import CustodyValues

/// A proof that a leaf is at an index of a tree, as in RFC 6962 section 2.1.1. `path` begins with the leaf's sibling.
package struct InclusionProof: Equatable, Sendable {
  package let index: UInt64
  package let size: UInt64
  package let path: [Digest]

  package init(index: UInt64, size: UInt64, path: [Digest]) { (self.index, self.size, self.path) = (index, size, path) }

  /// Builds the proof from stored nodes of complete subtrees. Nil if the index is outside the tree.
  package init?(index: UInt64, size: UInt64, node: (MerkleTree.Place) throws -> Digest) rethrows {
    guard index < size else { return nil }
    var path: [Digest] = []
    var range = 0..<size
    // `range.count` is an Int and would overflow: a foreign checkpoint may name any 64-bit size.
    while range.upperBound - range.lowerBound > 1 {
      let middle = range.lowerBound + MerkleTree.split(range.upperBound - range.lowerBound)
      if index < middle {
        path.append(try MerkleTree.hash(of: middle..<range.upperBound, node: node))
        range = range.lowerBound..<middle
      } else {
        path.append(try MerkleTree.hash(of: range.lowerBound..<middle, node: node))
        range = middle..<range.upperBound
      }
    }
    self.init(index: index, size: size, path: path.reversed())
  }

  /// Checks the proof by the algorithm of RFC 9162 section 2.1.3.2: it must use every hash of the path and need no
  /// more.
  package func verifies(leaf: Digest, root: Digest) -> Bool {
    guard index < size else { return false }
    var (node, last, hash) = (index, size - 1, leaf)
    for sibling in path {
      guard last > 0 else { return false }
      if node & 1 == 1 || node == last {
        hash = MerkleTree.nodeHash(sibling, hash)
        while node & 1 == 0, node != 0 {
          node >>= 1
          last >>= 1
        }
      } else {
        hash = MerkleTree.nodeHash(hash, sibling)
      }
      node >>= 1
      last >>= 1
    }
    return last == 0 && hash == root
  }
}
