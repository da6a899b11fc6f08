internal import CustodySystem
internal import CustodyEvidence
internal import CustodyCrypto
internal import CustodyLog
internal import CustodySecrets
internal import CustodyValues
internal import CustodyStore

/// An item with its opened name and details, after every check of their rows against the log.
struct OpenedItem: Sendable {
  let item: Item
  /// The details as they were sealed, with their salt.
  let metadata: [UInt8]
  let name: ItemName
  let expires: Timestamp?
  /// The tags that its name can have, one for each epoch. Empty for a retired item.
  let tags: [Digest]
  /// Errors of the other requested texts that do not open.
  fileprivate let faults: [VaultError]
}

/// An item's rows as read, not yet opened.
struct SealedItem: Sendable {
  fileprivate let item: Item
  fileprivate let details: NoteRow
  fileprivate let envelope: EnvelopeRow
  fileprivate let expiry: NoteRow?
  fileprivate let texts: [(row: NoteRow, sha256: Digest)]
  fileprivate let links: [MetadataKeyRow]
  fileprivate let audit: EpochKeys.AuditKey?
}

/// An item read for its name: its rows, or the damage found.
private enum Listed<Readable: Sendable>: Sendable {
  case readable(Readable)
  case damaged(Item, VaultError)

  init(_ item: Item, _ body: () throws -> Readable) throws {
    do { self = .readable(try body()) } catch let error as VaultError where error.code == .integrity {
      self = .damaged(item, error)
    }
  }
}

extension Core {
  /// Passes every item of these kinds whose name this member can open to `body`, kind by kind, by ID. Items are opened
  /// on all cores while the next are read.
  /// - Parameter damaged: takes the items that do not open, or have no row.
  func eachOpened(
    _ kinds: [ItemKind], with texts: NotedTexts? = nil, _ progress: @escaping ProgressReport = { _, _ in },
    damaged: (Item) throws -> Void = { _ in }, _ body: (OpenedItem) throws -> Void
  ) throws {
    let own = opensNames ? [:] : listed(kinds)
    let count = opensNames ? kinds.reduce(0) { $0 + history.count(of: $1) } : own.values.reduce(0) { $0 + $1.count }
    let tally = Tally(of: UInt64(count), progress)
    var found = 0
    for kind in kinds {
      try open(
        { hand in
          if opensNames { return try eachRow(kind, texts, hand) }
          for id in own[kind] ?? [] {
            if let item = history.items[id] { try hand(Listed(item) { try sealed(item, texts) }) }
          }
        },
        damaged: { item in
          found += 1
          tally.add()
          try damaged(item)
        },
        { opened in
          found += 1
          tally.add()
          try body(opened)
        })
    }
    guard found != count else { return }
    for item in history.items where kinds.contains(item.kind) {
      let row = try store.item(id: item.id)
      guard row?.kind != ItemRow.Kind(item.kind) else { continue }
      note(broken(item, row == nil ? "its row is missing" : "its row is not what the log says"), of: item)
      try damaged(item)
    }
  }

  /// Returns the IDs of the items that a developer can list, by kind, sorted.
  private func listed(_ kinds: [ItemKind]) -> [ItemKind: [Identifier]] {
    var own: [ItemKind: [Identifier]] = [:]
    for item in history.items where kinds.contains(item.kind) && isListed(item) {
      own[item.kind, default: []].append(item.id)
    }
    return own.mapValues { $0.sorted() }
  }

  /// Opens items whose names this member can open, on all cores. Damaged ones are recorded and left out.
  func open(_ items: [Item], _ body: (OpenedItem) throws -> Void) throws {
    try open({ hand in for item in items { try hand(Listed(item) { try sealed(item) }) } }, damaged: { _ in }, body)
  }

  private func open(
    _ read: ((Listed<SealedItem>) throws -> Void) throws -> Void, damaged: (Item) throws -> Void,
    _ body: (OpenedItem) throws -> Void
  ) throws {
    // The keys are opened first, so that the threads, which make tags of names, need not read any.
    let epochs = try openEpochs()
    let core = Unchanging(value: self)
    try Parallel.stream(
      read,
      work: { part in
        let arena = try SecureArena()
        return try part.map { listed in
          switch listed {
          case .readable(let sealed): return try Listed(sealed.item) { try core.value.opened(sealed, arena, epochs) }
          case .damaged(let item, let error): return .damaged(item, error)
          }
        }
      },
      body: { (listed: Listed<OpenedItem>) in
        switch listed {
        case .readable(let opened):
          for fault in opened.faults { note(fault, of: opened.item) }
          try body(opened)
        case .damaged(let item, let error):
          note(error, of: item)
          try damaged(item)
        }
      })
  }

  /// Reads all items of a kind, for a member who opens all names. A row of an item that the log does not have is
  /// recorded as damage.
  private func eachRow(_ kind: ItemKind, _ texts: NotedTexts?, _ body: (Listed<SealedItem>) throws -> Void) throws {
    try store.eachListed(ItemRow.Kind(kind), recipient: .none) { row in
      guard let item = history.items[row.item.id] else {
        note("there is a row of table \"item\" that the log does not have", kind, row.item.id)
        return
      }
      // An item whose row has another kind than in the log is then found to be missing.
      guard item.kind == kind else { return }
      try body(Listed(item) { try sealed(item, row, texts) })
    }
  }

  /// Returns true if a developer can list the item: they hold it, and have an envelope of its metadata key. A grant
  /// that had ended when the key was renewed has none.
  func isListed(_ item: Item) -> Bool {
    isHolder(of: item) && !item.isRetired && history.grant(of: me, in: item)?.metadataEnvelope != nil
  }

  func opensName(of item: Item) -> Bool { opensNames || isListed(item) }

  /// Opens an item's name and details, for a member who opens all names or holds it.
  func opened(_ kind: ItemKind, _ name: String) throws -> OpenedItem {
    guard let item = try item(kind, name) else { throw notFound(kind, name) }
    guard opensNames || isHolder(of: item) else { throw try notShared(item, name) }
    return try opened(item)
  }

  func opened(_ item: Item) throws -> OpenedItem { try opened(sealed(item), arena, openEpochs()) }

  private func sealed(_ item: Item, _ texts: NotedTexts? = nil) throws -> SealedItem {
    guard let row = try store.listing(of: item.id, recipient: opensNames ? .none : me) else {
      throw broken(item, "its row is missing")
    }
    return try sealed(item, row, texts)
  }

  private func sealed(_ item: Item, _ row: ListedItemRow, _ texts: NotedTexts?) throws -> SealedItem {
    try check(row.item, item)
    guard let details = row.details, details.item == item.id else { throw broken(item, "its details are missing") }
    guard let envelope = row.envelope else { throw withoutEnvelope(item) }
    let expiry = try item.expiry.flatMap { try store.note($0.entry, .expiry) }
    let others = try (texts?.of(item.id) ?? []).compactMap { place in
      try store.note(place.entry, place.kind).map { (row: $0, sha256: place.sha256) }
    }
    let isOlder = ([details, expiry].compactMap(\.self) + others.map(\.row)).contains {
      $0.generation != item.metadataKey.generation
    }
    return SealedItem(
      item: item, details: details, envelope: envelope, expiry: expiry, texts: others,
      links: isOlder ? try store.metadataKeys(of: item.id) : [],
      audit: try opensNames ? auditKey(of: item) : nil)
  }

  /// Opens an item. It runs on several threads, and reads nothing that changes.
  private func opened(_ sealed: SealedItem, _ arena: SecureArena, _ epochs: [UInt64]) throws -> OpenedItem {
    let item = sealed.item
    let newest = try metadataKey(sealed.envelope, item, sealed.audit, in: arena)
    func text(_ row: NoteRow, sha256: Digest) throws -> [UInt8] {
      guard row.generation != item.metadataKey.generation else {
        return try self.text(row, of: item, under: newest, sha256: sha256)
      }
      let key = try metadataKey(newest.copy(in: arena), of: item, before: row.generation, sealed.links, in: arena)
      return try self.text(row, of: item, under: key, sha256: sha256)
    }
    func text(_ row: NoteRow, _ named: NamedNote) throws -> [UInt8] {
      guard SHA256.hash(row.sealed) == named.sealedSHA256 else {
        throw broken(item, "its \(row.kind.words) in log entry \(named.entry) is not what was logged")
      }
      return try text(row, sha256: named.sha256)
    }
    let metadata = try text(sealed.details, item.details)
    var expires: Timestamp?
    if let named = item.expiry {
      guard let expiry = sealed.expiry, expiry.item == item.id else { throw broken(item, "its expiry is missing") }
      expires = SealedText.expiry(in: try text(expiry, named))
    }
    let name: ItemName
    do { name = try ItemName(item.kind, metadata) } catch {
      throw broken(item, "its metadata says nothing: \(error.reason)", madeBy: item.details.entry)
    }
    return OpenedItem(
      item: item, metadata: metadata, name: name, expires: expires, tags: try tags(of: item, named: name.text, epochs),
      faults: try sealed.texts.compactMap { other in
        do { _ = try text(other.row, sha256: other.sha256) } catch let error as VaultError
          where error.code == .integrity
        {
          return error
        }
        return nil
      })
  }

  /// Returns the tags that the item's name can have, after checking that its own is among them. A retired item has
  /// none.
  private func tags(of item: Item, named name: String, _ epochs: [UInt64]) throws -> [Digest] {
    guard !item.isRetired else { return [] }
    let tags = try epochs.map { try ledger.keys.tag(item.kind.rawValue, name, epoch: $0) }
    guard tags.contains(item.tag) else {
      throw broken(item, "its metadata has another name", madeBy: item.details.entry)
    }
    return tags
  }
}
