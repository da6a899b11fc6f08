package import CustodyLog
internal import CustodyValues

/// A writer of a log's tiles from its entries in order. It keeps one tile of each level in memory.
package struct TileWriter {
  package private(set) var tree = MerkleTree()
  private var entries: [UInt8] = []
  private var hashes: [[UInt8]] = []
  private let put: (Tile, [UInt8]) throws -> Void

  package init(_ put: @escaping (Tile, [UInt8]) throws -> Void) { self.put = put }

  package mutating func append(_ entry: [UInt8]) throws {
    var made: [(MerkleTree.Place, Digest)] = []
    tree.append(MerkleTree.leafHash(entry)) { made.append(($0, $1)) }
    entries += EntryBundle.frame(entry)
    for (place, hash) in made where place.level % 8 == 0 {
      if hashes.count <= place.level / 8 { hashes.append([]) }
      hashes[place.level / 8] += hash.bytes
      try flush(place.level / 8, place.number + 1)
    }
  }

  /// Writes a level's tile if it is full, or at the end if it has anything.
  private mutating func flush(_ level: Int, _ count: UInt64, isLast: Bool = false) throws {
    let width = Int(count % UInt64(Tile.fullWidth))
    guard width == 0 || isLast, count > 0, !hashes[level].isEmpty else { return }
    let number = (count - 1) / UInt64(Tile.fullWidth)
    func tile(_ content: Tile.Content) -> Tile {
      Tile(content, number: number, width: width == 0 ? Tile.fullWidth : width)
    }
    try put(tile(.hashes(level: level)), hashes[level])
    hashes[level] = []
    guard level == 0 else { return }
    try put(tile(.entries), entries)
    entries = []
  }

  package mutating func finish() throws {
    for level in hashes.indices { try flush(level, tree.size >> UInt64(8 * level), isLast: true) }
  }
}
