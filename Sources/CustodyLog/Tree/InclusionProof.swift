package import CustodyValues

/// That a leaf stands at an index of a tree: RFC 6962 section 2.1.1, the leaf's sibling first.
package struct InclusionProof: Equatable, Sendable {
  package let index: UInt64
  package let size: UInt64
  package let path: [Digest]

  package init(index: UInt64, size: UInt64, path: [Digest]) { (self.index, self.size, self.path) = (index, size, path) }

  /// From stored nodes of complete subtrees. Nil where the index is not in the tree.
  package init?(index: UInt64, size: UInt64, node: (MerkleTree.Place) throws -> Digest) rethrows {
    guard index < size else { return nil }
    var path: [Digest] = []
    var range = 0..<size
    // Not `range.count`, an Int: a foreign checkpoint may name any 64-bit size.
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

  /// As RFC 9162 section 2.1.3.2 does it: every hash of the path is used, and none is missing.
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
