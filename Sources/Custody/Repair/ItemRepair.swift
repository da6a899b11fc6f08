internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// Repairs the rows of items. Rows of table `item` follow from the log alone; for the other tables the log has hashes.
struct ItemRepair {
  private let sources: RepairSources
  private let log: AssembledLog
  private var history: History { log.history }

  /// True if entries are cut that may have been exchanges.
  private let isCut: Bool

  init(_ sources: RepairSources, _ log: AssembledLog, isCut: Bool) {
    (self.sources, self.log, self.isCut) = (sources, log, isCut)
  }

  func run(_ changes: inout RowChanges) throws {
    try TableRule(.item, history.items.map { StoredRow(Self.row(of: $0)) }).settle(sources, &changes)
    try revisions.settle(sources, &changes)
    try links.settle(sources, &changes)
    try notes.settle(sources, &changes)
    try envelopes(&changes)
    try exchanges(&changes)
  }

  private static func row(of item: Item) -> ItemRow {
    ItemRow(
      id: item.id, kind: ItemRow.Kind(item.kind), tag: item.isRetired ? nil : item.tag,
      revision: item.revision, generation: item.generation, metadataGeneration: item.metadataKey.generation,
      details: item.details.entry)
  }

  private func words(_ id: StoredRow.Cell) -> String {
    guard case .blob(let bytes) = id, let id = Identifier(bytes), let item = history.items[id] else { return "an item" }
    return "\(item.kind.rawValue) \(id.hex)"
  }

  // MARK: Values

  private var revisions: TableRule {
    let history = history
    let keys = history.items.flatMap { item in
      Self.values(of: item).map { [StoredRow.Cell.id(item.id), .count($0.revision), .count($0.generation)] }
    }
    return TableRule(.revision, keys) { key in
      "a value of \(words(key[0]))"
    } right: { row in
      guard let row = row.asRevision, let item = history.items[row.item] else { return nil }
      let value = Self.values(of: item).first { $0.revision == row.revision && $0.generation == row.generation }
      guard let value else { return nil }
      var right = row
      right.entry = value.named.entry
      if item.isRetired {
        right.secret = nil
      } else {
        guard row.secret.map({ SHA256.hash($0) }) == value.named.sha256 else { return nil }
      }
      return StoredRow(right)
    }
  }

  /// Returns the newest value and the previous one.
  private static func values(of item: Item) -> [(named: SealedValue, revision: UInt64, generation: UInt64)] {
    let newest = (item.value, item.revision, item.generation)
    guard let earlier = item.earlier else { return [newest] }
    return [newest, (earlier.value, earlier.revision, earlier.key?.generation ?? item.generation)]
  }

  // MARK: Keys

  private var links: TableRule {
    let facts = log.facts
    let keys = history.items.flatMap { item in
      item.metadataKey.renewals.indices.map { [StoredRow.Cell.id(item.id), .integer(Int64($0) + 2)] }
    }
    return TableRule(.metadataKey, keys) { key in
      "an older metadata key of \(words(key[0]))"
    } right: { stored in
      guard let row = stored.asMetadataKey else { return nil }
      let named = facts.links[LogFacts.LinkKey(item: row.item, generation: row.generation)]
      return SHA256.hash(row.previous) == named ? stored : nil
    }
  }

  /// Repairs envelopes item by item, because one hash covers several envelopes of an item.
  private func envelopes(_ changes: inout RowChanges) throws {
    var seen: Set<Identifier> = []
    var group: (item: Identifier, rows: [StoredRow])?
    try sources.vault.eachStored(.envelope) { stored in
      guard let row = stored.asEnvelope, history.items[row.item] != nil else { return changes.takeOut(stored) }
      if let done = group, done.item != row.item {
        try envelopes(of: done.item, done.rows, &changes)
        seen.insert(done.item)
        group = nil
      }
      group = (row.item, (group?.rows ?? []) + [stored])
    }
    if let done = group {
      try envelopes(of: done.item, done.rows, &changes)
      seen.insert(done.item)
    }
    for item in history.items where !seen.contains(item.id) { try envelopes(of: item.id, [], &changes) }
  }

  private func envelopes(of id: Identifier, _ stored: [StoredRow], _ changes: inout RowChanges) throws {
    guard let item = history.items[id] else { return }
    let keys = EnvelopeRepair.all(of: item, log)
    let rows = stored.compactMap(\.asEnvelope)
    for row in rows where !keys.contains(where: { $0.isOf(row) }) { changes.takeOut(StoredRow(row)) }
    for key in keys { try key.settle(rows, sources.copy, &changes) }
  }

  // MARK: Texts

  private var notes: TableRule {
    let facts = log.facts
    let keys = facts.notes.keys.sorted { ($0.entry, $0.kind.rawValue) < ($1.entry, $1.kind.rawValue) }
    return TableRule(.note, keys.map { [.count($0.entry), .integer($0.kind.rawValue)] }) { key in
      guard case .integer(let entry) = key[0] else { return "a note" }
      let item = facts.notes.first { $0.key.entry == UInt64(clamping: entry) }?.value.item
      return "the note of log entry \(entry), of \(words(item.map(StoredRow.Cell.id) ?? .null))"
    } right: { stored in
      guard let key = Self.noteKey(of: stored), let named = facts.notes[key], case .blob(let sealed) = stored.cells[4],
        SHA256.hash(sealed) == named.sha256
      else { return nil }
      return StoredRow(
        NoteRow(entry: key.entry, kind: key.kind, item: named.item, generation: named.generation, sealed: sealed))
    }
  }

  private static func noteKey(of row: StoredRow) -> LogFacts.NoteKey? {
    guard case .integer(let entry) = row.cells[0], case .integer(let number) = row.cells[1], entry >= 0,
      let kind = NoteRow.Kind(rawValue: number)
    else { return nil }
    return LogFacts.NoteKey(entry: UInt64(entry), kind: kind)
  }

  // MARK: Exchanges

  /// Decides which tokens are in doubt. The log says nothing about rows of table `exchange`, and a copy's are out of
  /// date, so none is ever restored. A token that was exchanged and has no row is in doubt. If entries are cut, tokens
  /// with a row are in doubt too, because a cut entry may have brought a new value.
  private func exchanges(_ changes: inout RowChanges) throws {
    var found: Set<Identifier> = []
    try sources.vault.eachStored(.exchange) { stored in
      guard let row = stored.asExchange, let item = history.items[row.item], item.kind == .token, !item.isRetired,
        found.insert(row.item).inserted
      else { return changes.takeOut(stored) }
    }
    let lost = log.facts.exchanged.subtracting(found)
    changes.doubted = (isCut ? lost.union(found) : lost).filter { id in
      history.items[id].map { !$0.isRetired } ?? false
    }.sorted()
  }
}
