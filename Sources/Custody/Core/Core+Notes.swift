internal import CustodyEvidence
internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodySecrets
internal import CustodyValues
internal import CustodyStore

extension Core {
  /// Returns an item's newest metadata key, through the audit key if this member has it, else through their own
  /// envelope. It is cached, because a command asks for the same key several times and an agent takes its time for
  /// each.
  func metadataKey(of item: Item) throws -> MetadataKey {
    if let known = metadataKeys[item.id], known.generation == item.metadataKey.generation {
      return try known.key.copy(in: arena)
    }
    let key = try unwrappedMetadataKey(of: item)
    if metadataKeys.count >= 16 { metadataKeys = [:] }
    metadataKeys[item.id] = HeldMetadataKey(try key.copy(in: arena), item.metadataKey.generation)
    return key
  }

  /// Returns true if the newest metadata key opens. Whoever renewed it may have sealed junk.
  func opensMetadata(of item: Item) -> Bool {
    do {
      _ = try metadataKey(of: item)
      return true
    } catch { return false }
  }

  /// Returns true if this member has an envelope of an item's newest metadata key, or needs none. A member whose grant
  /// had ended when the key was renewed has none, even if only an admin's clock said so.
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

  /// Returns the audit key to which an item's metadata key was sealed.
  func auditKey(of item: Item) throws -> EpochKeys.AuditKey {
    do { return try ledger.keys.audit(item.metadataKey.epoch, of: history.epochs) } catch let error as VaultError {
      throw broken(item, error.reason, madeBy: brokenLink(from: item.metadataKey.epoch))
    }
  }

  /// Returns the entry that sealed junk as an older epoch's keys.
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
    // The entry that named the envelope. It is looked up only if the envelope does not open.
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

  /// Returns true if this envelope of the item's newest metadata key is one that its entry names.
  private func isNamed(_ row: EnvelopeRow, of item: Item) -> Bool {
    guard let sealed = row.sealed, SHA256.hash(sealed) == row.sha256 else { return false }
    let named = row.recipient == .none ? nil : history.grant(of: row.recipient, in: item)?.metadataEnvelope
    if let sha256 = named?.sha256, named?.entry == row.entry { return sha256 == row.sha256 }
    let together = try? together(.metadataKey, item, generation: item.metadataKey.generation, of: row.entry)
    return row.entry == item.metadataKey.key.entry && together == item.metadataKey.key.envelopes
  }

  /// Returns an older metadata key, by opening one link after another from the newest: each key seals the one before.
  /// - Parameter links: the item's rows.
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

  /// Returns the entry that named this link to the previous metadata key; nil if it named another.
  private func maker(of link: MetadataKeyRow, _ item: Item) -> UInt64? {
    let entry = item.metadataKey.renewals[Int(link.generation) - 2]
    return (try? ledger.proved(entry))?.digest(.previousSHA256) == SHA256.hash(link.previous) ? entry : nil
  }

  /// Reads and opens the note that an entry names by these hashes.
  func text(
    _ kind: NoteRow.Kind, _ position: UInt64, of item: Item, sealed: Digest, sha256: Digest
  ) throws -> [UInt8] {
    guard let row = try store.note(position, kind), row.item == item.id, SHA256.hash(row.sealed) == sealed else {
      throw broken(item, "its \(kind.words) in log entry \(position) is not what was logged")
    }
    return try text(row, of: item, sha256: sha256)
  }

  /// Opens a note whose row was compared with its entry.
  func text(_ row: NoteRow, of item: Item, sha256: Digest) throws -> [UInt8] {
    let links = row.generation == item.metadataKey.generation ? [] : try store.metadataKeys(of: item.id)
    let key = try metadataKey(metadataKey(of: item), of: item, before: row.generation, links, in: arena)
    return try text(row, of: item, under: key, sha256: sha256)
  }

  func text(_ row: NoteRow, of item: Item, under key: borrowing MetadataKey, sha256: Digest) throws -> [UInt8] {
    let context = row.kind.context(vault: vault, item: item.id, generation: row.generation)
    // The caller has compared the sealed bytes with the entry.
    guard let text = try? key.open(row.sealed, context), SHA256.hash(text) == sha256 else {
      throw broken(item, "its \(row.kind.words) in log entry \(row.entry) does not open", madeBy: row.entry)
    }
    // Malformed text is refused, since an export that disclosed it would not be accepted.
    guard text.count <= SealedText.limit, row.kind.isSaid(by: text) else {
      let fault = text.count > SealedText.limit ? "is longer than any text may be" : "says nothing"
      throw broken(item, "its \(row.kind.words) in log entry \(row.entry) \(fault)", madeBy: row.entry)
    }
    return text
  }

  func text(_ kind: NoteRow.Kind, _ named: NamedNote, of item: Item) throws -> [UInt8] {
    try text(kind, named.entry, of: item, sealed: named.sealedSHA256, sha256: named.sha256)
  }

  /// Returns an item's newest details, for a member who may open names or holds the item. Checks that they have the
  /// item's name.
  func details(of item: Item) throws -> [UInt8] {
    let metadata = try text(.details, item.details, of: item)
    try checkName(in: metadata, of: item)
    return metadata
  }

  /// Checks that the details have the item's name. A retired item has none any more, so an admin can retire one that
  /// was registered under a false name.
  func checkName(in metadata: [UInt8], of item: Item) throws {
    guard !item.isRetired else { return }
    guard try isTag(of: item, for: ItemName(item.kind, metadata).text) else {
      throw broken(item, "its metadata has another name", madeBy: item.details.entry)
    }
  }
}
