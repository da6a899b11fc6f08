package import CustodyLog
package import CustodyValues

/// The role that each member had at some entry of the log.
package struct RolesThen {
  private var roles: [Identifier: Role] = [:]

  package init() {}

  package subscript(member: Identifier) -> Role? { roles[member] }

  /// The entries in order, void ones not among them: what one says of a role holds for that entry already.
  package mutating func note(_ entry: Entry) {
    guard entry.outcome == .ok, entry.action.isAboutMembers, let role = entry.role(.role) else { return }
    roles[entry.recipient ?? entry.actor] = role
  }
}

extension Entry {
  /// Whom it gives something, takes something from, or is about.
  var recipient: Identifier? { identifier(.to) ?? identifier(.member) }
}
