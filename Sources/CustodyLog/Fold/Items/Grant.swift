public import CustodyValues

/// The right of one member to decrypt one item, and the sealed keys that make it possible.
public struct Grant: Sendable {
  /// Position of the entry that gave the right: a store, a share or a rotate.
  package let right: UInt64
  /// End of the grant, exclusive. Nil for a grant without end.
  public let until: Timestamp?
  /// The data key, sealed to the member.
  package internal(set) var envelope: NamedEnvelope
  /// The newest metadata key, sealed to the member. Nil for an admin, who decrypts it by the audit key.
  package internal(set) var metadataEnvelope: NamedEnvelope?

  init(right: UInt64, until: Timestamp?, envelope: NamedEnvelope, metadataEnvelope: NamedEnvelope?) {
    (self.right, self.until, self.envelope, self.metadataEnvelope) = (right, until, envelope, metadataEnvelope)
  }

  /// True if the holder may give a grant that ends at `other`: it must not outlast their own.
  package func covers(_ other: Timestamp?) -> Bool {
    guard let until else { return true }
    return other.map { $0 <= until } ?? false
  }

  package func isExpired(at time: Timestamp) -> Bool { until.map { $0 <= time } ?? false }
}

/// An envelope as its entry names it: by its own hash, or (nil) by one hash over all envelopes of that entry.
package struct NamedEnvelope: Equatable, Sendable {
  package let entry: UInt64
  package let sha256: Digest?

  init(entry: UInt64, sha256: Digest? = nil) { (self.entry, self.sha256) = (entry, sha256) }
}

extension History {
  /// Count of items of a kind, retired ones included.
  package func count(of kind: ItemKind) -> Int { kind == .connector ? Int(connectors) : items.count - Int(connectors) }

  /// The grants that stand. A member who was removed or became an auditor has none, although no entry was written about
  /// the item.
  package func grants(of item: Item) -> [Identifier: Grant] { item.grants.filter { stands($0.value, of: $0.key) } }

  package func grant(of member: Identifier, in item: Item) -> Grant? {
    item.grants[member].flatMap { stands($0, of: member) ? $0 : nil }
  }

  /// The grants that stand and have an envelope of the data key of the value before the newest.
  package func grants(ofEarlier item: Item) -> [Identifier: Grant] {
    guard let earlier = item.earlier else { return [:] }
    return earlier.key.map { $0.grants.filter { stands($0.value, of: $0.key) } } ?? grants(of: item)
  }

  /// Members without a standing grant who may still have the newest data key.
  package func leavers(of item: Item) -> [Identifier] {
    item.takenBack + item.grants.filter { !stands($0.value, of: $0.key) }.keys
  }

  private func stands(_ grant: Grant, of member: Identifier) -> Bool {
    guard let member = members[member], member.isActive else { return false }
    return member.lostGrants.map { grant.right > $0 } ?? true
  }

  /// The time with which a grant's end is compared if a single clock must not decide: the newest time that an admin
  /// stated, or the author's own if that is later and they are an admin.
  func reference(_ author: Identifier, _ time: Timestamp) -> Timestamp? {
    guard members[author]?.role == .admin else { return adminTime }
    return max(adminTime ?? time, time)
  }

  /// True if somebody who has the newest metadata key has lost the right to read what is written from now on.
  package func isMetadataKeyStale(of item: Item, for author: Identifier, at time: Timestamp) -> Bool {
    if item.metadataKey.isWithLeaver || item.metadataKey.epoch <= auditKeyLost { return true }
    let reference = reference(author, time)
    // A former admin who holds the item has no envelope until there is a new key.
    return item.grants.contains { member, grant in
      grant.metadataEnvelope != nil
        && (!keepsMetadata(member, grant) || reference.map { grant.isExpired(at: $0) } ?? false)
    }
  }

  /// True if the member may keep a metadata key. An auditor may decrypt every name.
  private func keepsMetadata(_ member: Identifier, _ grant: Grant) -> Bool {
    stands(grant, of: member) || members[member].map { $0.isActive && $0.role == .auditor } ?? false
  }

  /// True for admins and auditors, who decrypt every metadata key by the audit key.
  package func opensNames(_ member: Identifier) -> Bool { members[member].map { $0.role != .developer } ?? false }

  /// The members who get an envelope of a new metadata key, if it is made by this author at this time.
  package func metadataRecipients(of item: Item, for author: Identifier, at time: Timestamp) -> [Identifier] {
    let reference = reference(author, time)
    return grants(of: item).filter { !opensNames($0.key) && !(reference.map($0.value.isExpired) ?? false) }.map(\.key)
  }

  /// True if a holder can write text about an item: under the newest metadata key, or if that is stale under one that
  /// they may make. A holder whose grant has ended by an admin's clock can do neither.
  package func canWrite(about item: Item, _ holder: Identifier, at time: Timestamp) -> Bool {
    if opensNames(holder) { return true }
    guard isMetadataKeyStale(of: item, for: holder, at: time) else {
      return grant(of: holder, in: item)?.metadataEnvelope != nil
    }
    return metadataRecipients(of: item, for: holder, at: time).contains(holder)
  }

  /// True if the author may leave a member's grant out of a new data key.
  package func mayLeaveOut(_ member: Identifier, of item: Item, by author: Identifier) -> Bool {
    guard let grant = grant(of: member, in: item), member != author else { return false }
    if members[author]?.role == .admin || isRegistrar(author, of: item) { return true }
    return adminTime.map { grant.isExpired(at: $0) } ?? false
  }

  /// True if a share with this end would shorten the member's grant. That takes a right away, as an unshare does.
  package func shortens(_ member: Identifier, _ until: Timestamp?, in item: Item) -> Bool {
    guard let until, let grant = grant(of: member, in: item) else { return false }
    return grant.until.map { until < $0 } ?? true
  }

  /// True for the member who registered a connector, as long as they have a grant of it.
  package func isRegistrar(_ member: Identifier, of item: Item) -> Bool {
    item.kind == .connector && item.storedBy == member && grant(of: member, in: item) != nil
  }
}
