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
  /// Runs what opens something of an item. Where that is damaged it is noted, and nothing comes of it.
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

  /// Of what is no item's.
  func note(_ error: VaultError) { note(error.broken?.what ?? error.reason, madeBy: error.broken?.entry) }

  @discardableResult
  func note(_ what: String, _ kind: ItemKind? = nil, _ item: Identifier? = nil, madeBy entry: UInt64? = nil) -> Damage {
    let author = entry.flatMap { try? ledger.proved($0).actor }.flatMap { history.members[$0]?.name }
    let damage = Damage(what, kind: kind, item: item, index: entry, author: author)
    foundDamages.add(damage)
    return damage
  }

  /// All that was found until now.
  var damages: Damages {
    for row in store.takeUnreadable() { note(row) }
    return foundDamages
  }

  private func note(_ row: UnreadableRow) {
    let item: Item? = if case .identifier(let id) = row.key { history.items[id] } else { nil }
    note("\(row.words) is malformed: the file was changed, or is damaged", item?.kind, item?.id)
  }

  /// Who asks to join seals their request to the audit key in the vault's own row: another one there reads it.
  func noteVaultRow() {
    guard ledger.stopped == nil, (try? store.vault())?.auditKey != history.auditKey else { return }
    note("the vault's audit key is not the one in the log")
  }

  /// Whoever began the newest epoch may have sealed junk to this member, who reads then what their older keys open.
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

  /// What an item's rows say that is not what the log says: anyone who can write the file can have done it.
  func broken(_ item: Item, _ what: String) -> VaultError { broken(item, what, madeBy: nil) }

  /// What does not open although it is what an entry named.
  func broken(_ item: Item, _ what: String, madeBy entry: UInt64?) -> VaultError {
    var error = VaultError(.integrity, "\(item.kind.rawValue) \(item.id.hex): \(what)", subject: item.id.hex)
    error.broken = VaultError.Broken(what: what, entry: entry)
    return error
  }
}

extension Session {
  /// What of that which this session read is damaged, each once and at most a thousand.
  package var damages: [Damage] { core.damages.all }
  /// With those that are more.
  package var damageCount: Int { core.damages.count }
}
