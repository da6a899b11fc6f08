package import CustodyLog
package import CustodyValues

/// An entry for people: IDs are shown with the names that the reader can decrypt.
package struct LogLine: Sendable {
  package let position: UInt64
  package let entry: Entry
  package let leafHash: Digest
  package let author: Member
  package let actorKey: VerifierKey
  /// The token's or connector's name, if the reader can decrypt it.
  package let name: String?
  package let token: TokenDetails?
  package let connector: String?
  package let recipient: Member?
  /// The recipient's role at the entry. If the entry gives a role, that one.
  package let recipientRole: Role?
  package let reason: String?
  /// True if there is a reason that the reader may read and that does not decrypt.
  package var isReasonDamaged = false
}

extension LogLine {
  package var actor: String { author.name }

  /// Nil if the author is not among the members.
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
