internal import CustodyCrypto
internal import CustodyLog
internal import CustodySecrets
internal import CustodyValues
internal import CustodyStore

/// A sealed value, with the fields that its entry names.
struct SealedSecret {
  let bytes: [UInt8]
  let revision: UInt64
  let generation: UInt64

  func name(in entry: inout EntryDraft, item: Identifier) {
    entry.set(.item, item)
    entry.set(.revision, revision)
    entry.set(.generation, generation)
    entry.set(.valueSHA256, SHA256.hash(bytes))
  }

  func row(item: Identifier, entry: UInt64) -> RevisionRow {
    RevisionRow(item: item, revision: revision, generation: generation, entry: entry, secret: bytes)
  }
}

/// A data key or metadata key, sealed to each of some recipients.
struct Envelopes {
  let kind: EnvelopeRow.Kind
  let generation: UInt64
  private var all: [(recipient: Identifier, sealed: [UInt8], sha256: Digest)] = []

  init(_ kind: EnvelopeRow.Kind, generation: UInt64) { (self.kind, self.generation) = (kind, generation) }

  mutating func add(_ recipient: Identifier, _ sealed: [UInt8]) {
    all.append((recipient, sealed, SHA256.hash(sealed)))
  }

  var sha256: Digest { SealedHashes.envelopes(all.map { ($0.recipient, $0.sha256) }) }

  func insert(into store: Store, item: Identifier, entry: UInt64) throws {
    for one in all {
      try store.put(
        EnvelopeRow(
          item: item, kind: kind, generation: generation, recipient: one.recipient, entry: entry, sealed: one.sealed,
          sha256: one.sha256))
    }
  }
}

extension Transaction {
  /// Position of the next entry. Rows name the entry that makes them.
  var next: UInt64 { core.history.size }

  func seal(
    _ secret: borrowing SecureBytes, of item: Identifier, _ revision: UInt64, _ generation: UInt64,
    under dataKey: borrowing DataKey
  ) throws -> SealedSecret {
    try Secret.check(secret)
    let context = SealContext(.secret, vault: core.vault, item: item, version: generation, revision: revision)
    return SealedSecret(
      bytes: try dataKey.seal(secret: secret, context, in: core.arena), revision: revision, generation: generation)
  }

  func envelopes(_ dataKey: borrowing DataKey, _ generation: UInt64, for members: [Member]) throws -> Envelopes {
    var envelopes = Envelopes(.dataKey, generation: generation)
    for member in members { envelopes.add(member.id, try core.boxKey(of: member).wrap(dataKey)) }
    return envelopes
  }

  /// Seals a metadata key to the audit key, which auditors and admins have, and to each member who lacks that.
  func envelopes(_ key: borrowing MetadataKey, _ generation: UInt64, for members: [Identifier]) throws -> Envelopes {
    var envelopes = Envelopes(.metadataKey, generation: generation)
    envelopes.add(.none, try core.auditPublicKey().wrap(key))
    for id in members {
      guard let member = core.history.members[id], !core.history.opensNames(id) else { continue }
      envelopes.add(id, try core.boxKey(of: member).wrap(key))
    }
    return envelopes
  }

  /// Stores the refresh token that an exchange brought, under the same data key. The previous revision is kept, the one
  /// before it deleted.
  func adopt(_ secret: borrowing SecureBytes, _ opened: borrowing Opened, _ how: Leaving) throws {
    let (item, revision) = (opened.item, opened.item.revision + 1)
    let sealed = try seal(secret, of: item.id, revision, item.generation, under: opened.dataKey)
    let entry = try append(.tokenExchange) { entry in
      sealed.name(in: &entry, item: item.id)
      entry.set(.how, how.rawValue)
    }
    try keepEarlier(item)
    try core.store.put(sealed.row(item: item.id, entry: entry))
    try core.store.updateItem(item.id, revision: revision, generation: item.generation)
  }

  /// Stores a value under a new data key, with an envelope for everyone who has a grant and is not left out.
  func replaceKey(
    of item: Item, _ secret: borrowing SecureBytes, revision: UInt64, leavingOut: [Identifier], _ action: Action,
    _ details: (inout EntryDraft) -> Void = { _ in }
  ) throws {
    let generation = item.generation + 1
    let dataKey = try DataKey.random(in: core.arena)
    let sealed = try seal(secret, of: item.id, revision, generation, under: dataKey)
    let recipients = Set(core.history.grants(of: item).keys).subtracting(leavingOut).union([core.me])
    let members = recipients.sorted().compactMap { core.history.members[$0] }
    let envelopes = try envelopes(dataKey, generation, for: members)
    // An admin who takes over reads by the audit key: an envelope that remains from an ended grant is removed.
    let takesOver = !core.isHolder(of: item)
    let entry = try append(action) { entry in
      sealed.name(in: &entry, item: item.id)
      entry.set(.commitment, dataKey.commitment(item: item.id, generation: generation))
      entry.set(.envelopesSHA256, envelopes.sha256)
      if !leavingOut.isEmpty { entry.set(.without, leavingOut) }
      details(&entry)
    }
    try keepEarlier(item)
    if takesOver { try core.store.takeBackEnvelopes(of: item.id, recipient: core.me) }
    try core.store.put(sealed.row(item: item.id, entry: entry))
    try core.store.updateItem(item.id, revision: revision, generation: generation)
    try envelopes.insert(into: core.store, item: item.id, entry: entry)
    for member in leavingOut { try core.store.takeBackEnvelopes(of: item.id, recipient: member) }
    try dropAccessToken(of: item)
  }

  /// Keeps the newest value, which becomes the previous one, for a revert. Older values are deleted.
  private func keepEarlier(_ item: Item) throws {
    try core.store.deleteRevisions(of: item.id, but: item.revision, generation: item.generation)
    try core.store.deleteEnvelopes(of: item.id, .dataKey, generationsBelow: item.generation)
  }

  /// Writes the item's row anew from the log. Whoever can write the file may have changed or deleted it.
  func putRow(of found: Item) throws {
    let item = current(found)
    let row = ItemRow(
      id: item.id, kind: ItemRow.Kind(item.kind), tag: item.isRetired ? nil : item.tag,
      revision: item.revision, generation: item.generation, metadataGeneration: item.metadataKey.generation,
      details: item.details.entry)
    guard (try? core.store.item(id: item.id)) != row else { return }
    try core.store.put(row)
  }

  /// Seals the same value under a new data key.
  func rekey(_ opened: borrowing Opened, leavingOut: [Identifier] = []) throws {
    let secret = try opened.secret(in: core.arena)
    try replaceKey(
      of: opened.item, secret, revision: opened.item.revision, leavingOut: leavingOut,
      Action(.rekey, opened.item.kind))
  }
}

extension Core {
  func boxKey(of member: Member) throws -> BoxPublicKey {
    guard let key = checkedBoxKey(member.keys.box.bytes) else {
      throw VaultError(
        .integrity, "the key of \"\(member.name)\" is not one that can be sealed to", subject: member.name)
    }
    return key
  }

  func auditPublicKey() throws -> BoxPublicKey {
    guard let key = history.auditKey.flatMap({ checkedBoxKey($0) }) else {
      throw VaultError(.integrity, "the vault's audit key is not one that can be sealed to")
    }
    return key
  }

  /// Checks a public key once and caches it. A check costs half as much as sealing, and a bulk load seals to the same
  /// few keys thousands of times.
  private func checkedBoxKey(_ bytes: Digest) -> BoxPublicKey? {
    if let known = boxKeys[bytes] { return known }
    boxKeys[bytes] = BoxPublicKey(bytes)
    return boxKeys[bytes]
  }
}
