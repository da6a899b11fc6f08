internal import CustodyLog
internal import CustodyValues

/// The role that each member had at some entry of the log.
struct RolesThen {
  private var roles: [Identifier: Role] = [:]

  subscript(member: Identifier) -> Role? { roles[member] }

  /// The entries in order, void ones not among them: what one says of a role holds for that entry already.
  mutating func note(_ entry: Entry) {
    guard entry.outcome == .ok, entry.action.isAboutMembers, let role = entry.role(.role) else { return }
    roles[entry.recipient ?? entry.actor] = role
  }
}

extension Entry {
  /// Whom it gives something, takes something from, or is about.
  var recipient: Identifier? { identifier(.to) ?? identifier(.member) }
}
