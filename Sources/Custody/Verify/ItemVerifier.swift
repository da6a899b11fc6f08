internal import CustodySystem
internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// Checks the rows of items against the log: the log names every row, and every row that it names is present. Items are
/// read in batches in the order of their IDs; their sealed bytes are hashed on all cores while the next batch is read.
struct ItemVerifier {
  private let core: Core
  private var store: Store { core.store }
  private var history: History { core.history }
  private let counts: [String: UInt64]
  private let tally: Tally
  /// Number of items whose rows are read together.
  private static let batch = 256

  /// - Parameter counts: number of rows in each table.
  init(_ core: Core, _ counts: [String: UInt64], _ tally: Tally) {
    (self.core, self.counts, self.tally) = (core, counts, tally)
  }

  /// Records each row that differs from the log as damage, at most the first one for each item.
  func run() throws {
    var (known, seen) = (0, RowsSeen())
    let core = Unchanging(value: core)
    try Parallel.stream { hand in
      var (batch, last, before): ([Item], Identifier?, Identifier?) = ([], nil, nil)
      try store.eachItem { row in
        // A page that somebody changed may list a row twice.
        guard before.map({ $0 < row.id }) ?? true else {
          self.core.note("its row is there twice", nil, row.id)
          return
        }
        before = row.id
        guard let item = history.items[row.id] else { return self.core.noteForeign("item", row.id) }
        try self.core.unlessDamaged(item) { try self.core.check(row, item) }
        known += 1
        batch.append(item)
        guard batch.count == Self.batch else { return }
        try read(batch, ItemRange(after: last, through: row.id), &seen).forEach(hand)
        (batch, last) = ([], row.id)
      }
      try read(batch, ItemRange(after: last, through: nil), &seen).forEach(hand)
    } work: { rows in
      rows.map { rows in (rows.item, rows.count, rows.fault(core.value)) }
    } body: { item, count, fault in
      if let fault { self.core.note(fault, of: item) }
      tally.add(UInt64(count))
    }
    if known != history.items.count { try noteMissingItems() }
    // Finds rows whose item ID lies in none of the ranges that were read.
    for (table, rows) in [("revision", seen.revisions), ("envelope", seen.envelopes), ("metadata_key", seen.links)] {
      if counts[table] != rows { self.core.note("there are rows of table \"\(table)\" that the log does not have") }
    }
  }

  private func noteMissingItems() throws {
    for item in history.items where try store.item(id: item.id) == nil {
      core.note(core.broken(item, "its row is missing"), of: item)
    }
  }

  /// Reads the rows of consecutive items, each with the hashes that the log has for it.
  private func read(_ items: [Item], _ range: ItemRange, _ seen: inout RowsSeen) throws -> [ItemRows] {
    var revisions = try RowsByItem("revision", store.revisions(in: range), \.item)
    var envelopes = try RowsByItem("envelope", store.envelopes(in: range), \.item)
    var links = try RowsByItem("metadata_key", store.metadataKeys(in: range), \.item)
    seen.revisions += UInt64(revisions.count)
    seen.envelopes += UInt64(envelopes.count)
    seen.links += UInt64(links.count)
    let read = try items.compactMap { item in
      let rows = ItemRows(
        item, revisions: revisions.next(item.id, core), envelopes: envelopes.next(item.id, core),
        links: links.next(item.id, core))
      return try core.unlessDamaged(item) { try attested(rows) }
    }
    revisions.finish(core)
    envelopes.finish(core)
    links.finish(core)
    return read
  }

  /// Adds what the log expects of each row.
  private func attested(_ rows: ItemRows) throws -> ItemRows {
    var rows = rows
    let item = rows.item
    for keys in rows.keys {
      for row in keys.rows where row.entry != keys.key.entry { try check(row, item) }
    }
    rows.metadataKeys.open = [.none: item.metadataKey.key.entry]
    for (member, grant) in history.grants(of: item) {
      if !item.isRetired { rows.dataKeys.open[member] = grant.envelope.entry }
      if let envelope = grant.metadataEnvelope { rows.metadataKeys.open[member] = envelope.entry }
    }
    if !item.isRetired { rows.earlierKeys?.open = history.grants(ofEarlier: item).mapValues(\.envelope.entry) }
    for row in rows.links {
      guard row.generation > 1, row.generation <= item.metadataKey.generation else {
        throw core.broken(item, "a row of table \"metadata_key\" is not one that the log has")
      }
      let entry = try core.ledger.proved(item.metadataKey.renewals[Int(row.generation) - 2])
      rows.previous.append(entry.digest(.previousSHA256))
    }
    return rows
  }

  /// Checks an envelope that a share made. The fold keeps the hashes for grants in force; for a grant that was taken
  /// back the hash is read from its entry.
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

/// Number of rows read from each table.
private struct RowsSeen {
  var revisions: UInt64 = 0
  var envelopes: UInt64 = 0
  var links: UInt64 = 0
}

/// Rows of one table in the order of their items, consumed item by item.
private struct RowsByItem<Row> {
  private let table: String
  private var rows: ArraySlice<Row>
  private let item: (Row) -> Identifier
  let count: Int

  init(_ table: String, _ rows: [Row], _ item: @escaping (Row) -> Identifier) {
    (self.table, self.rows, self.item, count) = (table, rows[...], item, rows.count)
  }

  /// Returns the rows of the next item. Rows before them belong to no item in the log and are recorded as damage.
  mutating func next(_ id: Identifier, _ core: Core) -> [Row] {
    while let first = rows.first, item(first) < id {
      core.noteForeign(table, item(first))
      rows.removeFirst()
    }
    let own = rows.prefix { item($0) == id }
    rows = rows[own.endIndex...]
    return Array(own)
  }

  func finish(_ core: Core) { for row in rows { core.noteForeign(table, item(row)) } }
}

/// All rows of an item, and what the log expects of them.
private struct ItemRows: Sendable {
  let item: Item
  let revisions: [RevisionRow]
  var dataKeys: KeyRows
  /// Envelopes of the previous value's data key, if that value has a data key of its own.
  var earlierKeys: KeyRows?
  var metadataKeys: KeyRows
  let links: [MetadataKeyRow]
  /// SHA-256 of the previous metadata key's sealed bytes for each row of `links`, from the entry that made it.
  var previous: [Digest?] = []

  var keys: [KeyRows] { [dataKeys, metadataKeys] + (earlierKeys.map { [$0] } ?? []) }
  var count: Int { keys.reduce(revisions.count) { $0 + $1.rows.count } }

  init(_ item: Item, revisions: [RevisionRow], envelopes: [EnvelopeRow], links: [MetadataKeyRow]) {
    (self.item, self.revisions, self.links) = (item, revisions, links)
    let earlier = item.earlier?.key
    let ofEarlier = envelopes.filter { $0.kind == .dataKey && $0.generation == earlier?.generation }
    // A row of any other generation stays among these, and is then found to be missing from the log.
    let ofNewest = envelopes.filter { $0.kind == .dataKey && $0.generation != earlier?.generation }
    dataKeys = KeyRows(rows: ofNewest, key: item.dataKey, generation: item.generation)
    earlierKeys = earlier.map { KeyRows(rows: ofEarlier, key: $0.dataKey, generation: $0.generation) }
    metadataKeys = KeyRows(
      rows: envelopes.filter { $0.kind == .metadataKey }, key: item.metadataKey.key,
      generation: item.metadataKey.generation)
  }

  /// Returns the first difference from the log, or nil.
  func fault(_ core: Core) -> VaultError? {
    do { try verify(core) } catch { return error as? VaultError ?? VaultError(translating: error) }
    return nil
  }

  private func verify(_ core: Core) throws {
    try verifyRevisions(core)
    for keys in keys { try keys.verify(item, core) }
    for (row, sha256) in zip(links, previous) where SHA256.hash(row.previous) != sha256 {
      throw core.broken(item, "the metadata key before generation \(row.generation) is not the one that was logged")
    }
    guard links.count == item.metadataKey.renewals.count else {
      throw core.broken(item, "a metadata key that the log has is in no row, or in two")
    }
  }

  /// Checks the rows of the newest and the previous value. Those of a retired item hold no value.
  private func verifyRevisions(_ core: Core) throws {
    for row in revisions {
      guard let value = value(of: row), row.entry == value.entry else {
        throw core.broken(item, "a row of table \"revision\" is not one that the log has")
      }
      let isRight = item.isRetired ? row.secret == nil : row.secret.map { SHA256.hash($0) } == value.sha256
      guard isRight else {
        throw core.broken(item, "the sealed value of revision \(row.revision) is not the one that was logged")
      }
    }
    guard revisions.count == (item.earlier == nil ? 1 : 2) else {
      throw core.broken(item, "a revision that the log has is in no row, or in two")
    }
  }

  private func value(of row: RevisionRow) -> SealedValue? {
    if row.revision == item.revision, row.generation == item.generation { return item.value }
    guard let earlier = item.earlier, row.revision == earlier.revision,
      row.generation == earlier.key?.generation ?? item.generation
    else { return nil }
    return earlier.value
  }
}

/// All envelopes of one key. Each grant in force has one with its sealed bytes; one that was taken back keeps only its
/// hash.
private struct KeyRows: Sendable {
  let rows: [EnvelopeRow]
  let key: NamedKey
  let generation: UInt64
  /// Position of the entry whose envelope opens the key, by recipient.
  var open: [Identifier: UInt64] = [:]

  func verify(_ item: Item, _ core: Core) throws {
    guard rows.allSatisfy({ $0.generation == generation }) else {
      throw core.broken(item, "a row of table \"envelope\" is not one that the log has")
    }
    guard UInt64(rows.count) == key.count else {
      throw core.broken(item, "an envelope of it is in no row, or in two")
    }
    let together = rows.filter { $0.entry == key.entry }
    guard SealedHashes.envelopes(together.map { ($0.recipient, $0.sha256) }) == key.envelopes else {
      throw core.broken(item, "the envelopes of log entry \(key.entry) are not the ones that it grants")
    }
    var found: [Identifier: UInt64] = [:]
    for row in rows {
      guard let sealed = row.sealed else { continue }
      guard SHA256.hash(sealed) == row.sha256, found.updateValue(row.entry, forKey: row.recipient) == nil else {
        throw core.broken(item, "an envelope is not the one that was granted")
      }
    }
    guard found == open else {
      throw core.broken(item, "an envelope that the log grants is missing, or one is too many")
    }
  }
}

extension Core {
  func noteForeign(_ table: String, _ item: Identifier) {
    note("there is a row of table \"\(table)\" that the log does not have", nil, item)
  }
}
