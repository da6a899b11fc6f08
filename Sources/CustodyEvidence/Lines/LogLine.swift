package import CustodyLog
package import CustodyValues

/// An entry as people read it: IDs with the names that the reader can open.
package struct LogLine: Sendable {
  package let position: UInt64
  package let entry: Entry
  package let leafHash: Digest
  package let author: Member
  package let actorKey: VerifierKey
  /// The token's or connector's name, where this member can open it.
  package let name: String?
  package let token: TokenDetails?
  package let connector: String?
  package let recipient: Member?
  /// What the recipient was when the entry was written, by it where it says so.
  package let recipientRole: Role?
  package let reason: String?
  /// There is one that this member may read, and it does not open.
  package var isReasonDamaged = false
}

extension LogLine {
  package var actor: String { author.name }

  /// Nil where the author is not among the members.
  package init?(
    _ entry: Entry, at position: UInt64, leaf: Digest, among members: FoldTable<Identifier, Member>, _ roles: RolesThen,
    name: ItemName?, reason: String?
  ) {
    guard let author = members[entry.actor] else { return nil }
    let token = name?.token
    let recipient = entry.recipient.flatMap { members[$0] }
    self.init(
      position: position, entry: entry, leafHash: leaf, author: author,
      actorKey: author.entryKey(origin: entry.origin), name: name?.text, token: token,
      connector: name?.connector?.name ?? token?.connector,
      recipient: recipient, recipientRole: recipient.flatMap { roles[$0.id] }, reason: reason ?? entry.text(.reason))
  }
}
