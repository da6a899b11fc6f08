internal import CustodyCrypto
package import CustodyLog
internal import CustodyValues
internal import CustodyStore

extension UnreadableRow {
  fileprivate var words: String {
    switch key {
    case .identifier(let id): "the row of table \"\(table)\" for \(id.hex)"
    case .number(let number): "row \(number) of table \"\(table)\""
    case .none: "a row of table \"\(table)\""
    }
  }
}

extension Core {
  /// Runs `body`, which opens something of an item. If the item is damaged, records that and returns nil.
  func unlessDamaged<R>(_ item: Item, _ body: () throws -> R) throws -> R? {
    do { return try body() } catch let error as VaultError where error.code == .integrity {
      note(error, of: item)
      return nil
    }
  }

  @discardableResult
  func note(_ error: VaultError, of item: Item) -> Damage {
    note(error.broken?.what ?? error.reason, item.kind, item.id, madeBy: error.broken?.entry)
  }

  /// Records damage that concerns no item.
  func note(_ error: VaultError) { note(error.broken?.what ?? error.reason, madeBy: error.broken?.entry) }

  @discardableResult
  func note(_ what: String, _ kind: ItemKind? = nil, _ item: Identifier? = nil, madeBy entry: UInt64? = nil) -> Damage {
    let author = entry.flatMap { try? ledger.proved($0).actor }.flatMap { history.members[$0]?.name }
    let damage = Damage(what, kind: kind, item: item, index: entry, author: author)
    foundDamages.add(damage)
    return damage
  }

  /// All damage found so far.
  var damages: Damages {
    for row in store.takeUnreadable() { note(row) }
    return foundDamages
  }

  private func note(_ row: UnreadableRow) {
    let item: Item? = if case .identifier(let id) = row.key { history.items[id] } else { nil }
    note("\(row.words) is malformed: the file was changed, or is damaged", item?.kind, item?.id)
  }

  /// Records a changed audit key in the vault's row. Requests to join are sealed to that key, so whoever put another
  /// one there could read them.
  func noteVaultRow() {
    guard ledger.stopped == nil, (try? store.vault())?.auditKey != history.auditKey else { return }
    note("the vault's audit key is not the one in the log")
  }

  /// Records this member's wraps of the newest epoch that do not open. Whoever began the epoch may have sealed junk to
  /// them; they then read only what their older keys open.
  func noteOwnWraps() {
    guard ledger.stopped?.rule == nil || ledger.stopped?.rule == .doesNotOpen else { return }
    let (epoch, epochs) = (history.epoch, history.epochs)
    func note(_ key: String) {
      self.note(
        "your envelope of the \(key) of epoch \(epoch) is missing, or does not open",
        madeBy: try? wrapMaker(of: me, in: epoch))
    }
    if (try? ledger.keys.newestEpoch()) != epoch { note("vault key") }
    if opensNames, (try? ledger.keys.audit(epoch, of: epochs)) == nil { note("audit key") }
  }

  /// The error for an item's row that differs from the log. Anyone who can write the file can cause it.
  func broken(_ item: Item, _ what: String) -> VaultError { broken(item, what, madeBy: nil) }

  /// The error for bytes that an entry names but that do not open.
  func broken(_ item: Item, _ what: String, madeBy entry: UInt64?) -> VaultError {
    var error = VaultError(.integrity, "\(item.kind.rawValue) \(item.id.hex): \(what)", subject: item.id.hex)
    error.broken = VaultError.Broken(what: what, entry: entry)
    return error
  }
}

extension Session {
  /// Damage in what this session has read, each once, at most 1,000.
  package var damages: [Damage] { core.damages.all }
  /// Number of damages found, including those beyond the first 1,000.
  package var damageCount: Int { core.damages.count }
}
