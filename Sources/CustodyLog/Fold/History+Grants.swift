package import CustodyValues

extension History {
  /// How many items of a kind there have been.
  package func count(of kind: ItemKind) -> Int { kind == .connector ? Int(connectors) : items.count - Int(connectors) }

  /// Members who may open an item. One who was removed, or became an auditor, may not, although nothing was written about
  /// the item then.
  package func grants(of item: Item) -> [Identifier: Grant] { item.grants.filter { stands($0.value, of: $0.key) } }

  package func grant(of member: Identifier, in item: Item) -> Grant? {
    item.grants[member].flatMap { stands($0, of: member) ? $0 : nil }
  }

  /// Members who have an envelope of the data key of the value before the newest, by a grant that stands.
  package func grants(ofEarlier item: Item) -> [Identifier: Grant] {
    guard let earlier = item.earlier else { return [:] }
    return earlier.key.map { $0.grants.filter { stands($0.value, of: $0.key) } } ?? grants(of: item)
  }

  /// Members without a grant who may still have the newest data key.
  package func leavers(of item: Item) -> [Identifier] {
    item.takenBack + item.grants.filter { !stands($0.value, of: $0.key) }.keys
  }

  private func stands(_ grant: Grant, of member: Identifier) -> Bool {
    guard let member = members[member], member.isActive else { return false }
    return member.lostGrants.map { grant.right > $0 } ?? true
  }

  /// The time that a grant is held against where somebody else's clock must not decide: what admins have said so far, and
  /// the author's own if they are one.
  func reference(_ author: Identifier, _ time: Timestamp) -> Timestamp? {
    guard members[author]?.role == .admin else { return adminTime }
    return max(adminTime ?? time, time)
  }

  /// Returns true if a member who has the newest metadata key may no longer read what is written from now on.
  package func isMetadataKeyStale(of item: Item, for author: Identifier, at time: Timestamp) -> Bool {
    if item.metadataKey.isWithLeaver || item.metadataKey.epoch <= auditKeyLost { return true }
    let reference = reference(author, time)
    // A former admin who holds the item has none until there is a new key.
    return item.grants.contains { member, grant in
      grant.metadataEnvelope != nil
        && (!keepsMetadata(member, grant) || reference.map { grant.isExpired(at: $0) } ?? false)
    }
  }

  /// An auditor opens every name.
  private func keepsMetadata(_ member: Identifier, _ grant: Grant) -> Bool {
    stands(grant, of: member) || members[member].map { $0.isActive && $0.role == .auditor } ?? false
  }

  /// Admins and auditors open every metadata key by the audit key.
  package func opensNames(_ member: Identifier) -> Bool { members[member].map { $0.role != .developer } ?? false }

  /// Returns the members who get an envelope of a new metadata key, by an entry of this author and time.
  package func metadataRecipients(of item: Item, for author: Identifier, at time: Timestamp) -> [Identifier] {
    let reference = reference(author, time)
    return grants(of: item).filter { !opensNames($0.key) && !(reference.map($0.value.isExpired) ?? false) }.map(\.key)
  }

  /// Returns true if a holder can write about an item: under the newest metadata key, or, if it is stale, under a new
  /// one that they may make. A holder until some time can do neither while an admin's clock is past that time.
  package func canWrite(about item: Item, _ holder: Identifier, at time: Timestamp) -> Bool {
    if opensNames(holder) { return true }
    guard isMetadataKeyStale(of: item, for: holder, at: time) else {
      return grant(of: holder, in: item)?.metadataEnvelope != nil
    }
    return metadataRecipients(of: item, for: holder, at: time).contains(holder)
  }

  /// Returns true if an author may leave a member's grant out of a new data key.
  package func mayLeaveOut(_ member: Identifier, of item: Item, by author: Identifier) -> Bool {
    guard let grant = grant(of: member, in: item), member != author else { return false }
    if members[author]?.role == .admin || isRegistrar(author, of: item) { return true }
    return adminTime.map { grant.isExpired(at: $0) } ?? false
  }

  /// Returns true if a share until then would end earlier than the grant that the member has. That takes something
  /// away, as an unshare does.
  package func shortens(_ member: Identifier, _ until: Timestamp?, in item: Item) -> Bool {
    guard let until, let grant = grant(of: member, in: item) else { return false }
    return grant.until.map { until < $0 } ?? true
  }

  /// Returns true if this member registered the connector and still holds it.
  package func isRegistrar(_ member: Identifier, of item: Item) -> Bool {
    item.kind == .connector && item.storedBy == member && grant(of: member, in: item) != nil
  }
}
