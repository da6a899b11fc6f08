package import CustodyLog
package import CustodyValues

/// A void entry as people read it: who signed it, and which rule it breaks. What it says counts for nothing.
package struct VoidLine: Sendable {
  package let position: UInt64
  package let bytes: [UInt8]
  package let leafHash: Digest
  package let author: Member
  package let actorKey: VerifierKey
  package let origin: String
  package let why: String

  package init?(
    _ void: VoidEntry, _ bytes: [UInt8], leaf: Digest, _ members: FoldTable<Identifier, Member>, origin: String
  ) {
    guard let author = members[void.author] else { return nil }
    (position, why, self.bytes, leafHash) = (void.position, void.why, bytes, leaf)
    (self.author, actorKey, self.origin) = (author, author.entryKey(origin: origin), origin)
  }
}

/// How many void entries a member has signed.
public struct VoidTally: Equatable, Sendable {
  public let name: String
  public let count: Int

  /// Who has most of them first.
  package static func of(_ voids: [VoidEntry], among members: FoldTable<Identifier, Member>) -> [VoidTally] {
    var counts: [Identifier: Int] = [:]
    for void in voids { counts[void.author, default: 0] += 1 }
    let tallies = counts.map { VoidTally(name: members[$0.key]?.name ?? $0.key.hex, count: $0.value) }
    return tallies.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
  }
}
