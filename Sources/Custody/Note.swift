internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodyMemory
internal import CustodyStore

/// Free text of an entry: salted, sealed under the item's metadata key, its SHA-256 in the entry.
struct Note {
  static let limit = 1024

  let text: [UInt8]
  let row: NoteRow

  func name(in entry: inout EntryDraft) {
    entry.set(.reasonSHA256, SHA256.hash(text))
    entry.set(.noteSHA256, SHA256.hash(row.sealed))
  }

  /// The generation stands in its context and the entry in its hash, so that no note serves another entry.
  static func context(vault: Identifier, item: Identifier, generation: UInt64) -> SealContext {
    SealContext(.note, vault: vault, item: item, version: generation)
  }

  static func reason(in text: [UInt8]) -> String? { (try? Metadata.parse(text))?["reason"]?.string }
}

extension Transaction {
  func note(
    _ reason: String, on item: Identifier, _ generation: UInt64, at position: UInt64, _ key: borrowing MetadataKey
  ) throws -> Note {
    guard reason.utf8.count <= Note.limit else {
      throw VaultError(.badInput, "a reason has at most \(Note.limit) bytes", hint: "say it in fewer words")
    }
    let text = Metadata.encode([("reason", .string(reason))])
    let sealed = key.seal(text, Note.context(vault: core.vault, item: item, generation: generation))
    return Note(text: text, row: NoteRow(entry: position, item: item, generation: generation, sealed: sealed))
  }

  /// For who may act on an item without holding it: an admin, who opens every metadata key by the audit key.
  func note(_ reason: String?, on item: Item, _ name: String, _ action: Action) throws -> Note? {
    guard let reason else { return nil }
    let key = try core.metadataKey(of: item)
    return try note(reason, on: item.id, item.generation, at: next, key)
  }
}

extension Core {
  /// Through the audit key where this member has it, else through their own envelope.
  func metadataKey(of item: Item) throws -> MetadataKey {
    try metadataKey(metadataEnvelope(of: item), item, opensNames ? auditKey(of: item) : nil, in: arena)
  }

  func metadataEnvelope(of item: Item) throws -> [UInt8] {
    let envelopes = try store.envelopes(of: item.id, generation: item.generation)
    let recipient = opensNames ? Identifier.none : me
    guard let sealed = envelopes.last(where: { $0.recipient == recipient && $0.sealed != nil })?.sealed else {
      throw broken(item, "there is no envelope by which its metadata opens")
    }
    return sealed
  }

  func metadataKey(
    _ sealed: [UInt8], _ item: Item, _ audit: EpochKeys.AuditKey?, in arena: SecureArena
  ) throws -> MetadataKey {
    do {
      if let audit { return try audit.pair.unwrap(sealed, in: arena) }
      let dataKey: DataKey = try holder.unwrap(sealed, in: arena)
      return try dataKey.metadataKey(in: arena)
    } catch is CryptoError {
      throw broken(item, "the envelope of its metadata does not open")
    }
  }

  func item(_ kind: ItemKind, _ name: String) -> Item? {
    history.tags[indexKey.tag(kind: kind.rawValue, name: name)].flatMap { history.items[$0] }
  }

  func isHolder(of item: Item) -> Bool { item.grants[me].map { !$0.isExpired(at: now()) } ?? false }
}
