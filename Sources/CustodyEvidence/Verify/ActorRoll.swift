internal import CustodyCrypto
package import CustodyLog
package import CustodyValues

/// The members whom a bundle proves, with their keys, and the first and last entry of each: `actors.txt` and
/// `tlog-policy`.
package struct ActorRoll {
  private var range: [Identifier: (first: UInt64, last: UInt64)] = [:]
  private var seen: Set<Identifier> = []

  package init() {}

  package mutating func note(_ line: LogLine) {
    let actor = line.entry.actor
    note(actor, at: line.position)
    if line.entry.action.isAboutMembers { seen.insert(line.entry.identifier(.member) ?? actor) }
  }

  /// Notes that a member signed the entry at this position, void or not.
  package mutating func note(_ author: Identifier, at position: UInt64) {
    range[author] = (range[author]?.first ?? position, position)
  }

  /// The text of `actors.txt`, a line for each member in the order of their IDs: verifier key, name, role, index of
  /// their first and last entry, checkpoint key.
  package func text(among members: FoldTable<Identifier, Member>, origin: String) -> [UInt8] {
    let lines = seen.sorted().compactMap { id -> String? in
      guard let member = members[id] else { return nil }
      let active = range[id].map { "\($0.first) \($0.last)" } ?? "- -"
      let keys = (member.entryKey(origin: origin).text, member.checkpointKey(origin: origin).text)
      return "\(keys.0) \(member.name) \(member.role.rawValue) \(active) \(keys.1)\n"
    }
    return Array(lines.joined().utf8)
  }
  /// The text of `tlog-policy`: the keys of all who may sign a checkpoint at this size, in the order of the members'
  /// IDs, then the keys that cosigned.
  ///
  /// The accepted keys don't depend on who signed the bundle's head, except that a member who was removed in their last
  /// transaction signed its checkpoint.
  package func policy(of head: SignedHead, among members: FoldTable<Identifier, Member>) -> TrustPolicy {
    let origin = head.checkpoint.origin
    var policy = TrustPolicy()
    policy.logs = seen.union([head.signer.id]).sorted().compactMap { id in
      guard let member = members[id], member.isActive || id == head.signer.id else { return nil }
      return member.checkpointKey(origin: origin)
    }
    for (member, _) in head.note.cosigners(among: members, origin: origin) ?? [] {
      policy.witnesses.append(TrustPolicy.Witness(name: member.id.hex, key: member.cosignatureKey(origin: origin)))
    }
    guard !policy.witnesses.isEmpty else { return policy }
    policy.groups = [TrustPolicy.Group(name: "cosigners", threshold: .all, members: policy.witnesses.map(\.name))]
    policy.quorum = "cosigners"
    return policy
  }
}
