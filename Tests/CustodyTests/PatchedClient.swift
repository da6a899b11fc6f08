import CustodyEvidence
import CustodyCrypto
import CustodyLog
import CustodyValues
import CustodyStore
import CustodyTesting
import Testing

@testable import Custody

/// The part of a validly signed entry that is junk. The entry has its hash, and the row has the bytes that were hashed.
enum Junk: String, CaseIterable, Sendable {
  /// All is as it says: an act that is only meant to harm.
  case act
  /// The sealed value.
  case value
  /// The envelopes of everyone but the author; of a share its one.
  case envelopes
  /// No key has this commitment.
  case commitment
  /// The key before, under the new one.
  case link
  /// A sealed text that does not open, one with another hash, and one that says nothing.
  case sealedText, textHash, emptyText
  /// The keys of an epoch as they are wrapped to one victim: the vault key, and the audit key alone.
  case wraps, auditWrap
  /// The link to the previous audit key or vault key, or one to another vault key.
  case auditLink, vaultLink, otherVaultLink
  /// The sealed request of who is enrolled.
  case request
  /// Numbers and hashes of nothing.
  case numbers

  var isText: Bool { [.sealedText, .textHash, .emptyText].contains(self) }
  /// Seen by whoever opens the value, and by nobody else.
  var isOfValue: Bool { [.value, .envelopes, .commitment].contains(self) }
}

extension Action {
  /// Every kind of junk that an entry of it can name.
  var junk: [Junk] {
    let texts: [Junk] = [.sealedText, .textHash, .emptyText]
    switch self {
    case .connectorRegister, .tokenStore: return [.value, .envelopes, .commitment] + texts
    case .connectorRotate, .tokenRotate, .connectorRevert, .tokenRevert:
      return [.value, .envelopes, .commitment] + texts
    case .connectorRekey, .tokenRekey: return [.value, .envelopes, .commitment]
    case .connectorRenew, .tokenRenew: return [.envelopes, .commitment, .link]
    case .connectorShare, .tokenShare: return [.envelopes] + texts
    case .connectorUnshare, .tokenUnshare: return [.envelopes, .commitment, .link] + texts
    case .connectorChange, .tokenChange, .tokenConfirm, .connectorRetire, .tokenRetire, .connectorSettle, .tokenSettle:
      return texts
    case .tokenExchange: return [.value, .act]
    case .memberEnroll: return [.wraps, .request]
    case .memberRole, .memberRemove: return [.wraps, .auditWrap, .auditLink, .vaultLink, .otherVaultLink]
    case .vaultRepair, .logCosign, .logExport, .logVerify, .logRecover, .vaultCreate, .memberDeny, .memberRekey:
      return [.numbers]
    case .connectorReveal, .tokenReveal, .tokenCheck: return [.act]
    }
  }
}

/// A client that its author has patched: it signs what every rule of the log lets pass, and seals junk.
extension Custody.Transaction {
  /// Returns the entry's position.
  func signJunk(_ action: Action, _ junk: Junk) throws -> UInt64 {
    switch action {
    case .connectorRegister, .tokenStore: return try makeItem(action, junk)
    case .connectorRotate, .tokenRotate, .connectorRekey, .tokenRekey, .connectorRevert, .tokenRevert:
      return try makeValue(action, junk)
    case .connectorRenew, .tokenRenew: return try renew(action, junk)
    case .connectorShare, .tokenShare: return try share(action, junk)
    case .connectorUnshare, .tokenUnshare: return try unshare(action, junk)
    case .connectorReveal, .tokenReveal, .tokenCheck, .tokenExchange: return try use(action, junk)
    case .connectorChange, .tokenChange, .tokenConfirm, .connectorRetire, .tokenRetire, .connectorSettle, .tokenSettle:
      return try write(action, junk)
    case .memberRole, .memberRemove: return try beginJunkEpoch(action, junk)
    case .memberEnroll: return try enroll(junk)
    default: return try sign(action)
    }
  }

  // MARK: Items

  /// Which item an entry is about: one that others hold too, or one of which a value was replaced unseen.
  private func target(_ action: Action) throws -> Item {
    let kind = try #require(action.kind)
    let isSettle = action == .connectorSettle || action == .tokenSettle
    return try #require(try core.item(kind, isSettle ? HouseVault.seen(kind) : HouseVault.target(kind)))
  }

  private func note(_ kind: NoteRow.Kind, _ junk: Junk, _ writer: borrowing TextWriter) -> SealedText {
    let text = Metadata.encode([("reason", "because"), ("expires", "2026-12-24T00:00:00.000Z")])
    let good = writer.note(kind, junk == .emptyText ? Array("{}".utf8) : text, at: next)
    switch junk {
    case .textHash: return SealedText(text: [1, 2, 3], row: good.row)
    case .sealedText:
      var row = good.row
      row.sealed = Sodium.randomBytes(row.sealed.count)
      return SealedText(text: text, row: row)
    default: return good
    }
  }

  private func makeItem(_ action: Action, _ junk: Junk) throws -> UInt64 {
    let (id, kind) = (Identifier.random(), try #require(action.kind))
    let name = kind == .connector ? "junk" : "junk/mail"
    let tag = try core.ledger.keys.tag(kind.rawValue, name, epoch: core.history.epoch)
    let dataKey = try DataKey.random(in: core.arena)
    let writer = TextWriter(vault: core.vault, item: id, generation: 1, key: try MetadataKey.random(in: core.arena))
    let sealed = try value(junk, of: id, 1, 1, dataKey)
    let keys = try dataKeys(dataKey, 1, for: [core.me], junk)
    var metadataKeys = try envelopes(writer.key, 1, for: [core.me])
    if junk == .envelopes {
      metadataKeys = Envelopes(.metadataKey, generation: 1)
      for recipient in [Identifier.none] + (core.opensNames ? [] : [core.me]) {
        metadataKeys.add(recipient, Sodium.randomBytes(80))
      }
    }
    var notes = [note(.details, junk, writer), note(.expiry, junk, writer)]
    if kind == .token { notes.append(note(.destination, junk, writer)) }
    let made = metadataKeys
    let entry = try append(action) { entry in
      sealed.name(in: &entry, item: id)
      entry.set(.tag, tag)
      entry.set(.commitment, dataKey.commitment(item: id, generation: 1))
      entry.set(.envelopesSHA256, keys.sha256)
      let commitment = writer.key.commitment(item: id, generation: 1)
      entry.set(.metadataCommitment, junk == .commitment ? SHA256.hash([7]) : commitment)
      entry.set(.metadataEnvelopesSHA256, made.sha256)
      for note in notes { note.name(in: &entry) }
      if kind == .token {
        entry.set(.connector, try #require(try core.item(.connector, HouseVault.target(.connector))).id)
      }
    }
    try core.store.put(
      ItemRow(
        id: id, kind: kind == .connector ? .connector : .token, tag: tag, revision: 1, generation: 1,
        metadataGeneration: 1, details: entry))
    try core.store.put(sealed.row(item: id, entry: entry))
    for envelopes in [keys, made] { try envelopes.insert(into: core.store, item: id, entry: entry) }
    for note in notes { try core.store.put(note.row) }
    return entry
  }

  private func value(
    _ junk: Junk, of item: Identifier, _ revision: UInt64, _ generation: UInt64, _ key: borrowing DataKey
  ) throws -> SealedSecret {
    guard junk == .value else { return try seal(secret("JUNK"), of: item, revision, generation, under: key) }
    return SealedSecret(bytes: Sodium.randomBytes(105), revision: revision, generation: generation)
  }

  private func dataKeys(
    _ key: borrowing DataKey, _ generation: UInt64, for members: [Identifier], _ junk: Junk
  ) throws -> Envelopes {
    var envelopes = Envelopes(.dataKey, generation: generation)
    for id in members {
      let box = try core.boxKey(of: #require(core.history.members[id]))
      envelopes.add(id, junk == .envelopes && id != core.me ? Sodium.randomBytes(80) : box.wrap(key))
    }
    return envelopes
  }

  private func makeValue(_ action: Action, _ junk: Junk) throws -> UInt64 {
    var item = try target(action)
    let isRekey = action == .connectorRekey || action == .tokenRekey
    var notes: [SealedText] = []
    if !isRekey {
      let writer = try writer(for: item)
      item = current(item)
      notes = [note(.reason, junk, writer)]
      if action == .connectorRotate || action == .tokenRotate { notes.append(note(.expiry, junk, writer)) }
    }
    let (revision, generation) = (item.revision + (isRekey ? 0 : 1), item.generation + 1)
    let dataKey = try DataKey.random(in: core.arena)
    let sealed = try value(junk, of: item.id, revision, generation, dataKey)
    let keys = try dataKeys(dataKey, generation, for: core.history.grants(of: item).keys.sorted(), junk)
    let entry = try append(action) { entry in
      sealed.name(in: &entry, item: item.id)
      let commitment = dataKey.commitment(item: item.id, generation: generation)
      entry.set(.commitment, junk == .commitment ? SHA256.hash([7]) : commitment)
      entry.set(.envelopesSHA256, keys.sha256)
      for note in notes { note.name(in: &entry) }
    }
    try core.store.deleteRevisions(of: item.id, but: item.revision, generation: item.generation)
    try core.store.deleteEnvelopes(of: item.id, .dataKey, generationsBelow: item.generation)
    try core.store.put(sealed.row(item: item.id, entry: entry))
    try core.store.updateItem(item.id, revision: revision, generation: generation)
    try keys.insert(into: core.store, item: item.id, entry: entry)
    for note in notes { try core.store.put(note.row) }
    return entry
  }

  private func renewal(_ item: Item, for members: [Identifier], _ junk: Junk) throws -> Renewal {
    let good = try renewal(of: item, for: members)
    var envelopes = good.envelopes
    if junk == .envelopes {
      envelopes = Envelopes(.metadataKey, generation: good.generation)
      for id in [Identifier.none] + members { envelopes.add(id, Sodium.randomBytes(80)) }
    }
    return Renewal(
      commitment: junk == .commitment ? SHA256.hash([7]) : good.commitment, generation: good.generation,
      previous: junk == .link ? Sodium.randomBytes(73) : good.previous, envelopes: envelopes, journal: nil,
      carriesJournal: false,
      writer: TextWriter(
        vault: core.vault, item: item.id, generation: good.generation, key: try good.writer.key.copy(in: core.arena)))
  }

  private func renew(_ action: Action, _ junk: Junk) throws -> UInt64 {
    let item = try target(action)
    let renewal = try renewal(item, for: core.history.metadataRecipients(of: item, for: core.me, at: time), junk)
    let entry = try append(action) { entry in
      entry.set(.item, item.id)
      renewal.name(in: &entry)
    }
    try store(renewal, of: item, entry)
    return entry
  }

  /// Shares with ada, who holds the item: her own envelope is replaced.
  private func share(_ action: Action, _ junk: Junk) throws -> UInt64 {
    let kind = try #require(action.kind)
    let opened = try core.open(kind, HouseVault.target(kind), for: action)
    let writer = try writer(for: opened.item)
    let (item, ada) = (current(opened.item), try #require(core.history.member(named: "ada")))
    let note = note(.reason, junk, writer)
    let sealed = junk == .envelopes ? Sodium.randomBytes(80) : try core.boxKey(of: ada).wrap(opened.dataKey)
    let entry = try append(action) { entry in
      entry.set(.item, item.id)
      entry.set(.revision, item.revision)
      entry.set(.generation, item.generation)
      entry.set(.to, ada.id)
      entry.set(.envelopeSHA256, SHA256.hash(sealed))
      note.name(in: &entry)
    }
    try core.store.replaceEnvelopes(of: item.id, recipient: ada.id, generation: item.generation)
    try core.store.put(
      EnvelopeRow(
        item: item.id, kind: .dataKey, generation: item.generation, recipient: ada.id, entry: entry, sealed: sealed,
        sha256: SHA256.hash(sealed)))
    try core.store.put(note.row)
    return entry
  }

  /// From dev, a developer, so that there is a new metadata key.
  private func unshare(_ action: Action, _ junk: Junk) throws -> UInt64 {
    let (item, dev) = (try target(action), try #require(core.history.member(named: "dev")))
    let members = core.history.metadataRecipients(of: item, for: core.me, at: time).filter { $0 != dev.id }
    let renewal = try renewal(item, for: members, junk)
    let note = note(.reason, junk, renewal.writer)
    let entry = try append(action) { entry in
      entry.set(.item, item.id)
      entry.set(.to, dev.id)
      note.name(in: &entry)
      renewal.name(in: &entry)
    }
    try core.store.takeBackEnvelopes(of: item.id, recipient: dev.id)
    try core.store.put(note.row)
    try store(renewal, of: item, entry)
    return entry
  }

  private func use(_ action: Action, _ junk: Junk) throws -> UInt64 {
    let item = try target(action)
    let brings = action == .tokenExchange && junk == .value
    let revision = item.revision + (brings ? 1 : 0)
    let bytes = Sodium.randomBytes(105)
    let entry = try append(action) { entry in
      entry.set(.item, item.id)
      entry.set(.revision, revision)
      entry.set(.generation, item.generation)
      if action != .tokenCheck { entry.set(.how, Leaving.pipe.rawValue) }
      if brings { entry.set(.valueSHA256, SHA256.hash(bytes)) }
    }
    guard brings else { return entry }
    try core.store.deleteRevisions(of: item.id, but: item.revision, generation: item.generation)
    try core.store.deleteEnvelopes(of: item.id, .dataKey, generationsBelow: item.generation)
    let value = SealedSecret(bytes: bytes, revision: revision, generation: item.generation)
    try core.store.put(value.row(item: item.id, entry: entry))
    try core.store.updateItem(item.id, revision: revision, generation: item.generation)
    return entry
  }

  /// Performs an action that writes texts about an item, and perhaps retires it.
  private func write(_ action: Action, _ junk: Junk) throws -> UInt64 {
    let item = try target(action)
    let isRetire = action == .connectorRetire || action == .tokenRetire
    if action == .connectorRetire {
      for token in core.history.items where token.connector == item.id && !token.isRetired {
        try end(token, nil, .tokenRetire)
      }
    }
    let writer = try writer(for: item)
    let isChange = action == .connectorChange || action == .tokenChange
    var notes = [note(.reason, junk, writer)]
    if isChange { notes.append(note(.details, junk, writer)) }
    if action == .tokenConfirm { notes.append(note(.destination, junk, writer)) }
    let made = notes
    if isRetire { return try end(item, made[0], action) }
    let entry = try append(action) { entry in
      entry.set(.item, item.id)
      if action == .connectorSettle || action == .tokenSettle { entry.set(.revision, 1) }
      for note in made { note.name(in: &entry) }
    }
    for note in made { try core.store.put(note.row) }
    if isChange { try core.store.updateItem(item.id, details: entry) }
    return entry
  }

  @discardableResult
  private func end(_ item: Item, _ note: SealedText?, _ action: Action) throws -> UInt64 {
    let entry = try append(action) { entry in
      entry.set(.item, item.id)
      note?.name(in: &entry)
    }
    try core.store.freeTag(of: item.id)
    try core.store.destroySecrets(of: item.id)
    try core.store.destroyDataKeys(of: item.id)
    try core.store.deleteExchange(of: item.id)
    if let note { try core.store.put(note.row) }
    return entry
  }
}
