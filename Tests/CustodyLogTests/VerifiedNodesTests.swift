import CustodyCrypto
import CustodyLog
import CustodyValues
import Testing

/// Stored nodes are believed only under a root that was verified.
struct VerifiedNodesTests {
  private static func tree(_ size: Int) -> (tree: MerkleTree, stored: [MerkleTree.Place: Digest]) {
    var tree = MerkleTree()
    var stored: [MerkleTree.Place: Digest] = [:]
    for number in 0..<size {
      tree.append(SHA256.hash([UInt8(number & 255), UInt8(number >> 8 & 255), UInt8(number >> 16)])) { stored[$0] = $1 }
    }
    return (tree, stored)
  }

  @Test func `every leaf of every tree is found by its path, and one path serves the next`() {
    for size in 1...66 {
      let (tree, stored) = Self.tree(size)
      var nodes = VerifiedNodes()
      nodes.add(tree)
      var asked = 0
      for position in (0..<UInt64(size)).shuffled() {
        let leaf = nodes.leaf(position) {
          asked += 1
          return stored[$0]
        }
        #expect(leaf == stored[MerkleTree.Place(level: 0, number: position)])
      }
      #expect(asked <= 2 * stored.count)
      #expect(nodes.leaf(UInt64(size)) { stored[$0] } == nil)
      #expect(nodes.leaf(.max) { stored[$0] } == nil)
    }
  }

  @Test func `a leaf whose stored path was changed anywhere is not found`() {
    let (tree, stored) = Self.tree(21)
    for position in [UInt64(0), 7, 15, 16, 20] {
      var asked: [MerkleTree.Place] = []
      var nodes = VerifiedNodes()
      nodes.add(tree)
      _ = nodes.leaf(position) {
        asked.append($0)
        return stored[$0]
      }
      for place in asked {
        var changed = stored
        changed[place] = SHA256.hash([1, 2, 3, 4])
        var fresh = VerifiedNodes()
        fresh.add(tree)
        #expect(fresh.leaf(position) { changed[$0] } == nil)
        changed[place] = nil
        #expect(fresh.leaf(position) { changed[$0] } == nil)
        // A failure leaves nothing behind that is accepted later.
        #expect(fresh.leaf(position) { stored[$0] } == stored[MerkleTree.Place(level: 0, number: position)])
      }
    }
  }

  @Test func `what is forgotten of many nodes is found again under the peaks`() {
    let size = 70_001
    let (tree, stored) = Self.tree(size)
    var nodes = VerifiedNodes()
    nodes.add(tree)
    var lost = 0
    for position in 0..<UInt64(size) {
      let leaf = stored[MerkleTree.Place(level: 0, number: position)]
      if nodes.leaf(position, node: { stored[$0] }) != leaf {
        lost += 1
        nodes.add(tree)
        #expect(nodes.leaf(position) { stored[$0] } == leaf)
      }
    }
    // The peaks of a few low levels, no more.
    #expect(lost < 10)
  }
}
