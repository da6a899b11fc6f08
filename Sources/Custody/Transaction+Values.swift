internal import CustodyCrypto
internal import CustodyLog
internal import CustodyMemory
internal import CustodyStore

/// An item's sealed values, and what the entry that makes them must name.
struct SealedValues {
  let metadata: [UInt8]
  let sealedMetadata: [UInt8]
  let sealedSecret: [UInt8]
  let revision: UInt64
  let generation: UInt64

  func name(in entry: inout EntryDraft, item: Identifier) {
    entry.set(.item, item)
    entry.set(.revision, revision)
    entry.set(.generation, generation)
    entry.set(.metadataSHA256, SHA256.hash(metadata))
    entry.set(.sealedMetadataSHA256, SHA256.hash(sealedMetadata))
    entry.set(.valueSHA256, SHA256.hash(sealedSecret))
  }

  func row(item: Identifier, entry: UInt64) -> RevisionRow {
    RevisionRow(
      item: item, revision: revision, generation: generation, entry: entry, metadata: sealedMetadata,
      secret: sealedSecret)
  }
}

/// A data key for some recipients, and its metadata key for the auditors.
struct Envelopes {
  var all: [(recipient: Identifier, sealed: [UInt8], sha256: Digest)] = []

  mutating func add(_ recipient: Identifier, _ sealed: [UInt8]) {
    all.append((recipient, sealed, SHA256.hash(sealed)))
  }

  var sha256: Digest { SealedHashes.envelopes(all.map { ($0.recipient, $0.sha256) }) }

  func rows(item: Identifier, generation: UInt64, entry: UInt64) -> [EnvelopeRow] {
    all.map {
      EnvelopeRow(
        item: item, generation: generation, recipient: $0.recipient, entry: entry, sealed: $0.sealed,
        sha256: $0.sha256)
    }
  }
}

extension Transaction {
  /// The position that the next entry gets: rows name the entry that makes them.
  var next: UInt64 { core.history.size }

  func seal(
    _ metadata: [UInt8], _ secret: borrowing SecureBytes, of item: Identifier, _ version: (UInt64, UInt64),
    under dataKey: borrowing DataKey
  ) throws -> SealedValues {
    let (revision, generation) = version
    let metadataKey = try dataKey.metadataKey(in: core.arena)
    func context(_ purpose: SealContext.Purpose) -> SealContext {
      SealContext(purpose, vault: core.vault, item: item, version: generation, revision: revision)
    }
    return SealedValues(
      metadata: metadata, sealedMetadata: metadataKey.seal(metadata, context(.metadata)),
      sealedSecret: try dataKey.seal(secret: secret, context(.secret), in: core.arena), revision: revision,
      generation: generation)
  }

  func envelopes(_ dataKey: borrowing DataKey, for members: [Member]) throws -> Envelopes {
    var envelopes = Envelopes()
    let metadataKey = try dataKey.metadataKey(in: core.arena)
    envelopes.add(.none, try core.auditPublicKey().wrap(metadataKey))
    for member in members { envelopes.add(member.id, try core.boxKey(of: member).wrap(dataKey)) }
    return envelopes
  }

  /// A new item with its first value, its data key sealed to its author and its metadata key to the auditors.
  func add(
    _ kind: ItemKind, _ name: String, metadata: [UInt8], secret: borrowing SecureBytes,
    _ origin: (connector: Identifier?, source: Source?) = (nil, nil),
    share: (Identifier, borrowing DataKey, borrowing MetadataKey) throws -> Void
  ) throws {
    try Secret.check(secret)
    let tag = core.indexKey.tag(kind: kind.rawValue, name: name)
    guard core.history.tags[tag] == nil else {
      throw VaultError(
        .conflict, "there is already a \(kind.rawValue) \"\(name)\"", subject: name,
        hint: "give it a new value: \"custody \(kind.rawValue) rotate \(name)\"")
    }
    let item = Identifier.random()
    let dataKey = try DataKey.random(in: core.arena)
    let values = try seal(metadata, secret, of: item, (1, 1), under: dataKey)
    let envelopes = try envelopes(dataKey, for: [try core.author()])
    let entry = try append(kind == .connector ? .connectorRegister : .tokenStore) { entry in
      values.name(in: &entry, item: item)
      entry.set(.tag, tag)
      entry.set(.commitment, dataKey.commitment(item: item, generation: 1))
      entry.set(.envelopesSHA256, envelopes.sha256)
      if let connector = origin.connector { entry.set(.connector, connector) }
      if let source = origin.source { entry.set(.source, source.rawValue) }
    }
    try core.store.insert(
      ItemRow(id: item, kind: kind == .connector ? .connector : .token, tag: tag, revision: 1, generation: 1))
    try core.store.insert(values.row(item: item, entry: entry))
    for row in envelopes.rows(item: item, generation: 1, entry: entry) { try core.store.insert(row) }
    try share(item, dataKey, dataKey.metadataKey(in: core.arena))
  }

  /// A new value under the same data key. The revision before stays, the one before that goes.
  func replace(
    _ opened: borrowing Opened, metadata: [UInt8], secret: borrowing SecureBytes, action: Action,
    _ details: (inout EntryDraft) throws -> Void
  ) throws {
    try Secret.check(secret)
    let (item, revision) = (opened.item, opened.item.revision + 1)
    let values = try seal(metadata, secret, of: item.id, (revision, item.generation), under: opened.dataKey)
    let entry = try append(action) { entry in
      values.name(in: &entry, item: item.id)
      try details(&entry)
    }
    try core.store.insert(values.row(item: item.id, entry: entry))
    try core.store.updateItem(item.id, revision: revision, generation: item.generation)
    try core.store.deleteRevisions(of: item.id, olderThan: revision - 1)
  }

  /// The same value under a new data key, in envelopes for who still has a grant.
  func rekey(_ opened: borrowing Opened) throws {
    let item = opened.item
    let generation = item.generation + 1
    let dataKey = try DataKey.random(in: core.arena)
    let secret = try opened.secret(in: core.arena)
    let values = try seal(opened.metadata, secret, of: item.id, (item.revision, generation), under: dataKey)
    let metadataKey = try dataKey.metadataKey(in: core.arena)
    let previous = metadataKey.seal(
      opened.metadataKey, SealContext(.previousMetadataKey, vault: core.vault, item: item.id, version: generation))
    // What the fold drops by this entry's clock must get no envelope, so both use one clock.
    let time = core.now()
    let grants = core.history.items[item.id]?.grants.filter { !$0.value.isExpired(at: time) } ?? [:]
    try core.attest(grants, of: item)
    let envelopes = try envelopes(dataKey, for: grants.keys.compactMap { core.history.members[$0] })
    let entry = try append(item.kind == .connector ? .connectorRekey : .tokenRekey) { entry in
      entry.header.time = time
      values.name(in: &entry, item: item.id)
      entry.set(.commitment, dataKey.commitment(item: item.id, generation: generation))
      entry.set(.envelopesSHA256, envelopes.sha256)
      entry.set(.previousSHA256, SHA256.hash(previous))
    }
    try core.store.deleteRevisions(of: item.id, generationsBelow: generation)
    try core.store.deleteEnvelopes(of: item.id, generationsBelow: generation)
    try core.store.insert(values.row(item: item.id, entry: entry))
    try core.store.updateItem(item.id, revision: item.revision, generation: generation)
    try core.store.insert(GenerationRow(item: item.id, generation: generation, previous: previous))
    try carryExchange(of: item, from: opened.metadataKey, to: metadataKey, generation: generation)
    for row in envelopes.rows(item: item.id, generation: generation, entry: entry) { try core.store.insert(row) }
  }
}

extension Core {
  func boxKey(of member: Member) throws -> BoxPublicKey {
    guard let key = checkedBoxKey(member.keys.box) else {
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

  /// Checking a key costs as much as half a seal, and a bulk load seals to the same three thousands of times.
  private func checkedBoxKey(_ bytes: Digest) -> BoxPublicKey? {
    if let known = boxKeys[bytes] { return known }
    boxKeys[bytes] = BoxPublicKey(bytes)
    return boxKeys[bytes]
  }
}
