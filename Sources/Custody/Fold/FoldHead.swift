internal import CustodyCrypto
internal import CustodyLog
package import CustodyValues
internal import CustodyStore

/// The head of a kept fold: its size and root, and the state that is in no row.
package struct FoldHead: Equatable {
  /// Version of the format of rows and state. A fold of another version is not read.
  private static let version: UInt64 = 7

  package let size: UInt64
  package let root: Digest
  /// Number of rows in each table, by the table's number, so that whoever reads a whole table can check the count.
  package let counts: [UInt8: Int]
  package let state: [UInt8]

  package init(size: UInt64, root: Digest, counts: [UInt8: Int], state: [UInt8]) {
    (self.size, self.root, self.counts, self.state) = (size, root, counts, state)
  }

  func bytes(_ shape: FoldShape) -> [UInt8] {
    var out = OctetWriter()
    for number in [Self.version, size, UInt64(shape.last), UInt64(shape.buckets)] { out.write(number) }
    out.write(root)
    out.write(counts.sorted { $0.key < $1.key }) {
      $0.write(UInt64($1.key))
      $0.write(UInt64($1.value))
    }
    return out.bytes + state
  }

  private static let fixedCount = 4 * 8 + Digest.count + 8

  static func read(_ bytes: [UInt8]) -> (FoldHead, FoldShape)? {
    var reader = OctetReader(bytes)
    guard (try? reader.number()) == version, let size = try? reader.number(),
      let last = (try? reader.number()).flatMap({ UInt32(exactly: $0) }),
      let buckets = (try? reader.number()).flatMap({ UInt32(exactly: $0) }), let root = try? reader.digest(),
      let pairs = try? reader.list(
        ofAtLeast: 16,
        { reader throws(OctetReader.Malformed) in
          (try reader.number(), try reader.number())
        })
    else { return nil }
    var counts: [UInt8: Int] = [:]
    for (table, count) in pairs {
      guard let table = UInt8(exactly: table), let count = Int(exactly: count) else { return nil }
      counts[table] = count
    }
    let state = Array(bytes.dropFirst(fixedCount + 16 * pairs.count))
    return (FoldHead(size: size, root: root, counts: counts, state: state), FoldShape(last: last, buckets: buckets))
  }
}
