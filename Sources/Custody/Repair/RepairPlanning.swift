internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// Plans a repair: what it would change and what it would cut.
struct RepairPlanning {
  private let sources: RepairSources
  private let keys: RepairKeys
  private let log: AssembledLog
  private let pin: Pin?
  private var history: History { log.history }
  /// Number of entries shown.
  private static let shown = 20

  init(_ sources: RepairSources, _ keys: RepairKeys, _ log: AssembledLog, _ pin: Pin?) {
    (self.sources, self.keys, self.log, self.pin) = (sources, keys, log, pin)
  }

  func plan(_ changes: RowChanges, covers: [RepairPlan.Cover], of me: Member, _ rebuilt: RebuiltVault?) throws
    -> RepairPlan
  {
    let (behind, count) = try behind()
    return RepairPlan(
      size: history.size, fault: log.fault, takenOut: Self.counted(changes.out), putBack: Self.counted(changes.put),
      rebuild: rebuilt.map(Self.words), takenBack: changes.takenBack, lost: changes.lost,
      olderKeysGone: changes.olderKeysGone?.words ?? [], doubted: changes.doubted,
      behind: behind, behindCount: count,
      covers: covers, lostKey: covers.isEmpty ? nil : try lostKey(of: me), fingerprint: fingerprint(changes))
  }

  private static func words(_ rebuilt: RebuiltVault) -> RepairPlan.Rebuild {
    let rebuild = rebuilt.rebuild
    return RepairPlan.Rebuild(
      foreignObjects: rebuild.foreignObjects, damagedPages: rebuild.damagedPages, rows: rebuild.rows,
      refused: rebuild.refused)
  }

  private static func counted(_ rows: [StoredRow]) -> [(table: String, rows: Int)] {
    let counts = Dictionary(grouping: rows, by: \.place).mapValues(\.count)
    return StoredTable.allCases.compactMap { table in counts[table].map { (table.rawValue, $0) } }
  }

  /// Returns a hash over the valid log and each row that is taken out or inserted.
  private func fingerprint(_ changes: RowChanges) -> Digest {
    var hash = SHA256()
    hash.update(log.history.tree.root)
    for rows in [changes.out, changes.put] {
      // Rows are found in no particular order.
      let digests = rows.map(\.digest).sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
      hash.update(UInt64(digests.count).foldKey)
      for digest in digests { hash.update(digest) }
    }
    if let gone = changes.olderKeysGone { hash.update(gone.sha256) }
    for id in changes.doubted { hash.update(id.bytes) }
    return hash.finish()
  }

  /// Returns the lost key if there are wraps of later epochs, but none for this member.
  private func lostKey(of me: Member) throws -> RepairPlan.LostKey? {
    guard keys.newest <= history.epoch, try sources.vault.hasWraps(after: keys.newest) else { return nil }
    let admins = history.activeMembers.filter { $0.role == .admin && $0.id != me.id }.map(\.name).sorted()
    return RepairPlan.LostKey(epoch: keys.newest, member: me.name, admins: admins)
  }

  // MARK: What stands behind the end

  private func behind() throws -> ([RepairPlan.Behind], UInt64) {
    var found: [RepairPlan.Behind] = []
    var count: UInt64 = 0
    try sources.vault.eachStored(.logEntry) { stored in
      guard let row = stored.asEntry, row.position >= history.size else { return }
      count += 1
      if found.count < Self.shown { found.append(try behind(row)) }
    }
    return (found.sorted { $0.position < $1.position }, count)
  }

  private func behind(_ row: EntryRow) throws -> RepairPlan.Behind {
    for epoch in history.epoch...max(history.epoch, min(row.epoch, history.epoch + 16)) {
      guard let text = try keys.open(row, epoch: epoch), let entry = try? Entry(parsing: text) else { continue }
      let author = history.members[entry.actor].flatMap { entry.isSigned(by: $0.keys.entries.bytes) ? $0.name : nil }
      return RepairPlan.Behind(position: row.position, action: entry.action, time: entry.time, author: author)
    }
    return RepairPlan.Behind(position: row.position, action: nil, time: nil, author: nil)
  }

  // MARK: What members' checkpoints cover

  /// Returns the checkpoints that would be cut, the largest first, and signed entries whose checkpoint is lost. Those
  /// that an admin has already continued without are left out.
  func covers() throws -> [RepairPlan.Cover] {
    var covers: [RepairPlan.Cover] = []
    try sources.vault.eachStored(.checkpoint) { stored in
      if let row = stored.asCheckpoint, let cover = cover(row) { covers.append(cover) }
    }
    if let pin, isLost(pin.head) {
      let signer = pin.note.signer(among: history.members, origin: history.origin)?.name
      covers.append(RepairPlan.Cover(head: pin.head, signer: signer, isPinned: true))
      covers += pin.earlier.filter(isLost).map { RepairPlan.Cover(head: $0, signer: nil, isPinned: true) }
    }
    if let beyond = log.beyond, !covers.contains(where: { $0.head == beyond.head }) {
      covers.append(
        RepairPlan.Cover(
          head: beyond.head, signer: history.members[beyond.signer]?.name, isPinned: false, isWithoutCheckpoint: true))
    }
    // Of two with the same size, the one that this machine verified comes first.
    return covers.sorted { ($0.head.size, $0.isPinned ? 1 : 0) > ($1.head.size, $1.isPinned ? 1 : 0) }
  }

  private func cover(_ row: CheckpointRow) -> RepairPlan.Cover? {
    let head = Seen(size: row.size, root: row.root)
    guard isLost(head), let signer = history.members[row.signer] else { return nil }
    let text = Checkpoint(origin: history.origin, size: row.size, root: row.root).text
    guard Signature.verify(row.signature, text, key: signer.keys.checkpoints.bytes) else { return nil }
    return RepairPlan.Cover(head: head, signer: signer.name, isPinned: false)
  }

  private func isLost(_ head: Seen) -> Bool {
    head.size > 0 && !log.facts.isOnLine(head) && !log.facts.trail.recoveries.contains { $0.covers(head) }
  }
}

extension StoredRow {
  fileprivate var digest: Digest {
    var hash = SHA256()
    hash.update(Array(place.rawValue.utf8))
    for cell in cells {
      let (kind, bytes): (UInt8, [UInt8]) =
        switch cell {
        case .null: (0, [])
        case .integer(let integer): (1, UInt64(bitPattern: integer).foldKey)
        case .blob(let bytes): (2, bytes)
        case .text(let text): (3, Array(text.utf8))
        }
      hash.update([kind] + UInt64(bytes.count).foldKey)
      hash.update(bytes)
    }
    return hash.finish()
  }
}
