internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// Repairs the rows of members and of their wrapped keys.
struct MemberRepair {
  private let sources: RepairSources
  private let log: AssembledLog
  private var history: History { log.history }

  init(_ sources: RepairSources, _ log: AssembledLog) { (self.sources, self.log) = (sources, log) }

  func run(_ changes: inout RowChanges) throws {
    try members(&changes)
    try wraps(&changes)
    // A request is protected only by its own signature, so every readable one stays.
    try sources.vault.eachStored(.request) { if $0.asRequest == nil { changes.takeOut($0) } }
  }

  // MARK: Members

  /// Repairs the rows of members. Seed and request may come from different sources: a seed sealed anew since the copy
  /// was made is only in the vault, and the request may be only in the copy.
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
    // A damaged row stays if there is no better one, because its member may still be able to use part of it.
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
    // The founder has no request.
    guard let request else { return MemberRow(id: member.id, seed: sealed.seed, request: nil) }
    let asked = candidates.first { $0.request.map { SHA256.hash($0) } == request }
    return asked.map { MemberRow(id: member.id, seed: sealed.seed, request: $0.request) }
  }

  // MARK: Wrapped keys

  private func wraps(_ changes: inout RowChanges) throws {
    let roster = WrapRoster(history) { log.facts.memberEntries[$0] }
    let mine = try rows(in: sources.vault, &changes)
    var theirs = try copied(roster)
    let older = Dictionary(
      grouping: Set(mine.keys).union(theirs.keys).filter { $0.epoch < $0.sealedIn }, by: \.sealedIn)
    var right: [KeyWrapRow] = []
    var others: [WrapRoster.Made] = []
    for made in roster.all {
      for key in made.keys where theirs[key] == nil {
        theirs[key] = try sources.copy?.row(.keyWrap, key.cells)?.asKeyWrap
      }
      // There may be wraps of older epochs that only the hash covers.
      let more = (older[made.sealedIn] ?? []).filter {
        made.recipients.contains($0.recipient) && !made.keys.contains($0)
      }
      let rows = settle(made, more, roster, mine, theirs, &changes)
      if SealedHashes.wraps(rows) != made.named { others.append(made) }
      right += rows
    }
    let wanted = Set(right.map(\.key))
    for (key, row) in mine where !wanted.contains(key) { changes.takeOut(StoredRow(row)) }
    noteGone(others.filter(\.isAid), of: right, &changes)
  }

  /// Notes which older keys are gone, unless an earlier repair has recorded it.
  private func noteGone(_ gone: [WrapRoster.Made], of rows: [KeyWrapRow], _ changes: inout RowChanges) {
    let said = log.facts.repairedWraps.flatMap { $0.isOf(rows) ? $0 : nil }
    guard gone.contains(where: { said?.covers($0) != true }) else { return }
    changes.olderKeysGone = (gone.map(\.words), SealedHashes.wraps(rows, sealedBefore: history.epoch))
  }

  private func copied(_ roster: WrapRoster) throws -> [WrapRoster.Key: KeyWrapRow] {
    var found: [WrapRoster.Key: KeyWrapRow] = [:]
    for recipient in Set(roster.all.flatMap(\.recipients)) {
      for row in try sources.copiedWraps(of: recipient).compactMap(\.asKeyWrap) { found[row.key] = row }
    }
    return found
  }

  private func rows(in store: Store, _ changes: inout RowChanges) throws -> [WrapRoster.Key: KeyWrapRow] {
    var found: [WrapRoster.Key: KeyWrapRow] = [:]
    try store.eachStored(.keyWrap) { stored in
      guard let row = stored.asKeyWrap else { return changes.takeOut(stored) }
      found[row.key] = row
    }
    return found
  }

  /// Returns the wraps that the log names, or, if nothing tells which those are, all that stay.
  private func settle(
    _ made: WrapRoster.Made, _ others: [WrapRoster.Key], _ roster: WrapRoster, _ mine: [WrapRoster.Key: KeyWrapRow],
    _ theirs: [WrapRoster.Key: KeyWrapRow], _ changes: inout RowChanges
  ) -> [KeyWrapRow] {
    func search(_ keys: [WrapRoster.Key]) -> [KeyWrapRow]? {
      let places = keys.map { Self.candidates([mine[$0], theirs[$0]].compactMap(\.self)) }
      return SetSearch(budget: log.budget, places: places, isRight: { SealedHashes.wraps($0) == made.named }).find()
    }
    // Their author may have made more of them, or fewer.
    let all = made.keys + others
    let found = search(made.keys) ?? search(all) ?? search(all.filter { mine[$0] != nil || theirs[$0] != nil })
    func isLost(_ row: KeyWrapRow) -> Bool { !row.isWhole || row.sealed == nil && !roster.isTakenBack(row.key) }
    guard let found else {
      // Nothing tells which of them are wrong, so the present ones stay.
      guard made.isAid else {
        changes.lose(.keyWrap, made.words)
        return all.compactMap { mine[$0] }
      }
      return all.compactMap { mine[$0] }.filter { !isLost($0) }
    }
    let rows = made.isAid ? found.filter { roster.isTakenBack($0.key) || !isLost($0) } : found
    for row in rows { put(row, isTakenBack: roster.isTakenBack(row.key), instead: mine[row.key], &changes) }
    return rows
  }

  private func put(
    _ right: KeyWrapRow, isTakenBack: Bool, instead own: KeyWrapRow?, _ changes: inout RowChanges
  ) {
    var row = right
    if isTakenBack { row.sealed = nil }
    let isLost = !isTakenBack && (row.sealed == nil || !row.isWhole)
    if isLost { changes.lose(.keyWrap, row.words(history.members[row.recipient]?.name)) }
    guard own != row else { return }
    if let own { changes.takeOut(StoredRow(own)) }
    if isTakenBack || isLost || own?.sealed == row.sealed {
      changes.add(StoredRow(row))
    } else {
      changes.takeBack(StoredRow(row))
    }
  }

  /// Returns the possible original forms of a row, one for each hash that is stored in a row or made from sealed bytes.
  /// The likeliest come first: the hash of an intact row, then any stored hash.
  private static func candidates(_ rows: [KeyWrapRow]) -> [KeyWrapRow] {
    var found: [KeyWrapRow] = []
    let sealed = rows.compactMap(\.sealed)
    let hashes = rows.filter(\.isWhole).map(\.sha256) + rows.map(\.sha256) + sealed.map { SHA256.hash($0) }
    for row in rows {
      for hash in hashes where !found.contains(where: { $0.sha256 == hash }) {
        var row = row
        row.sealed = sealed.first { SHA256.hash($0) == hash } ?? row.sealed
        row.sha256 = hash
        found.append(row)
      }
    }
    return found
  }
}
