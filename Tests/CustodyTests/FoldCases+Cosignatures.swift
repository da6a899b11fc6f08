import CustodyLog
import CustodyValues

extension FoldCase {
  /// None is void, whatever it signs. Those that are called damaged do not hold.
  static let cosignatures: [FoldCase] = [
    FoldCase("a cosignature") { try $0.cosign(5) },
    FoldCase("a damaged cosignature: junk for a signature") { log in
      try log.cosign(5) { _ in Array(repeating: 7, count: 72) }
    },
    FoldCase("a damaged cosignature: another time") { log in
      try log.cosign(5) { payload in
        var other = payload
        other[7] ^= 1
        return other
      }
    },
    FoldCase("a damaged cosignature: by another's key") { log in try log.cosign(5, with: log.ada) },
    // R is a point of order 4, which libsodium and the page refuse alike.
    FoldCase("a damaged cosignature: a point of small order") { log in
      try log.cosign(5) { $0[..<8] + Array(repeating: 0, count: 64) }
    },
    FoldCase("a damaged cosignature: of another root") { log in
      try log.cosign(5, of: { seen in Seen(size: seen.size, root: log.digest()) })
    },
    FoldCase("a damaged cosignature: of a size that is none yet") { log in
      try log.cosign(5, of: { seen in Seen(size: 1 << 40, root: seen.root) })
    },
    FoldCase("a damaged cosignature: of the largest number") { log in
      try log.cosign(5, of: { seen in Seen(size: .max, root: seen.root) })
    },
    FoldCase("a damaged cosignature: of no entries") { try $0.cosign(0) },
  ]

  static let cosignatureGrammar: [FoldCase] = [
    FoldCase("a cosignature that is too short") { try $0.cosign(5) { Array($0.dropLast(3)) } },
    FoldCase("a cosignature that is too long") { try $0.cosign(5) { $0 + [1, 2, 3] } },
    FoldCase("a cosignature with padding") { try $0.cosign(5) { Array($0.dropLast()) } },
  ]
}

extension CaseLog {
  /// dev's of the log at a size, as `changed`, or of another checkpoint.
  func cosign(
    _ size: Int, with signer: Author? = nil, _ changed: ([UInt8]) -> [UInt8] = { $0 }
  ) throws -> [UInt8] {
    let seen = seen(size)
    let payload = try changed(payload(seen, by: signer ?? dev))
    return try entry(.logCosign, dev) { $0.set(seen, cosignature: payload) }
  }

  func cosign(_ size: Int, of other: (Seen) -> Seen) throws -> [UInt8] {
    let seen = other(seen(size))
    let payload = try payload(seen, by: dev)
    return try entry(.logCosign, dev) { $0.set(seen, cosignature: payload) }
  }

  private func seen(_ size: Int) -> Seen {
    var tree = MerkleTree()
    for entry in entries.prefix(size) { tree.append(MerkleTree.leafHash(entry)) }
    return Seen(size: tree.size, root: tree.root)
  }

  private func payload(_ seen: Seen, by signer: Author) throws -> [UInt8] {
    let text = Checkpoint(origin: origin, size: seen.size, root: seen.root).text
    let key = try signer.seed.cosignatureKey(in: arena)
    return Cosignature.payload(1_795_000_000, key.sign(Cosignature.message(1_795_000_000, text)))
  }
}
