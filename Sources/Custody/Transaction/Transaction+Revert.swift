internal import CustodyCrypto
public import CustodyLog
package import CustodyValues
internal import CustodyStore

/// What a revert would take back, and who brought it.
package struct Reversion: Sendable {
  /// Of the newest value, and of the one that would be brought back.
  package let revision: UInt64
  package let earlier: UInt64
  /// The entry that brought the newest value.
  package let action: Action
  package let author: Member
  package let time: Timestamp
  /// An exchange brought the newest value: at the provider the one before may be worthless.
  package let isOverExchange: Bool
}

extension Transaction {
  /// Brings back the value before the newest, under a new data key for who has a grant: where the newest one is junk. A token
  /// is in doubt from then on.
  public func revert(
    _ kind: ItemKind, _ name: String, reason: String? = nil, leavingOut: [String]? = nil
  ) throws(VaultError) {
    try translating {
      let action = Action(.revert, kind)
      guard let item = try core.item(kind, name) else { throw core.notFound(kind, name) }
      try requireRole(for: action, item: item.id)
      try core.checkReversible(item, name, action)
      try putRow(of: item)
      let note = try reasonNote(reason, on: item)
      let found = current(item)
      let secret = try core.openEarlier(found, name, for: action).secret(in: core.arena)
      let leavingOut = try members(leftOut: leavingOut, of: found, name)
      try replaceKey(of: found, secret, revision: found.revision + 1, leavingOut: leavingOut, action) {
        note?.name(in: &$0)
      }
      if let note { try core.store.put(note.row) }
    }
  }
}

extension Core {
  /// Refuses, on the record, who may not bring the value before the newest back.
  fileprivate func checkReversible(_ item: Item, _ name: String, _ action: Action) throws {
    guard isHolder(of: item) else { throw try notShared(item, name).denying(action, item.id) }
    guard let earlier = item.earlier else {
      throw VaultError(
        .notFound, "cannot revert \"\(name)\": it has had no value before this one", subject: name,
        hint: "to store another: \(step: .rotate(item.kind, name))")
    }
    guard history.grants(ofEarlier: item)[me] != nil else {
      throw VaultError(
        .notPermitted, "cannot revert \"\(name)\": you could not open the value before", subject: name,
        hint: "who could: \(earlierHolders(of: item)); an admin can rotate it"
      ).denying(action, item.id)
    }
    guard try !earlier.isForAdmins || author().role == .admin else {
      throw VaultError(
        .notPermitted, "cannot revert \"\(name)\": an admin brought the value that it has", subject: name,
        hint: "an admin can, who could open the one before; that one was open to: \(earlierHolders(of: item))"
      ).denying(action, item.id)
    }
  }

  /// Who may bring the value before the newest back.
  func reverters(of item: Item) -> [Identifier] {
    guard let earlier = item.earlier else { return [] }
    return history.grants(ofEarlier: item).filter { id, grant in
      guard let member = history.members[id], member.isActive, !grant.isExpired(at: now()) else { return false }
      return member.role == .admin || member.role == .developer && !earlier.isForAdmins
    }.map(\.key)
  }

  private func earlierHolders(of item: Item) -> String {
    let names = history.grants(ofEarlier: item).keys.map { name(of: $0) }.sorted()
    return names.isEmpty ? "nobody any more" : names.joined(separator: ", ")
  }
}

extension Session {
  /// What a revert of an item would take back.
  package func reversion(of kind: ItemKind, _ name: String) throws(VaultError) -> Reversion {
    try translating {
      try core.reading {
        guard let item = try core.item(kind, name) else { throw core.notFound(kind, name) }
        try core.checkReversible(item, name, Action(.revert, kind))
        let entry = try core.ledger.proved(item.value.entry)
        guard let author = core.history.members[entry.actor], let earlier = item.earlier else {
          throw core.broken(item, "its newest value has no author")
        }
        return Reversion(
          revision: item.revision, earlier: earlier.revision, action: entry.action, author: author, time: entry.time,
          isOverExchange: earlier.key == nil)
      }
    }
  }
}
