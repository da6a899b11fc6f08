internal import CustodyCrypto
internal import CustodyLog
internal import CustodyMemory
internal import CustodyStore

/// An item to which this member holds the data key, after every check of its envelope, entries and metadata.
struct Opened: ~Copyable {
  let item: Item
  let metadata: [UInt8]
  let dataKey: DataKey
  let metadataKey: MetadataKey
  fileprivate let secretRow: [UInt8]
  fileprivate let context: SealContext

  borrowing func secret(in arena: SecureArena) throws -> SecureBytes {
    do { return try dataKey.openSecret(secretRow, context, in: arena) } catch is CryptoError {
      throw VaultError(.integrity, "the sealed secret of item \(item.id.hex) does not open")
    }
  }
}

extension Core {
  /// The checks of DESIGN section 6, in order. `action` is what a refusal is recorded as.
  func open(_ kind: ItemKind, _ name: String, for action: Action) throws -> Opened {
    let tag = indexKey.tag(kind: kind.rawValue, name: name)
    guard let row = try store.retrieval(tag: tag, recipient: me) else { throw notFound(kind, name) }
    let item = try known(row, kind, tag)
    let (grant, envelope) = try granted(item, row, name, action)

    let grantEntry = try ledger.attested(grant.envelope)
    try check(envelope, named: grantEntry, item)
    if grant.right != grant.envelope { try check(right: ledger.attested(grant.right), item, of: me) }
    let valueEntry = item.valueEntry == grant.envelope ? grantEntry : try ledger.attested(item.valueEntry)
    try check(row.revision, named: valueEntry, item)
    let keyEntry: Entry
    switch item.keyEntry {
    case grant.envelope: keyEntry = grantEntry
    case item.valueEntry: keyEntry = valueEntry
    default: keyEntry = try ledger.attested(item.keyEntry)
    }

    let dataKey: DataKey
    do { dataKey = try holder.unwrap(envelope.sealed, in: arena) } catch is CryptoError {
      throw broken(item, "the envelope does not open")
    }
    guard keyEntry.digest(.commitment) == dataKey.commitment(item: item.id, generation: item.generation) else {
      throw broken(item, "the data key is not the one that was committed to")
    }
    let metadataKey = try dataKey.metadataKey(in: arena)
    let metadata = try openMetadata(row.revision.metadata, item, metadataKey, valueEntry)
    guard try Metadata.name(metadata, of: kind) == name else { throw broken(item, "its metadata has another name") }
    return Opened(
      item: item, metadata: metadata, dataKey: dataKey, metadataKey: metadataKey, secretRow: row.revision.secret,
      context: .init(.secret, vault: vault, item: item.id, version: item.generation, revision: item.revision))
  }

  /// The row must be what the log says is newest: one row rolled back is seen here.
  private func known(_ row: Retrieval, _ kind: ItemKind, _ tag: Digest) throws -> Item {
    guard let item = history.items[row.item.id], item.kind == kind, item.tag == tag, !item.isRetired else {
      throw VaultError(.integrity, "item \(row.item.id.hex) is not in the log")
    }
    guard row.item.revision == item.revision, row.item.generation == item.generation,
      row.revision.revision == item.revision, row.revision.generation == item.generation,
      row.revision.entry == item.valueEntry
    else { throw broken(item, "the row is not the newest revision that the log has") }
    return item
  }

  private func granted(
    _ item: Item, _ row: Retrieval, _ name: String, _ action: Action
  ) throws -> (Grant, (sealed: [UInt8], row: EnvelopeRow)) {
    try author().machine?.require(action, item.id)
    guard let grant = item.grants[me] else { throw try notShared(item, name).denying(action, item.id) }
    if grant.isExpired(at: now()) {
      let error = VaultError(
        .expired, "cannot open \"\(name)\": your grant ended at \(grant.until?.text ?? "")", subject: name,
        hint: "ask \(self.name(of: item.storedBy)) to share it again")
      throw error.denying(action, item.id)
    }
    guard let envelope = row.envelope, let sealed = envelope.sealed, envelope.entry == grant.envelope else {
      throw broken(item, "the envelope that the log grants is missing")
    }
    return (grant, (sealed, envelope))
  }

  func notShared(_ item: Item, _ name: String) throws -> VaultError {
    let role = try author().role
    if role == .auditor {
      return VaultError(
        .notPermitted, "cannot open \"\(name)\": an auditor opens names and the log, never a secret", subject: name,
        hint: "ask an admin or developer who holds it")
    }
    let holder = item.grants.keys.map { self.name(of: $0) }.min() ?? self.name(of: item.storedBy)
    let asked = item.grants[item.storedBy] != nil ? "\(self.name(of: item.storedBy)), who stored it," : "\(holder)"
    return VaultError(
      .notShared, "cannot open \"\(name)\": it is not shared with you", subject: name,
      hint: "ask \(asked) to run \"custody \(item.kind.rawValue) share \(name) --with \(self.name(of: me))\"")
  }

  private func check(_ envelope: (sealed: [UInt8], row: EnvelopeRow), named entry: Entry, _ item: Item) throws {
    let sha256 = SHA256.hash(envelope.sealed)
    guard envelope.row.sha256 == sha256, entry.identifier(.item) == item.id,
      entry.number(.generation) == item.generation
    else { throw broken(item, "the envelope is not the one that was granted") }
    if let named = entry.digest(.envelopeSHA256) {
      guard named == sha256, entry.identifier(.to) == me else {
        throw broken(item, "the envelope is not the one that was granted")
      }
      return
    }
    let together = try store.envelopes(of: item.id, generation: item.generation)
      .filter { $0.entry == envelope.row.entry }.map { (recipient: $0.recipient, sha256: $0.sha256) }
    guard entry.digest(.envelopesSHA256) == SealedHashes.envelopes(together) else {
      throw broken(item, "the envelopes are not the ones that were granted")
    }
  }

  /// The fold takes a share as it is until somebody relies on it: a forged one would let its recipient in, or pass for
  /// the holder who remains.
  func attest(_ grants: [Identifier: Grant], of item: Item) throws {
    for (member, grant) in grants { try check(right: ledger.attested(grant.right), item, of: member) }
  }

  private func check(right entry: Entry, _ item: Item, of member: Identifier) throws {
    guard entry.identifier(.item) == item.id, entry.identifier(.to) ?? entry.actor == member else {
      throw broken(item, "the entry that shared it names someone else")
    }
  }

  private func check(_ row: RevisionRow, named entry: Entry, _ item: Item) throws {
    guard entry.identifier(.item) == item.id, entry.digest(.valueSHA256) == SHA256.hash(row.secret),
      entry.digest(.sealedMetadataSHA256) == SHA256.hash(row.metadata)
    else { throw broken(item, "the sealed values are not the ones that were logged") }
  }

  func openMetadata(_ sealed: [UInt8], _ item: Item, _ key: borrowing MetadataKey, _ entry: Entry) throws -> [UInt8] {
    let context = SealContext(
      .metadata, vault: vault, item: item.id, version: item.generation, revision: item.revision)
    let metadata: [UInt8]
    do { metadata = try key.open(sealed, context) } catch { throw broken(item, "the metadata does not open") }
    guard entry.digest(.metadataSHA256) == SHA256.hash(metadata) else {
      throw broken(item, "the metadata is not what was logged")
    }
    return metadata
  }

  func broken(_ item: Item, _ what: String) -> VaultError {
    VaultError(.integrity, "\(item.kind.rawValue) \(item.id.hex): \(what)", subject: item.id.hex)
  }

  func notFound(_ kind: ItemKind, _ name: String) -> VaultError {
    VaultError(
      .notFound, "there is no \(kind.rawValue) \"\(name)\"", subject: name,
      hint: "list what you can see: \"custody \(kind.rawValue) list\"")
  }
}
