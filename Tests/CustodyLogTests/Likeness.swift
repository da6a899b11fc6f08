import CustodyLog
import CustodyValues
import Testing

/// Two folds that say the same, but for the tree, the void entries and one member's counter.
func expectAlike(
  _ one: History, _ other: History, besides author: Story.Person? = nil,
  _ place: SourceLocation = #_sourceLocation
) {
  #expect(one.origin == other.origin, sourceLocation: place)
  #expect(one.epochs == other.epochs, sourceLocation: place)
  #expect(one.tags.count == other.tags.count, sourceLocation: place)
  #expect([one.notes, one.transactions] == [other.notes, other.transactions], sourceLocation: place)
  #expect(one.recordedCosignatures == other.recordedCosignatures, sourceLocation: place)
  #expect(Set(one.members.map(\.id)) == Set(other.members.map(\.id)), sourceLocation: place)
  for member in one.members {
    let id = member.id
    guard let same = other.members[id] else { continue }
    #expect((member.name, member.role, member.keys) == (same.name, same.role, same.keys), sourceLocation: place)
    #expect((member.enrolled, member.enrolledBy) == (same.enrolled, same.enrolledBy), sourceLocation: place)
    #expect((member.removed, member.machine) == (same.removed, same.machine), sourceLocation: place)
    #expect(member.seedEntry == same.seedEntry, sourceLocation: place)
    #expect(member.lastSeq == same.lastSeq || id == author?.id, sourceLocation: place)
  }
  #expect(one.items.count == other.items.count, sourceLocation: place)
  for item in one.items {
    guard let same = other.items[item.id] else {
      Issue.record("an item is missing", sourceLocation: place)
      continue
    }
    expectAlike(item, same, place)
    #expect(one.tags[item.place] == other.tags[item.place], sourceLocation: place)
    let (grants, others) = (one.grants(of: item), other.grants(of: same))
    #expect(Set(grants.keys) == Set(others.keys), sourceLocation: place)
    for (id, grant) in grants {
      #expect((grant.right, grant.until) == (others[id]?.right, others[id]?.until), sourceLocation: place)
      #expect(grant.envelope == others[id]?.envelope, sourceLocation: place)
      #expect(grant.metadataEnvelope == others[id]?.metadataEnvelope, sourceLocation: place)
    }
    let (before, after) = (one.grants(ofEarlier: item), other.grants(ofEarlier: same))
    #expect(before.mapValues(\.envelope) == after.mapValues(\.envelope), sourceLocation: place)
    #expect(one.leavers(of: item).sorted() == other.leavers(of: same).sorted(), sourceLocation: place)
    let time = item.stored.time
    #expect(
      one.members.map(\.id).filter { one.isMetadataKeyStale(of: item, for: $0, at: time) }.sorted()
        == other.members.map(\.id).filter { other.isMetadataKeyStale(of: same, for: $0, at: time) }.sorted(),
      sourceLocation: place)
  }
}

private func expectAlike(_ one: Item, _ other: Item, _ place: SourceLocation) {
  #expect((one.kind, one.tag, one.connector) == (other.kind, other.tag, other.connector), sourceLocation: place)
  #expect((one.storedBy, one.stored) == (other.storedBy, other.stored), sourceLocation: place)
  #expect((one.revision, one.generation) == (other.revision, other.generation), sourceLocation: place)
  #expect((one.value, one.broughtBack) == (other.value, other.broughtBack), sourceLocation: place)
  let (earlier, same) = (one.earlier, other.earlier)
  #expect((earlier?.value, earlier?.revision) == (same?.value, same?.revision), sourceLocation: place)
  #expect(earlier?.isForAdmins == same?.isForAdmins, sourceLocation: place)
  #expect(
    (earlier?.key?.dataKey, earlier?.key?.generation) == (same?.key?.dataKey, same?.key?.generation),
    sourceLocation: place)
  #expect((one.dataKey, one.metadataKey) == (other.dataKey, other.metadataKey), sourceLocation: place)
  #expect(
    (one.details, one.destination, one.expiry) == (other.details, other.destination, other.expiry),
    sourceLocation: place)
  #expect((one.life, one.isRetired) == (other.life, other.isRetired), sourceLocation: place)
  #expect((one.exposures, one.unseen) == (other.exposures, other.unseen), sourceLocation: place)
  #expect(one.tokensInUse == other.tokensInUse, sourceLocation: place)
}
