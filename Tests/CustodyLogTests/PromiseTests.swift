import CustodyLog
import CustodyTesting
import CustodyValues
import Testing

/// Long random logs of valid and void entries, compared with a model that tracks who was ever given which metadata key.
struct PromiseTests {
  /// A model, independent of the fold, of who may read and what they may have kept.
  private struct Model {
    /// For each item the members who know its newest metadata key: they were given it, or had the audit key while it
    /// was the newest.
    var known: [Identifier: Set<Identifier>] = [:]
    var adminTime: Timestamp?

    init(_ story: Story) {
      adminTime = story.time
      for item in story.history.items {
        known[item.id] = Set(story.history.grants(of: item).filter { $0.value.metadataEnvelope != nil }.keys)
      }
    }

    /// True if, by the fold before or after an entry, the member may read what its author writes now.
    func mayRead(_ member: Identifier, _ item: Item, _ history: History, _ reference: Timestamp?) -> Bool {
      guard let person = history.members[member], person.isActive else { return false }
      guard person.role == .developer else { return true }
      guard let grant = history.grant(of: member, in: item) else { return false }
      return !(reference.map(grant.isExpired) ?? false)
    }

    mutating func follow(_ entry: Entry, from before: History, to after: History) {
      for member in before.activeMembers where member.role != .developer {
        let id = member.id
        // A member who loses the audit key keeps every key that it opened.
        let now = after.members[id]
        if now?.isActive == true, now?.role != .developer { continue }
        for item in before.items { known[item.id, default: []].insert(id) }
      }
      if let id = entry.identifier(.item), let item = after.items[id] {
        if item.metadataKey.generation != before.items[id]?.metadataKey.generation { known[id] = [entry.actor] }
        for (member, grant) in after.grants(of: item) where grant.metadataEnvelope != nil {
          known[id, default: []].insert(member)
        }
      }
      if before.members[entry.actor]?.role == .admin || before.size == 0 {
        adminTime = entry.time
      }
    }
  }

  private static func seeds() -> [UInt64] { [1, 2, 3, 4] }

  @Test(arguments: seeds()) func `nothing is written under a key that somebody has who may not read it`(seed: UInt64)
    throws
  {
    var chance = Chance(seed: seed)
    let cast = try ChanceCast()
    var model = Model(cast.story)
    var (written, voids) = (0, 0)
    for _ in 0..<400 {
      let before = cast.story.history
      let folded = try cast.step(&chance)
      let after = cast.story.history
      guard let entry = folded.valid else {
        voids += 1
        expectAlike(after, before, besides: cast.story.person(folded.author))
        continue
      }
      let renewed = entry.digest(.previousSHA256) != nil && entry.action.kind != nil
      let isAdmin = before.members[entry.actor]?.role == .admin
      let reference = isAdmin ? max(model.adminTime ?? entry.time, entry.time) : model.adminTime
      let known = model
      model.follow(entry, from: before, to: after)
      guard let id = entry.identifier(.item), entry.writesText, before.items[id] != nil else { continue }
      written += 1
      let (state, who) = renewed ? (after, model.known[id]) : (before, known.known[id])
      for member in who ?? [] {
        let item = try #require(state.items[id])
        #expect(
          model.mayRead(member, item, state, reference), "entry \(folded.position), \(entry.action), seed \(seed)")
      }
    }
    #expect(written > 20 && voids > 20, "\(written) written, \(voids) void")
  }

  @Test(arguments: seeds()) func `counts, tags and kept rows agree at any place of a log`(seed: UInt64) throws {
    var chance = Chance(seed: seed &+ 100)
    let cast = try ChanceCast()
    var copy = cast.story.history
    let rows = RowsInMemory()
    for step in 0..<300 {
      try copy.fold(cast.step(&chance).bytes)
      let history = cast.story.history
      if step.isMultiple(of: 30) {
        rows.take(copy.unsavedRows)
        copy = try #require(History(state: copy.state, rows: rows))
        expectAlike(copy, history)
        #expect(copy.voids == history.voids)
      }
      let used = history.items.filter { !$0.isRetired }
      #expect(history.tags.count == used.count && used.allSatisfy { history.tags[$0.place] == $0.id })
      for connector in history.items where connector.kind == .connector {
        #expect(Int(connector.tokensInUse) == used.count { $0.connector == connector.id })
        if connector.isRetired { #expect(connector.tokensInUse == 0) }
      }
      for member in history.members {
        #expect(member.lastSeq == cast.story.person(member.id)?.seq)
      }
    }
    #expect(copy.root() == cast.story.history.root())
  }
}

extension Entry {
  fileprivate var writesText: Bool {
    [.sealedReasonSHA256, .sealedDestinationSHA256, .sealedExpirySHA256, .sealedMetadataSHA256]
      .contains { raw($0) != nil }
  }
}
