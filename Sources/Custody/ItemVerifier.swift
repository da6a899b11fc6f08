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
    try verifyGenerations()
    try verifyNotes()
  }

  private func verifyItems() throws {
    var seen = Set<Identifier>()
    try store.eachItem { row in
      guard let item = history.items[row.id], row.kind == (item.kind == .connector ? .connector : .token),
        row.revision == item.revision, row.generation == item.generation,
        row.tag == (item.isRetired ? nil : item.tag)
      else { throw foreign("item", row.id) }
      seen.insert(row.id)
    }
    try checkAll(seen.count == history.items.count, "an item that the log has is in no row")
  }

  /// The newest revision, and the one before where it has the same data key.
  private func verifyRevisions() throws {
    var count = 0
    try store.eachRevision { row in
      guard let item = history.items[row.item] else { throw foreign("revision", row.item) }
      let isNewest = row.entry == item.valueEntry && row.revision == item.revision
      let isBefore = row.entry == item.previousValueEntry && row.revision + 1 == item.revision
      guard isNewest || isBefore, row.generation == item.generation else { throw foreign("revision", row.item) }
      let entry = try core.ledger.proved(row.entry)
      guard entry.digest(.valueSHA256) == SHA256.hash(row.secret),
        entry.digest(.sealedMetadataSHA256) == SHA256.hash(row.metadata), entry.number(.revision) == row.revision
      else {
        throw core.broken(item, "the sealed values of revision \(row.revision) are not the ones that were logged")
      }
      count += 1
      tally.add()
    }
    let expected = history.items.values.reduce(0) { $0 + ($1.previousValueEntry == nil ? 1 : 2) }
    try checkAll(count == expected, "a revision that the log has is in no row")
  }

  /// Each grant has one envelope that is there; those taken back have left their hash.
  private func verifyEnvelopes() throws {
    var byEntry: [UInt64: [EnvelopeRow]] = [:]
    var open: [Identifier: [Identifier]] = [:]
    var counts: [Identifier: UInt64] = [:]
    try store.eachEnvelope { row in
      guard let item = history.items[row.item], row.generation == item.generation else {
        throw foreign("envelope", row.item)
      }
      if let sealed = row.sealed {
        guard SHA256.hash(sealed) == row.sha256,
          row.recipient == .none ? row.entry == item.keyEntry : item.grants[row.recipient]?.envelope == row.entry
        else { throw core.broken(item, "an envelope is not the one that was granted") }
        open[row.item, default: []].append(row.recipient)
      }
      byEntry[row.entry, default: []].append(row)
      counts[row.item, default: 0] += 1
      tally.add()
    }
    for (position, rows) in byEntry { try verify(rows, at: position) }
    for item in history.items.values {
      try checkAll(counts[item.id] == item.envelopes, "an envelope of item \(item.id.hex) is in no row")
      let recipients = Set(item.grants.keys).union([.none])
      guard let found = open[item.id], found.count == recipients.count, Set(found) == recipients else {
        throw core.broken(item, "an envelope that the log grants is missing")
      }
    }
  }

  private func verify(_ rows: [EnvelopeRow], at position: UInt64) throws {
    guard position < history.size, let first = rows.first else { throw foreign("envelope", rows[0].item) }
    let entry = try core.ledger.proved(position)
    let isOfOne = rows.allSatisfy { $0.item == first.item && $0.generation == first.generation }
    let named =
      entry.digest(.envelopeSHA256).map {
        rows.count == 1 && $0 == first.sha256 && entry.identifier(.to) == first.recipient
      }
      ?? (entry.digest(.envelopesSHA256) == SealedHashes.envelopes(rows.map { ($0.recipient, $0.sha256) }))
    guard isOfOne, named, entry.identifier(.item) == first.item, entry.number(.generation) == first.generation else {
      throw VaultError(.integrity, "the envelopes of log entry \(position) are not the ones that it grants")
    }
  }

  private func verifyGenerations() throws {
    var count: UInt64 = 0
    try store.eachGeneration { row in
      guard let item = history.items[row.item], row.generation > 1, row.generation <= item.generation else {
        throw foreign("generation", row.item)
      }
      let entry = try core.ledger.proved(item.keyEntries[Int(row.generation) - 1])
      guard entry.digest(.previousSHA256) == SHA256.hash(row.previous) else {
        throw core.broken(item, "the metadata key before generation \(row.generation) is not the one that was logged")
      }
      count += 1
    }
    try checkAll(
      count == history.items.values.reduce(UInt64(0)) { $0 + $1.generation - 1 },
      "a metadata key that the log has is in no row")
  }

  /// As many as the log has, which its own count says. That one's generation is right is known where all was read; a false
  /// one would not open.
  private func verifyNotes() throws {
    try store.eachNote { row in
      guard row.entry < history.size else { throw foreign("note", row.item) }
      let entry = try core.ledger.proved(row.entry)
      guard entry.digest(.noteSHA256) == SHA256.hash(row.sealed), entry.identifier(.item) == row.item,
        pass.begun > 0 || pass.noteGenerations[row.entry] == row.generation
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
