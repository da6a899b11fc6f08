internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodySecrets
internal import CustodyValues
internal import CustodyStore

/// Text of an entry about an item: salted, sealed under the item's metadata key, its SHA-256 in the entry.
struct Note {
  /// Bytes of a reason.
  static let limit = 1024
  /// Bytes of any text with its salt: what an export discloses, and the names that it shows of it, must fit into a line.
  static let textLimit = 1 << 18

  let text: [UInt8]
  let row: NoteRow

  func name(in entry: inout EntryDraft) {
    let (plain, sealed) = row.kind.details
    entry.set(plain, SHA256.hash(text))
    entry.set(sealed, SHA256.hash(row.sealed))
    entry.set(.metadataGeneration, row.generation)
  }

  /// A longer one nobody wrote who keeps to what is said of it.
  static func reason(in text: [UInt8]) -> String? {
    (try? Metadata.parse(text))?["reason"]?.string.flatMap { $0.utf8.count <= limit ? $0 : nil }
  }

  static func expiry(in text: [UInt8]) -> Timestamp? {
    (try? Metadata.parse(text))?["expires"].flatMap { try? Metadata.time($0) }
  }
}

extension NoteRow.Kind {
  /// How an entry names the text, and the sealed text.
  var details: (text: DetailKey, sealed: DetailKey) {
    switch self {
    case .details: (.metadataSHA256, .sealedMetadataSHA256)
    case .reason: (.reasonSHA256, .sealedReasonSHA256)
    case .destination: (.destinationSHA256, .sealedDestinationSHA256)
    case .expiry: (.expirySHA256, .sealedExpirySHA256)
    }
  }

  var words: String {
    switch self {
    case .details: "metadata"
    case .reason: "reason"
    case .destination: "destination"
    case .expiry: "expiry"
    }
  }

  /// Of an item's details whoever reads them says what is missing.
  fileprivate func isSaid(by text: [UInt8]) -> Bool {
    switch self {
    case .details: true
    case .reason: Note.reason(in: text) != nil
    case .destination: (try? Destination(text: text)) != nil
    case .expiry: Note.expiry(in: text) != nil
    }
  }

  private var purpose: SealContext.Purpose {
    switch self {
    case .details: .metadata
    case .reason: .reason
    case .destination: .destination
    case .expiry: .expiry
    }
  }

  /// The entry stands in its hash, so that no note serves another entry.
  func context(vault: Identifier, item: Identifier, generation: UInt64) -> SealContext {
    SealContext(purpose, vault: vault, item: item, version: generation)
  }
}

/// An item's metadata key, with what it takes to write under it.
struct NoteWriter: ~Copyable {
  let vault: Identifier
  let item: Identifier
  let generation: UInt64
  let key: MetadataKey

  borrowing func note(_ kind: NoteRow.Kind, _ text: [UInt8], at position: UInt64) -> Note {
    let sealed = key.seal(text, kind.context(vault: vault, item: item, generation: generation))
    return Note(
      text: text, row: NoteRow(entry: position, kind: kind, item: item, generation: generation, sealed: sealed))
  }

  borrowing func details(_ metadata: [UInt8], at position: UInt64) throws -> Note {
    guard metadata.count <= Note.textLimit else {
      throw VaultError(
        .badInput, "the details have more than \(Note.textLimit >> 10) KiB", hint: "shorten the note, or the preset")
    }
    return note(.details, metadata, at: position)
  }

  borrowing func reason(_ reason: String?, at position: UInt64) throws -> Note? {
    guard let reason else { return nil }
    guard reason.utf8.count <= Note.limit else {
      throw VaultError(.badInput, "a reason has at most \(Note.limit) bytes", hint: "say it in fewer words")
    }
    return note(.reason, Metadata.encode([("reason", .string(reason))]), at: position)
  }

  borrowing func expiry(_ time: Timestamp?, at position: UInt64) -> Note? {
    time.map { note(.expiry, Metadata.encode([("expires", .string($0.text))]), at: position) }
  }
}

extension Core {
  /// The newest metadata key: through the audit key where this member has it, else through their own envelope. One command
  /// asks for the same one several times, and an agent takes its time for each.
  func metadataKey(of item: Item) throws -> MetadataKey {
    if let known = metadataKeys[item.id], known.generation == item.metadataKey.generation {
      return try known.key.copy(in: arena)
    }
    let key = try unwrappedMetadataKey(of: item)
    if metadataKeys.count >= 16 { metadataKeys = [:] }
    metadataKeys[item.id] = HeldMetadataKey(try key.copy(in: arena), item.metadataKey.generation)
    return key
  }

  /// Whoever renewed it may have sealed anything.
  func opensMetadata(of item: Item) -> Bool {
    do {
      _ = try metadataKey(of: item)
      return true
    } catch { return false }
  }

  /// Whether this member has an envelope of an item's newest metadata key, or needs none: whose grant had ended when there was
  /// a new key got none of it, also where only the clock of an admin said so.
  func reads(_ item: Item) -> Bool {
    opensNames || isHolder(of: item) && history.grant(of: me, in: item)?.metadataEnvelope != nil
  }

  func withoutEnvelope(_ item: Item) -> VaultError {
    guard !opensNames, let grant = history.grant(of: me, in: item), grant.metadataEnvelope == nil, let end = grant.until
    else { return broken(item, "there is no envelope by which its metadata opens") }
    return VaultError(
      .expired, "cannot open the details of \(item.kind.rawValue) \(item.id.hex): your grant ended at \(end.text)",
      subject: item.id.hex,
      hint: "ask \(name(of: item.storedBy)) to share it again; if that time has not come, an admin's clock was ahead")
  }

  private func unwrappedMetadataKey(of item: Item) throws -> MetadataKey {
    guard let row = try store.listing(of: item.id, recipient: opensNames ? .none : me), let envelope = row.envelope
    else { throw withoutEnvelope(item) }
    return try metadataKey(envelope, item, opensNames ? auditKey(of: item) : nil, in: arena)
  }

  /// The audit key to which an item's metadata key was sealed.
  func auditKey(of item: Item) throws -> EpochKeys.AuditKey {
    do { return try ledger.keys.audit(item.metadataKey.epoch, of: history.epochs) } catch let error as VaultError {
      throw broken(item, error.reason, madeBy: brokenLink(from: item.metadataKey.epoch))
    }
  }

  /// The entry that named an older epoch's keys as they are, and sealed junk for them.
  private func brokenLink(from epoch: UInt64) -> UInt64? {
    let missing = stride(from: history.epoch, through: epoch, by: -1).first {
      (try? ledger.keys.audit($0, of: history.epochs)) == nil
    }
    guard let missing else { return nil }
    return (try? wrapMaker(of: missing == history.epoch ? me : .none, in: min(missing + 1, history.epoch))) ?? nil
  }

  func metadataKey(
    _ envelope: EnvelopeRow, _ item: Item, _ audit: EpochKeys.AuditKey?, in arena: SecureArena
  ) throws -> MetadataKey {
    guard let sealed = envelope.sealed else { throw broken(item, "there is no envelope by which its metadata opens") }
    // Looked at only where it does not open: which entry named it, if it is the one.
    func maker() -> UInt64? { isNamed(envelope, of: item) ? envelope.entry : nil }
    let key: MetadataKey
    do {
      if let audit {
        key = try audit.pair.unwrap(sealed, in: arena)
      } else {
        key = try holder.unwrap(sealed, in: arena)
      }
    } catch is CryptoError { throw broken(item, "the envelope of its metadata key does not open", madeBy: maker()) }
    guard key.commitment(item: item.id, generation: item.metadataKey.generation) == item.metadataKey.key.commitment
    else { throw broken(item, "its metadata key is not the one that was committed to", madeBy: maker()) }
    return key
  }

  /// Whether an envelope of an item's newest metadata key is one that its entry names.
  private func isNamed(_ row: EnvelopeRow, of item: Item) -> Bool {
    guard let sealed = row.sealed, SHA256.hash(sealed) == row.sha256 else { return false }
    let named = row.recipient == .none ? nil : history.grant(of: row.recipient, in: item)?.metadataEnvelope
    if let sha256 = named?.sha256, named?.entry == row.entry { return sha256 == row.sha256 }
    let together = try? together(.metadataKey, item, generation: item.metadataKey.generation, of: row.entry)
    return row.entry == item.metadataKey.key.entry && together == item.metadataKey.key.envelopes
  }

  /// Back from the newest, each of which seals the one before it. `links` are the item's rows.
  func metadataKey(
    _ newest: consuming MetadataKey, of item: Item, before generation: UInt64, _ links: [MetadataKeyRow],
    in arena: SecureArena
  ) throws -> MetadataKey {
    var key = newest
    for number in stride(from: item.metadataKey.generation, to: generation, by: -1) {
      guard let link = links.first(where: { $0.generation == number }) else {
        throw broken(item, "the metadata key before generation \(number) is missing")
      }
      let context = SealContext(.previousMetadataKey, vault: vault, item: item.id, version: number)
      do { key = try key.openKey(link.previous, context, in: arena) } catch is CryptoError {
        throw broken(item, "the metadata key before generation \(number) does not open", madeBy: maker(of: link, item))
      }
    }
    return key
  }

  /// The entry that named a link to the metadata key before, if it named this.
  private func maker(of link: MetadataKeyRow, _ item: Item) -> UInt64? {
    let entry = item.metadataKey.renewals[Int(link.generation) - 2]
    return (try? ledger.proved(entry))?.digest(.previousSHA256) == SHA256.hash(link.previous) ? entry : nil
  }

  /// The text of a note that an entry names by these hashes.
  func text(
    _ kind: NoteRow.Kind, _ position: UInt64, of item: Item, sealed: Digest, sha256: Digest
  ) throws -> [UInt8] {
    guard let row = try store.note(position, kind), row.item == item.id, SHA256.hash(row.sealed) == sealed else {
      throw broken(item, "its \(kind.words) in log entry \(position) is not what was logged")
    }
    return try text(row, of: item, sha256: sha256)
  }

  /// Of a row that was held against its entry.
  func text(_ row: NoteRow, of item: Item, sha256: Digest) throws -> [UInt8] {
    let links = row.generation == item.metadataKey.generation ? [] : try store.metadataKeys(of: item.id)
    let key = try metadataKey(metadataKey(of: item), of: item, before: row.generation, links, in: arena)
    return try text(row, of: item, under: key, sha256: sha256)
  }

  func text(_ row: NoteRow, of item: Item, under key: borrowing MetadataKey, sha256: Digest) throws -> [UInt8] {
    let context = row.kind.context(vault: vault, item: item.id, generation: row.generation)
    // The caller has held what is sealed against the entry.
    guard let text = try? key.open(row.sealed, context), SHA256.hash(text) == sha256 else {
      throw broken(item, "its \(row.kind.words) in log entry \(row.entry) does not open", madeBy: row.entry)
    }
    // An export that disclosed it would not be believed, or not read.
    guard text.count <= Note.textLimit, row.kind.isSaid(by: text) else {
      let fault = text.count > Note.textLimit ? "is longer than any text may be" : "says nothing"
      throw broken(item, "its \(row.kind.words) in log entry \(row.entry) \(fault)", madeBy: row.entry)
    }
    return text
  }

  func text(_ kind: NoteRow.Kind, _ named: NamedNote, of item: Item) throws -> [UInt8] {
    try text(kind, named.entry, of: item, sealed: named.sealedSHA256, sha256: named.sha256)
  }

  /// An item's newest details, for who may open names or holds it; its name must be the one that it goes by.
  func details(of item: Item) throws -> [UInt8] {
    let metadata = try text(.details, item.details, of: item)
    try checkName(in: metadata, of: item)
    return metadata
  }

  /// A retired one goes by no name any more: an admin can retire what someone registered under a false one.
  func checkName(in metadata: [UInt8], of item: Item) throws {
    guard !item.isRetired else { return }
    guard try isTag(of: item, for: Metadata.name(metadata, of: item.kind)) else {
      throw broken(item, "its metadata has another name", madeBy: item.details.entry)
    }
  }
}

final class HeldMetadataKey {
  let key: MetadataKey
  let generation: UInt64

  init(_ key: consuming MetadataKey, _ generation: UInt64) {
    self.key = key
    self.generation = generation
  }
}
