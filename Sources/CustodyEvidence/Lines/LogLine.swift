public import CustodyLog
public import CustodyValues

/// An entry as people read it: IDs with the names that the reader can open.
public struct LogLine: Sendable {
  public let position: UInt64
  public let entry: Entry
  public let leafHash: Digest
  public let author: Member
  public let actorKey: VerifierKey
  /// The token's or connector's name, where this member can open it.
  public let name: String?
  public let token: TokenDetails?
  public let connector: String?
  public let recipient: Member?
  /// What the recipient was when the entry was written, by it where it says so.
  public let recipientRole: Role?
  public let reason: String?
  /// There is one that this member may read, and it does not open.
  public var isReasonDamaged = false
}

extension LogLine {
  public var actor: String { author.name }

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
