package import CustodyLog
package import CustodyValues

/// The roles of all members at one entry of the log.
package struct RolesThen {
  private var roles: [Identifier: Role] = [:]

  package init() {}

  package subscript(member: Identifier) -> Role? { roles[member] }

  /// Applies the next entry. Call in order, without void entries, and before reading the roles at that entry.
  package mutating func note(_ entry: Entry) {
    guard entry.outcome == .ok, entry.action.isAboutMembers, let role = entry.role(.role) else { return }
    roles[entry.recipient ?? entry.actor] = role
  }
}

extension Entry {
  /// The member whom the entry is about, gives something or takes something from.
  var recipient: Identifier? { identifier(.to) ?? identifier(.member) }
}
