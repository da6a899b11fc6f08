internal import CustodyCrypto
public import CustodyLog
package import CustodyValues
internal import CustodyStore

/// The effect of a revert: the value that it takes back, and who brought that.
package struct Reversion: Sendable {
  /// Revision of the newest value.
  package let revision: UInt64
  /// Revision of the value to be brought back.
  package let earlier: UInt64
  /// The entry that brought the newest value.
  package let action: Action
  package let author: Member
  package let time: Timestamp
  /// True if an exchange brought the newest value: the previous one may then be worthless at the provider.
  package let isOverExchange: Bool
}

extension Transaction {
  /// Brings back the previous value when the newest one is junk, under a new data key for everyone with a grant. A
  /// token is in doubt from then on.
  ///
  /// - Parameters:
  ///   - kind: connector or token.
  ///   - name: the item's name.
  ///   - reason: the reason, sealed in the log.
  ///   - leavingOut: names of members whose grants end by it: see ``NewValue/leavingOut``.
  /// - Throws: ``VaultError``: `notFound` for the item or an earlier value, `notShared`, `notPermitted`.
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
  /// Refuses, and has the refusal recorded, unless the author may bring back the previous value.
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

  /// Returns the IDs of the members who may bring back the previous value.
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
  /// Returns what a revert of an item would take back.
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
