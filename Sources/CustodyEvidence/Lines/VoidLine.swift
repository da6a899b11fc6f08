package import CustodyLog
package import CustodyValues

/// A void entry for people: its author and the rule that it breaks. Its contents have no effect.
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

/// The count of void entries that one member signed.
public struct VoidTally: Equatable, Sendable {
  /// The member's name.
  public let name: String
  /// Count of their void entries.
  public let count: Int

  /// Tallies of all authors of void entries, the largest first.
  package static func of(_ voids: [VoidEntry], among members: FoldTable<Identifier, Member>) -> [VoidTally] {
    var counts: [Identifier: Int] = [:]
    for void in voids { counts[void.author, default: 0] += 1 }
    let tallies = counts.map { VoidTally(name: members[$0.key]?.name ?? $0.key.hex, count: $0.value) }
    return tallies.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
  }
}
