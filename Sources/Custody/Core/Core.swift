internal import CustodyCrypto
internal import CustodyLog
internal import CustodySecrets
internal import CustodyValues
internal import CustodyStore

/// What an unlocked session works with. One thread at a time.
final class Core {
  let store: Store
  let ledger: Ledger
  let me: Identifier
  let holder: any KeyHolder
  let arena: SecureArena
  let now: @Sendable () -> Timestamp
  /// What this machine remembers of the vault, where the caller keeps that.
  let memory: VaultMemory?
  /// Keys that were found usable.
  var boxKeys: [Digest: BoxPublicKey] = [:]
  var foundDamages = Damages()
  /// The newest ones that were asked for.
  var metadataKeys: [Identifier: HeldMetadataKey] = [:]

  init(_ unlocked: consuming Unlocked) {
    store = unlocked.store
    me = unlocked.member
    holder = unlocked.holder
    arena = unlocked.arena
    now = unlocked.now
    memory = unlocked.memory
    ledger = unlocked.ledger
  }

  var vault: Identifier { ledger.vault }
  var history: History { ledger.history }

  /// Admins and auditors open every name, by the audit key.
  var opensNames: Bool { history.members[me].map { $0.role != .developer } ?? false }

  /// The item that a name means: of several, made in different epochs, the earliest. One whose name doesn't open goes by its
  /// ID; the earliest is meant there too, because who makes an item chooses its ID, and could choose what another is called.
  func item(_ kind: ItemKind, _ name: String) throws -> Item? {
    var found = Identifier(hex: name).flatMap { history.items[$0] }
    if let item = found, item.kind != kind || item.isRetired { found = nil }
    for epoch in try openEpochs() {
      let tag = try ledger.keys.tag(kind.rawValue, name, epoch: epoch)
      guard let item = history.tags[ItemTag(kind, tag)].flatMap({ history.items[$0] }) else { continue }
      // Not the one of the earliest epoch: who stays in the vault knows all the keys before.
      if found.map({ item.stored.position < $0.stored.position }) ?? true { found = item }
    }
    return found
  }

  /// Whether an item's tag is one of this name. It may be of an older epoch than the item: then its author had a patched
  /// client.
  func isTag(of item: Item, for name: String) throws -> Bool {
    for epoch in try openEpochs()
    where try ledger.keys.tag(item.kind.rawValue, name, epoch: epoch) == item.tag { return true }
    return false
  }

  /// Those whose keys open to this member, the newest first: who began one may have sealed junk to them.
  func openEpochs() throws -> [UInt64] {
    try stride(from: history.epoch, through: 1, by: -1).filter { epoch in
      do {
        _ = try ledger.keys.tag(ItemKind.token.rawValue, "", epoch: epoch)
        return true
      } catch let error as VaultError where error.code == .integrity { return false }
    }
  }

  func isHolder(of item: Item) -> Bool { history.grant(of: me, in: item).map { !$0.isExpired(at: now()) } ?? false }

  /// The parts, once a passphrase has opened the seed and the log has been folded.
  struct Unlocked: ~Copyable {
    let store: Store
    let ledger: Ledger
    let member: Identifier
    let holder: any KeyHolder
    let arena: SecureArena
    let now: @Sendable () -> Timestamp
    let memory: VaultMemory?
  }

  func author() throws -> Member {
    guard let member = history.members[me], member.isActive else {
      throw VaultError(.notPermitted, "you are not a member of this vault any more")
    }
    return member
  }

  func name(of member: Identifier) -> String { history.members[member]?.name ?? member.hex }

  /// Runs reads against one state of the vault.
  func reading<R: ~Copyable>(_ body: () throws -> R) throws -> R {
    try recalling {
      try store.read {
        try ledger.refresh()
        return try body()
      }
    }
  }

  /// Reads of what the last read or change has folded, which is checked again by whatever writes.
  func recalling<R: ~Copyable>(_ body: () throws -> R) throws -> R {
    do {
      let result = try body()
      try checkFold()
      return result
    } catch {
      try checkFold(after: error)
      throw error
    }
  }

  /// What was read of the fold that this machine keeps can be relied on. Else it is gone, and what was found of it, or not
  /// found, is neither said nor written.
  func checkFold(after error: (any Error)? = nil) throws {
    guard history.isDamaged || error is FoldDamage else { return }
    ledger.forgetFold()
    memory?.throwFoldAway()
    throw VaultError.damagedFold
  }
}

extension VaultError {
  static var damagedFold: VaultError {
    VaultError(
      .failed, "what this machine keeps of the vault's log is damaged, and was thrown away; the vault is unharmed",
      hint: "run the same again: it reads the log from its beginning, once")
  }
}
