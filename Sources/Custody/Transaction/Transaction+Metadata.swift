internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

extension Transaction {
  /// Returns a writer for texts about an item. If the metadata key is known to somebody who may no longer read them,
  /// the key is renewed first, by an entry of its own.
  func writer(for item: Item) throws -> TextWriter {
    var item = item
    if core.history.isMetadataKeyStale(of: item, for: core.me, at: time) { item = try renew(item) }
    return TextWriter(
      vault: core.vault, item: item.id, generation: item.metadataKey.generation, key: try core.metadataKey(of: item))
  }

  /// Returns the item with all changes of this transaction so far.
  func current(_ item: Item) -> Item { core.history.items[item.id] ?? item }

  private func renew(_ item: Item) throws -> Item {
    let renewal = try renewal(of: item, for: core.history.metadataRecipients(of: item, for: core.me, at: time))
    let entry = try append(Action(.renew, item.kind)) { entry in
      entry.set(.item, item.id)
      renewal.name(in: &entry)
    }
    try store(renewal, of: item, entry)
    return current(item)
  }

  /// Makes and seals a new metadata key. It is not stored yet.
  func renewal(of item: Item, for members: [Identifier]) throws -> Renewal {
    let generation = item.metadataKey.generation + 1
    let old = try core.metadataKey(of: item)
    let key = try MetadataKey.random(in: core.arena)
    let previous = key.seal(
      old, SealContext(.previousMetadataKey, vault: core.vault, item: item.id, version: generation))
    let envelopes = try envelopes(key, generation, for: members)
    // A journal that can't be read stays as it is, so that a forced exchange can go on.
    let row = try core.store.exchange(of: item.id)
    var (journal, isReadable): (ExchangeJournal?, Bool) = (nil, true)
    if let row { do { journal = try core.believedJournal(row, of: item) } catch is VaultError { isReadable = false } }
    return Renewal(
      commitment: key.commitment(item: item.id, generation: generation), generation: generation,
      previous: previous, envelopes: envelopes, journal: journal.map { core.seal($0, of: item.id, generation, key) },
      carriesJournal: isReadable,
      writer: TextWriter(vault: core.vault, item: item.id, generation: generation, key: key))
  }

  func store(_ renewal: borrowing Renewal, of item: Item, _ entry: UInt64) throws {
    try core.store.deleteEnvelopes(of: item.id, .metadataKey, generationsBelow: renewal.generation)
    try renewal.envelopes.insert(into: core.store, item: item.id, entry: entry)
    try core.store.put(MetadataKeyRow(item: item.id, generation: renewal.generation, previous: renewal.previous))
    try core.store.updateItem(item.id, metadataGeneration: renewal.generation)
    guard renewal.carriesJournal, var row = try core.store.exchange(of: item.id), row.journal != nil else { return }
    (row.journal, row.generation) = (renewal.journal, renewal.journal == nil ? 0 : renewal.generation)
    try core.store.put(row)
  }
}

/// A new metadata key of an item, sealed and ready to be stored.
struct Renewal: ~Copyable {
  let commitment: Digest
  let generation: UInt64
  /// The previous metadata key, sealed under this one.
  let previous: [UInt8]
  let envelopes: Envelopes
  /// The journal of the newest exchange, sealed under this key.
  let journal: [UInt8]?
  let carriesJournal: Bool
  let writer: TextWriter

  borrowing func name(in entry: inout EntryDraft) {
    entry.set(.metadataCommitment, commitment)
    entry.set(.metadataEnvelopesSHA256, envelopes.sha256)
    entry.set(.metadataGeneration, generation)
    entry.set(.previousSHA256, SHA256.hash(previous))
  }
}
