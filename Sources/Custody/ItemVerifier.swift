internal import CustodyCrypto
internal import CustodyLog
internal import CustodyMemory
internal import CustodyStore

/// Holds the rows of items against the log: every one is named there, and what is named there is in a row.
struct ItemVerifier {
  let core: Core
  private var store: Store { core.store }
  private var history: History { core.history }

  private let pass: LogPass
  private let tally: Tally

  init(_ core: Core, _ pass: LogPass, _ tally: Tally) { (self.core, self.pass, self.tally) = (core, pass, tally) }

  func run() throws {
    try verifyItems()
    try verifyRevisions()
    try verifyEnvelopes()
    try verifyMetadataKeys()
    try verifyNotes()
  }

  private func verifyItems() throws {
    var count = 0
    try store.eachItem { row in
      guard let item = history.items[row.id] else { throw foreign("item", row.id) }
      try core.check(row, item)
      count += 1
    }
    try checkAll(count == history.items.count, "an item that the log has is in no row")
  }

  /// The newest revision, and the one before where it has the same data key. A retired item's are empty.
  private func verifyRevisions() throws {
    var count = 0
    try store.eachRevision { row in
      guard let item = history.items[row.item], row.generation == item.generation else {
        throw foreign("revision", row.item)
      }
      let value = row.revision == item.revision ? item.value : item.previousValue
      guard let value, row.entry == value.entry, row.revision == item.revision || row.revision + 1 == item.revision
      else { throw foreign("revision", row.item) }
      let isRight = item.isRetired ? row.secret == nil : row.secret.map { SHA256.hash($0) } == value.sha256
      guard isRight else {
        throw core.broken(item, "the sealed value of revision \(row.revision) is not the one that was logged")
      }
      count += 1
      tally.add()
    }
    let expected = history.items.reduce(0) { $0 + ($1.previousValue == nil ? 1 : 2) }
    try checkAll(count == expected, "a revision that the log has is in no row")
  }

  /// Each grant has one envelope that is there; those taken back have left their hash. Rows come item by item.
  private func verifyEnvelopes() throws {
    var rows: [EnvelopeRow] = []
    var count = 0
    func finish() throws {
      guard let first = rows.first else { return }
      try verify(rows, first)
      rows = []
      count += 1
    }
    try store.eachEnvelope { row in
      if let last = rows.last, last.item != row.item || last.kind != row.kind { try finish() }
      rows.append(row)
      tally.add()
    }
    try finish()
    // Of each item its data key and its metadata key.
    try checkAll(count == 2 * history.items.count, "an envelope that the log has is in no row")
  }

  /// All envelopes of an item's newest key of one kind.
  private func verify(_ rows: [EnvelopeRow], _ first: EnvelopeRow) throws {
    guard let item = history.items[first.item] else { throw foreign("envelope", first.item) }
    let isData = first.kind == .dataKey
    let key = isData ? item.dataKey : item.metadataKey.key
    guard rows.allSatisfy({ $0.generation == (isData ? item.generation : item.metadataKey.generation) }) else {
      throw foreign("envelope", first.item)
    }
    try checkAll(UInt64(rows.count) == key.count, "an envelope of item \(item.id.hex) is in no row, or in two")
    let together = rows.filter { $0.entry == key.entry }
    guard SealedHashes.envelopes(together.map { ($0.recipient, $0.sha256) }) == key.envelopes else {
      throw VaultError(.integrity, "the envelopes of log entry \(key.entry) are not the ones that it grants")
    }
    for row in rows where row.entry != key.entry { try verifyShare(row, item, isData) }
    var expected: [Identifier: UInt64] = isData ? [:] : [.none: key.entry]
    for (member, grant) in history.grants(of: item) where !(isData && item.isRetired) {
      expected[member] = isData ? grant.envelope.entry : grant.metadataEnvelope?.entry
    }
    var open: [Identifier: UInt64] = [:]
    for row in rows {
      guard let sealed = row.sealed else { continue }
      guard SHA256.hash(sealed) == row.sha256, open.updateValue(row.entry, forKey: row.recipient) == nil else {
        throw core.broken(item, "an envelope is not the one that was granted")
      }
    }
    guard open == expected else {
      throw core.broken(item, "an envelope that the log grants is missing, or one is too many")
    }
  }

  /// One that a share made.
  private func verifyShare(_ row: EnvelopeRow, _ item: Item, _ isData: Bool) throws {
    let entry = try core.ledger.proved(row.entry)
    let generation = entry.number(isData ? .generation : .metadataGeneration)
    guard entry.digest(isData ? .envelopeSHA256 : .metadataEnvelopeSHA256) == row.sha256, generation == row.generation,
      entry.identifier(.to) == row.recipient, entry.identifier(.item) == item.id,
      history.voidEntry(at: row.entry) == nil
    else { throw core.broken(item, "an envelope is not the one that was granted") }
  }

  private func verifyMetadataKeys() throws {
    var count = 0
    try store.eachMetadataKey { row in
      guard let item = history.items[row.item], row.generation > 1, row.generation <= item.metadataKey.generation else {
        throw foreign("metadata_key", row.item)
      }
      let entry = try core.ledger.proved(item.metadataKey.renewals[Int(row.generation) - 2])
      guard entry.digest(.previousSHA256) == SHA256.hash(row.previous) else {
        throw core.broken(item, "the metadata key before generation \(row.generation) is not the one that was logged")
      }
      count += 1
    }
    try checkAll(
      count == history.items.reduce(0) { $0 + $1.metadataKey.renewals.count },
      "a metadata key that the log has is in no row")
  }

  /// As many as the log has, which its own count says. That one's generation is right is known where all was read; a false
  /// one would not open.
  private func verifyNotes() throws {
    try store.eachNote { row in
      guard row.entry < history.size else { throw foreign("note", row.item) }
      let entry = try core.ledger.proved(row.entry)
      guard entry.digest(row.kind.details.sealed) == SHA256.hash(row.sealed), entry.identifier(.item) == row.item,
        history.voidEntry(at: row.entry) == nil,
        pass.begun > 0 || pass.noteGenerations[NotePlace(entry: row.entry, kind: row.kind)] == row.generation
      else { throw VaultError(.integrity, "the note of log entry \(row.entry) is not the one that was logged") }
      tally.add()
    }
  }

  private func checkAll(_ holds: Bool, _ reason: String) throws {
    guard holds else { throw VaultError(.integrity, reason) }
  }

  private func foreign(_ what: String, _ item: Identifier) -> VaultError {
    VaultError(
      .integrity, "there is a row of table \"\(what)\" for \(item.hex) that the log does not have", subject: item.hex)
  }
}
