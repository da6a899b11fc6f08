internal import CustodyCrypto
internal import CustodyLog
internal import CustodyMemory
internal import CustodyStore

/// Holds the rows of items against the log: every one is named there, and what is named there is in a row. Some items at a
/// time, in the order of their IDs; their sealed bytes are hashed on every core while the next are read.
struct ItemVerifier {
  private let core: Core
  private var store: Store { core.store }
  private var history: History { core.history }
  private let counts: [String: UInt64]
  private let tally: Tally
  /// Items whose rows are read together.
  private static let batch = 256

  /// `counts` are the rows of each table.
  init(_ core: Core, _ counts: [String: UInt64], _ tally: Tally) {
    (self.core, self.counts, self.tally) = (core, counts, tally)
  }

  func run() throws {
    var (items, seen) = (0, RowsSeen())
    let core = Unchanging(value: core)
    try Parallel.stream { hand in
      var (batch, last, before): ([Item], Identifier?, Identifier?) = ([], nil, nil)
      try store.eachItem { row in
        guard before.map({ $0 < row.id }) ?? true else { throw VaultError.twice("item", row.id) }
        before = row.id
        guard let item = history.items[row.id] else { throw VaultError.foreign("item", row.id) }
        try self.core.check(row, item)
        items += 1
        batch.append(item)
        guard batch.count == Self.batch else { return }
        try read(batch, ItemRange(after: last, through: row.id), &seen).forEach(hand)
        (batch, last) = ([], row.id)
      }
      try read(batch, ItemRange(after: last, through: nil), &seen).forEach(hand)
    } work: { rows in
      for row in rows { try row.verify(core.value) }
      return rows.map(\.count)
    } body: { count in
      tally.add(UInt64(count))
    }
    if items != history.items.count { throw try missingItem() }
    // A row of an ID that no range has.
    for (table, rows) in [("revision", seen.revisions), ("envelope", seen.envelopes), ("metadata_key", seen.links)] {
      guard counts[table] == rows else {
        throw VaultError(.integrity, "there are rows of table \"\(table)\" that the log does not have")
      }
    }
  }

  private func missingItem() throws -> VaultError {
    for item in history.items where try store.item(id: item.id) == nil {
      return core.broken(item, "an item that the log has is in no row")
    }
    return VaultError(.integrity, "an item that the log has is in no row")
  }

  /// The rows of some items that follow one another, with what the log says of them.
  private func read(_ items: [Item], _ range: ItemRange, _ seen: inout RowsSeen) throws -> [ItemRows] {
    var revisions = try RowsByItem("revision", store.revisions(in: range), \.item)
    var envelopes = try RowsByItem("envelope", store.envelopes(in: range), \.item)
    var links = try RowsByItem("metadata_key", store.metadataKeys(in: range), \.item)
    seen.revisions += UInt64(revisions.count)
    seen.envelopes += UInt64(envelopes.count)
    seen.links += UInt64(links.count)
    let read = try items.map { item in
      let rows = try ItemRows(
        item, revisions: revisions.next(item.id), envelopes: envelopes.next(item.id), links: links.next(item.id))
      return try attested(rows)
    }
    try revisions.finish()
    try envelopes.finish()
    try links.finish()
    return read
  }

  /// With what each row must be.
  private func attested(_ rows: ItemRows) throws -> ItemRows {
    var rows = rows
    let item = rows.item
    for row in rows.dataKeys + rows.metadataKeys where row.entry != rows.key(row.kind).entry { try check(row, item) }
    rows.open[.metadataKey] = [.none: item.metadataKey.key.entry]
    for (member, grant) in history.grants(of: item) {
      if !item.isRetired { rows.open[.dataKey, default: [:]][member] = grant.envelope.entry }
      if let envelope = grant.metadataEnvelope { rows.open[.metadataKey]?[member] = envelope.entry }
    }
    for row in rows.links {
      guard row.generation > 1, row.generation <= item.metadataKey.generation else {
        throw VaultError.foreign("metadata_key", row.item)
      }
      let entry = try core.ledger.proved(item.metadataKey.renewals[Int(row.generation) - 2])
      rows.previous.append(entry.digest(.previousSHA256))
    }
    return rows
  }

  /// An envelope that a share made. The fold has the hash of those of grants that stand; of one that was taken back its entry
  /// has it.
  private func check(_ row: EnvelopeRow, _ item: Item) throws {
    let isData = row.kind == .dataKey
    let grant = history.grant(of: row.recipient, in: item)
    if let named = isData ? grant?.envelope : grant?.metadataEnvelope, named.entry == row.entry,
      let sha256 = named.sha256
    {
      guard sha256 == row.sha256 else { throw core.broken(item, "an envelope is not the one that was granted") }
      return
    }
    let entry = try core.ledger.proved(row.entry)
    let generation = entry.number(isData ? .generation : .metadataGeneration)
    guard entry.digest(isData ? .envelopeSHA256 : .metadataEnvelopeSHA256) == row.sha256, generation == row.generation,
      entry.identifier(.to) == row.recipient, entry.identifier(.item) == item.id,
      history.voidEntry(at: row.entry) == nil
    else { throw core.broken(item, "an envelope is not the one that was granted") }
  }
}

/// How many of each table were read.
private struct RowsSeen {
  var revisions: UInt64 = 0
  var envelopes: UInt64 = 0
  var links: UInt64 = 0
}

/// Rows of one table in the order of their items, taken item by item.
private struct RowsByItem<Row> {
  private let table: String
  private var rows: ArraySlice<Row>
  private let item: (Row) -> Identifier
  let count: Int

  init(_ table: String, _ rows: [Row], _ item: @escaping (Row) -> Identifier) {
    (self.table, self.rows, self.item, count) = (table, rows[...], item, rows.count)
  }

  /// Those of the next item: what stands before them is of none that the log has.
  mutating func next(_ id: Identifier) throws -> [Row] {
    if let first = rows.first, item(first) < id { throw VaultError.foreign(table, item(first)) }
    let own = rows.prefix { item($0) == id }
    rows = rows[own.endIndex...]
    return Array(own)
  }

  func finish() throws {
    if let row = rows.first { throw VaultError.foreign(table, item(row)) }
  }
}

/// All rows of an item, and what the log says that they must be.
private struct ItemRows: Sendable {
  let item: Item
  let revisions: [RevisionRow]
  /// Envelopes of its newest keys: each grant has one of each that is there, and those taken back have left their hash.
  let dataKeys: [EnvelopeRow]
  let metadataKeys: [EnvelopeRow]
  let links: [MetadataKeyRow]
  /// Which entry's envelope opens a key to whom.
  var open: [EnvelopeRow.Kind: [Identifier: UInt64]] = [:]
  /// Of each link, as its entry names it.
  var previous: [Digest?] = []

  var count: Int { revisions.count + dataKeys.count + metadataKeys.count }

  init(_ item: Item, revisions: [RevisionRow], envelopes: [EnvelopeRow], links: [MetadataKeyRow]) {
    (self.item, self.revisions, self.links) = (item, revisions, links)
    dataKeys = envelopes.filter { $0.kind == .dataKey }
    metadataKeys = envelopes.filter { $0.kind == .metadataKey }
  }

  func key(_ kind: EnvelopeRow.Kind) -> NamedKey { kind == .dataKey ? item.dataKey : item.metadataKey.key }

  func verify(_ core: Core) throws {
    try verifyRevisions(core)
    try verify(dataKeys, .dataKey, item.generation, core)
    try verify(metadataKeys, .metadataKey, item.metadataKey.generation, core)
    for (row, sha256) in zip(links, previous) where SHA256.hash(row.previous) != sha256 {
      throw core.broken(item, "the metadata key before generation \(row.generation) is not the one that was logged")
    }
    guard links.count == item.metadataKey.renewals.count else {
      throw core.broken(item, "a metadata key that the log has is in no row, or in two")
    }
  }

  /// The newest revision, and the one before where it has the same data key. A retired item's are empty.
  private func verifyRevisions(_ core: Core) throws {
    for row in revisions {
      let value = row.revision == item.revision ? item.value : item.previousValue
      guard row.generation == item.generation, let value, row.entry == value.entry,
        row.revision == item.revision || row.revision + 1 == item.revision
      else { throw VaultError.foreign("revision", row.item) }
      let isRight = item.isRetired ? row.secret == nil : row.secret.map { SHA256.hash($0) } == value.sha256
      guard isRight else {
        throw core.broken(item, "the sealed value of revision \(row.revision) is not the one that was logged")
      }
    }
    guard revisions.count == (item.previousValue == nil ? 1 : 2) else {
      throw core.broken(item, "a revision that the log has is in no row, or in two")
    }
  }

  /// All envelopes of the newest key of one kind.
  private func verify(_ rows: [EnvelopeRow], _ kind: EnvelopeRow.Kind, _ generation: UInt64, _ core: Core) throws {
    let key = key(kind)
    guard rows.allSatisfy({ $0.generation == generation }) else { throw VaultError.foreign("envelope", item.id) }
    guard UInt64(rows.count) == key.count else {
      throw core.broken(item, "an envelope of it is in no row, or in two")
    }
    let together = rows.filter { $0.entry == key.entry }
    guard SealedHashes.envelopes(together.map { ($0.recipient, $0.sha256) }) == key.envelopes else {
      throw VaultError(.integrity, "the envelopes of log entry \(key.entry) are not the ones that it grants")
    }
    var found: [Identifier: UInt64] = [:]
    for row in rows {
      guard let sealed = row.sealed else { continue }
      guard SHA256.hash(sealed) == row.sha256, found.updateValue(row.entry, forKey: row.recipient) == nil else {
        throw core.broken(item, "an envelope is not the one that was granted")
      }
    }
    guard found == open[kind, default: [:]] else {
      throw core.broken(item, "an envelope that the log grants is missing, or one is too many")
    }
  }
}

extension VaultError {
  static func twice(_ table: String, _ item: Identifier) -> VaultError {
    VaultError(.integrity, "the row of table \"\(table)\" for \(item.hex) is there twice", subject: item.hex)
  }

  static func foreign(_ table: String, _ item: Identifier) -> VaultError {
    VaultError(
      .integrity, "there is a row of table \"\(table)\" for \(item.hex) that the log does not have", subject: item.hex)
  }
}
