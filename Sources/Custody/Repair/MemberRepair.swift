internal import CustodyCrypto
internal import CustodyLog
internal import CustodyMemory
internal import CustodyStore

/// The rows of members and of their wrapped keys.
struct MemberRepair {
  private let sources: RepairSources
  private let log: AssembledLog
  private var history: History { log.history }

  init(_ sources: RepairSources, _ log: AssembledLog) { (self.sources, self.log) = (sources, log) }

  func run(_ changes: inout RowChanges) throws {
    try members(&changes)
    try wraps(&changes)
    // Nothing but its own signature holds a request: what can be read stays.
    try sources.vault.eachStored(.request) { if $0.asRequest == nil { changes.takeOut($0) } }
  }

  // MARK: Members

  /// A seed that was sealed anew since a copy was made is in the vault alone, and the request may be in the copy alone.
  private func members(_ changes: inout RowChanges) throws {
    var rows: [StoredRow] = []
    var unknown: [Member] = []
    for member in history.activeMembers.sorted(by: { $0.id < $1.id }) {
      let candidates = try sources.rows(.member, [.id(member.id)]).compactMap(\.asMember)
      guard let row = row(of: member, candidates) else {
        unknown.append(member)
        continue
      }
      rows.append(StoredRow(row))
    }
    let kept = Set(unknown.map { StoredRow.Cell.id($0.id) })
    var found: [StoredRow] = []
    // A row that is not right stays where no better one is: its member may open half of it yet.
    try sources.vault.eachStored(.member) { if !kept.contains($0.cells[0]) { found.append($0) } }
    let before = changes.put.count
    try TableRule(.member, rows).settle(found, sources, &changes)
    changes.count(takenBack: changes.put.count - before)
    for member in unknown { changes.lose(.member, "the sealed seed of \(member.name)") }
  }

  private func row(of member: Member, _ candidates: [MemberRow]) -> MemberRow? {
    let facts = log.facts
    let seed = facts.memberEntries[member.seedEntry]?.digest(.seedSHA256)
    let request = facts.memberEntries[member.enrolled]?.digest(.requestSHA256)
    guard let sealed = candidates.first(where: { SealedHashes.seed($0.seed) == seed }) else { return nil }
    // The founder has none.
    guard let request else { return MemberRow(id: member.id, seed: sealed.seed, request: nil) }
    let asked = candidates.first { $0.request.map { SHA256.hash($0) } == request }
    return asked.map { MemberRow(id: member.id, seed: sealed.seed, request: $0.request) }
  }

  // MARK: Wrapped keys

  /// Rows that one hash covers.
  private struct WrapSet {
    var keys: [WrapKey]
    let named: Digest?
    let hash: ([KeyWrapRow]) -> Digest
    let words: String
  }

  private struct WrapKey: Hashable {
    let epoch: UInt64
    let kind: KeyWrapRow.Kind
    let recipient: Identifier

    var cells: [StoredRow.Cell] { [.count(epoch), .integer(kind.rawValue), .id(recipient)] }
  }

  private func wraps(_ changes: inout RowChanges) throws {
    let mine = try rows(in: sources.vault, &changes)
    var wanted: Set<WrapKey> = []
    for set in sets {
      wanted.formUnion(set.keys)
      var theirs: [WrapKey: KeyWrapRow] = [:]
      for key in set.keys { theirs[key] = try sources.copy?.row(.keyWrap, key.cells)?.asKeyWrap }
      settle(set, mine, theirs, &changes)
    }
    for (key, row) in mine where !wanted.contains(key) { changes.takeOut(StoredRow(row)) }
  }

  private func rows(in store: Store, _ changes: inout RowChanges) throws -> [WrapKey: KeyWrapRow] {
    var found: [WrapKey: KeyWrapRow] = [:]
    try store.eachStored(.keyWrap) { stored in
      guard let row = stored.asKeyWrap else { return changes.takeOut(stored) }
      found[Self.key(of: row)] = row
    }
    return found
  }

  private static func key(of row: KeyWrapRow) -> WrapKey {
    WrapKey(epoch: row.epoch, kind: row.kind, recipient: row.recipient)
  }

  private func settle(
    _ set: WrapSet, _ mine: [WrapKey: KeyWrapRow], _ theirs: [WrapKey: KeyWrapRow], _ changes: inout RowChanges
  ) {
    let places = set.keys.map { key in Self.candidates([mine[key], theirs[key]].compactMap(\.self)) }
    guard let found = SetSearch(budget: log.budget, places: places, isRight: { set.hash($0) == set.named }).find()
    else {
      // Which of them are not right can't be told: those that are there stay.
      return changes.lose(.keyWrap, set.words)
    }
    for row in found {
      let own = mine[Self.key(of: row)]
      if !row.isWhole { changes.lose(.keyWrap, words(of: row)) }
      guard own != row else { continue }
      if let own { changes.takeOut(StoredRow(own)) }
      if own?.sealed == row.sealed || !row.isWhole {
        changes.add(StoredRow(row))
      } else {
        changes.takeBack(StoredRow(row))
      }
    }
  }

  /// What a row may have been: with each hash that stands in one, or is of what is sealed in one. The likeliest first: a
  /// whole row's, then one that stands in a row.
  private static func candidates(_ rows: [KeyWrapRow]) -> [KeyWrapRow] {
    var found: [KeyWrapRow] = []
    let hashes = rows.filter(\.isWhole).map(\.sha256) + rows.map(\.sha256) + rows.map { SHA256.hash($0.sealed) }
    for row in rows {
      for hash in hashes where !found.contains(where: { $0.sha256 == hash }) {
        var row = row
        row.sealed = rows.first { SHA256.hash($0.sealed) == hash }?.sealed ?? row.sealed
        row.sha256 = hash
        found.append(row)
      }
    }
    return found
  }

  private func words(of row: KeyWrapRow) -> String {
    let key = row.kind == .vault ? "vault key" : "audit key"
    guard row.recipient != .none else { return "the \(key) of epoch \(row.epoch)" }
    return "the \(key) sealed to \(history.members[row.recipient]?.name ?? row.recipient.hex)"
  }

  /// What members have is of the newest epoch: named by the entry that began it, or by the one that enrolled them since. Of
  /// each older epoch there are two rows of no one.
  private var sets: [WrapSet] {
    let epochs = history.epochs
    let begun = epochs.last?.begun ?? 0
    var sets: [WrapSet] = []
    var together: [WrapKey] = []
    for member in history.activeMembers {
      let keys = member.role == .developer ? [KeyWrapRow.Kind.vault] : [.vault, .audit]
      let mine = keys.map { WrapKey(epoch: history.epoch, kind: $0, recipient: member.id) }
      guard begun == 0 || member.enrolled >= begun else {
        together += mine
        continue
      }
      sets.append(
        WrapSet(
          keys: mine, named: named(.wrapsSHA256, member.enrolled), hash: Self.hash,
          words: "the wrapped keys of \(member.name)"))
    }
    if begun > 0 {
      sets.append(
        WrapSet(
          keys: together, named: named(.wrapsSHA256, begun), hash: { SealedHashes.wraps(ofEpoch: $0) },
          words: "the wrapped keys of epoch \(history.epoch)"))
    }
    for (number, epoch) in epochs.enumerated().dropFirst() {
      let keys = [KeyWrapRow.Kind.vault, .audit].map { WrapKey(epoch: UInt64(number), kind: $0, recipient: .none) }
      sets.append(
        WrapSet(
          keys: keys, named: named(.previousSHA256, epoch.begun), hash: Self.hash, words: "the keys of epoch \(number)")
      )
    }
    return sets
  }

  private static func hash(_ rows: [KeyWrapRow]) -> Digest { SealedHashes.wraps(rows) }

  private func named(_ key: DetailKey, _ position: UInt64) -> Digest? {
    log.facts.memberEntries[position]?.digest(key)
  }
}
