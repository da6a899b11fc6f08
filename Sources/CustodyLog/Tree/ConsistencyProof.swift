package import CustodyValues

/// A proof that the first `oldSize` leaves of a tree form an older tree, as in RFC 6962 section 2.1.2.
package struct ConsistencyProof: Equatable, Sendable {
  package let oldSize: UInt64
  package let newSize: UInt64
  package let path: [Digest]

  package init(oldSize: UInt64, newSize: UInt64, path: [Digest]) {
    (self.oldSize, self.newSize, self.path) = (oldSize, newSize, path)
  }

  /// Builds the proof from stored nodes of complete subtrees. Nil if the older tree is larger.
  package init?(from oldSize: UInt64, to newSize: UInt64, node: (MerkleTree.Place) throws -> Digest) rethrows {
    guard oldSize <= newSize else { return nil }
    var path: [Digest] = []
    if oldSize > 0, oldSize < newSize {
      var (old, range, isWhole) = (oldSize, 0..<newSize, true)
      while old < range.upperBound {
        let middle = range.lowerBound + MerkleTree.split(range.upperBound - range.lowerBound)
        if old <= middle {
          path.append(try MerkleTree.hash(of: middle..<range.upperBound, node: node))
          range = range.lowerBound..<middle
        } else {
          path.append(try MerkleTree.hash(of: range.lowerBound..<middle, node: node))
          range = middle..<range.upperBound
          isWhole = false
        }
      }
      old = range.upperBound
      if !isWhole { path.append(try MerkleTree.hash(of: range, node: node)) }
    }
    self.init(oldSize: oldSize, newSize: newSize, path: path.reversed())
  }

  /// Checks the proof against both roots by the algorithm of RFC 9162 section 2.1.4.2.
  package func verifies(oldRoot: Digest, newRoot: Digest) -> Bool {
    guard oldSize > 0, oldSize < newSize else {
      if oldSize == newSize { return path.isEmpty && oldRoot == newRoot }
      return oldSize == 0 && path.isEmpty && oldRoot == MerkleTree.emptyRoot
    }
    var rest = path[...]
    var (node, last) = (oldSize - 1, newSize - 1)
    while node & 1 == 1 {
      node >>= 1
      last >>= 1
    }
    // If the older tree is one complete subtree, its root starts the computation and is not in the path.
    guard let first = node == 0 ? oldRoot : rest.popFirst() else { return false }
    var (old, new) = (first, first)
    for hash in rest {
      guard last > 0 else { return false }
      if node & 1 == 1 || node == last {
        old = MerkleTree.nodeHash(hash, old)
        new = MerkleTree.nodeHash(hash, new)
        while node & 1 == 0, node != 0 {
          node >>= 1
          last >>= 1
        }
      } else {
        new = MerkleTree.nodeHash(new, hash)
      }
      node >>= 1
      last >>= 1
    }
    return last == 0 && old == oldRoot && new == newRoot
  }
}
