internal import CustodyCrypto
internal import CustodyLog
internal import CustodySecrets
internal import CustodyValues
internal import CustodyStore

/// The state of an unlocked session, used by one thread at a time.
final class Core {
  let store: Store
  let ledger: Ledger
  let me: Identifier
  let holder: any KeyHolder
  let arena: SecureArena
  let now: @Sendable () -> Timestamp
  /// This machine's memory of the vault. Nil without a pin folder.
  let memory: VaultMemory?
  /// Public keys that were checked, by their bytes.
  var boxKeys: [Digest: BoxPublicKey] = [:]
  var foundDamages = Damages()
  /// Metadata keys used lately, by item.
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

  /// True for admins and auditors, who open every name by the audit key.
  var opensNames: Bool { history.members[me].map { $0.role != .developer } ?? false }

  /// Finds an item by name, or by its ID in hexadecimal. If several items made in different epochs have the name, it
  /// means the oldest. That holds for IDs too: whoever makes an item chooses its ID, and could choose another item's
  /// name.
  func item(_ kind: ItemKind, _ name: String) throws -> Item? {
    var found = Identifier(hex: name).flatMap { history.items[$0] }
    if let item = found, item.kind != kind || item.isRetired { found = nil }
    for epoch in try openEpochs() {
      let tag = try ledger.keys.tag(kind.rawValue, name, epoch: epoch)
      guard let item = history.tags[ItemTag(kind, tag)].flatMap({ history.items[$0] }) else { continue }
      // The oldest item, not the one of the earliest epoch: members know all earlier epochs' keys, and could make tags
      // of those.
      if found.map({ item.stored.position < $0.stored.position }) ?? true { found = item }
    }
    return found
  }

  /// Returns true if an item's tag is one of this name in any epoch. A tag of an epoch before the item's shows that its
  /// author used a patched client.
  func isTag(of item: Item, for name: String) throws -> Bool {
    for epoch in try openEpochs()
    where try ledger.keys.tag(item.kind.rawValue, name, epoch: epoch) == item.tag { return true }
    return false
  }

  /// Epochs whose keys open to this member, the newest first. Whoever began an epoch may have sealed junk to them.
  func openEpochs() throws -> [UInt64] {
    try stride(from: history.epoch, through: 1, by: -1).filter { epoch in
      do {
        _ = try ledger.keys.tag(ItemKind.token.rawValue, "", epoch: epoch)
        return true
      } catch let error as VaultError where error.code == .integrity { return false }
    }
  }

  func isHolder(of item: Item) -> Bool { history.grant(of: me, in: item).map { !$0.isExpired(at: now()) } ?? false }

  /// The parts of a session, once the seed is open and the log is folded.
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

  /// Runs reads of what was folded last. Changes check it again.
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

  /// Checks that the kept fold could be read. Otherwise it is removed, and results that rest on it are neither returned
  /// nor written.
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
