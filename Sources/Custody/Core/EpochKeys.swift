internal import CustodyCrypto
internal import CustodyLog
internal import CustodySecrets
internal import CustodyValues
internal import CustodyStore

/// The vault keys and audit keys of every epoch that one member may have. Each key is wrapped to the members of its
/// epoch, and sealed under a later epoch's key for those who joined since. Any wrap may be junk, whoever made it, so
/// all wraps of a key are tried.
final class EpochKeys: FoldKeyHolder {
  // In classes, because a noncopyable value can't be in a dictionary.
  private final class HeldVaultKey {
    let key: VaultKey
    init(_ key: consuming VaultKey) { self.key = key }
  }
  private final class HeldIndexKey {
    let key: IndexKey
    init(_ key: consuming IndexKey) { self.key = key }
  }
  final class AuditKey: @unchecked Sendable {
    let pair: BoxKey
    init(_ pair: consuming BoxKey) { self.pair = pair }
  }

  private let store: Store
  private let vault: Identifier
  private let member: Identifier
  private let holder: any KeyHolder
  let arena: SecureArena
  private var vaultKeys: [UInt64: HeldVaultKey] = [:]
  private var indexKeys: [UInt64: HeldIndexKey] = [:]
  private var auditKeys: [UInt64: AuditKey] = [:]

  init(_ store: Store, of vault: Identifier, _ member: Identifier, _ holder: any KeyHolder, in arena: SecureArena) {
    (self.store, self.vault, self.member, self.holder, self.arena) = (store, vault, member, holder, arena)
  }

  /// Adds the keys of a new epoch, made in the open transaction.
  func adopt(_ vaultKey: consuming VaultKey, _ auditKey: consuming BoxKey, epoch: UInt64) {
    vaultKeys[epoch] = HeldVaultKey(vaultKey)
    auditKeys[epoch] = AuditKey(auditKey)
  }

  /// Forgets all keys after a transaction that did not commit. They are read again when needed.
  func forget() { (vaultKeys, indexKeys, auditKeys) = ([:], [:], [:]) }

  // MARK: Vault keys

  /// Opens an epoch's vault key, before several threads use it.
  func hold(_ epoch: UInt64) throws { _ = try held(epoch) }

  /// Returns the newest epoch whose vault key opens to this member. Nil for a former member or none.
  func newestEpoch() throws -> UInt64? {
    let own = try store.keyWraps(of: member)
    return try Set(own.filter { $0.kind == .vault && $0.sealed != nil }.map(\.epoch)).sorted(by: >).first { epoch in
      guard vaultKeys[epoch] == nil else { return true }
      vaultKeys[epoch] = try theRight(unwrapped(own, epoch), of: epoch)
      return vaultKeys[epoch] != nil
    }
  }

  func open(_ sealed: [UInt8], _ context: SealContext, epoch: UInt64) throws -> [UInt8] {
    try held(epoch).key.open(sealed, context)
  }

  func seal(_ text: [UInt8], _ context: SealContext, epoch: UInt64) throws -> [UInt8] {
    try held(epoch).key.seal(text, context)
  }

  /// Makes the tag under which an item of this epoch is found by name.
  func tag(_ kind: String, _ name: String, epoch: UInt64) throws -> Digest {
    if let known = indexKeys[epoch] { return known.key.tag(kind: kind, name: name) }
    let made = HeldIndexKey(try held(epoch).key.indexKey(in: arena))
    indexKeys[epoch] = made
    return made.key.tag(kind: kind, name: name)
  }

  func wrapVaultKey(_ epoch: UInt64, to box: BoxPublicKey) throws -> [UInt8] { box.wrap(try held(epoch).key) }

  private func held(_ epoch: UInt64) throws -> HeldVaultKey {
    if let known = vaultKeys[epoch] { return known }
    guard let newest = try newestEpoch() else {
      throw VaultError(
        .notPermitted, "you are not a member of this vault any more",
        hint: "ask an admin; \(step: .showLog) of theirs says who removed you")
    }
    let (own, links) = try (store.keyWraps(of: member), store.keyWraps(of: .none))
    // From the newest epoch down, since a key is sealed under a later one.
    for number in stride(from: newest, through: epoch, by: -1) where vaultKeys[number] == nil {
      vaultKeys[number] = try theRight(unwrapped(own, number) + linked(links, number), of: number)
    }
    guard let held = vaultKeys[epoch] else {
      throw VaultError(
        .integrity, "the vault key of epoch \(epoch) does not open to you",
        hint: "ask an admin: when they remove a member, or change a role, all get new keys")
    }
    return held
  }

  /// Opens the member's own wraps of a vault key. The one sealed when the epoch began comes first; anyone who knows the
  /// member may have added others.
  private func unwrapped(_ own: [KeyWrapRow], _ epoch: UInt64) throws -> [HeldVaultKey] {
    try own.compactMap { row in
      guard row.kind == .vault, row.epoch == epoch, row.sealedIn >= epoch, let sealed = row.sealed else { return nil }
      do { return HeldVaultKey(try holder.unwrap(sealed, in: arena)) } catch is CryptoError { return nil }
    }
  }

  /// Opens the vault keys of an epoch that are sealed under later epochs' keys, the newest first.
  private func linked(_ links: [KeyWrapRow], _ epoch: UInt64) -> [HeldVaultKey] {
    links.reversed().compactMap { row in
      guard row.kind == .vault, row.epoch == epoch, row.sealedIn > epoch, let under = vaultKeys[row.sealedIn] else {
        return nil
      }
      return opened(row, under)
    }
  }

  private func opened(_ link: KeyWrapRow, _ under: HeldVaultKey) -> HeldVaultKey? {
    guard let sealed = link.sealed,
      let key: VaultKey = try? under.key.openKey(sealed, linkContext(link.epoch, in: link.sealedIn), in: arena)
    else { return nil }
    return HeldVaultKey(key)
  }

  func linkContext(_ epoch: UInt64, in newest: UInt64) -> SealContext {
    SealContext(.olderVaultKey, vault: vault, row: epoch.littleEndianBytes, version: newest)
  }

  /// Chooses, from several keys claimed for an epoch, the one that opens an entry of it.
  private func theRight(_ keys: [HeldVaultKey], of epoch: UInt64) throws -> HeldVaultKey? {
    guard let first = keys.first else { return nil }
    guard try keys.dropFirst().contains(where: { try !isSame($0, first) }) else { return first }
    var right: HeldVaultKey?
    struct Found: Error {}
    do {
      try store.eachEntry { row in
        guard row.epoch == epoch else { return }
        right = keys.first { held in
          (try? held.key.open(row.sealed, .entry(row.position, epoch, vault: vault))) != nil
        }
        if right != nil { throw Found() }
      }
    } catch is Found {}
    return right ?? first
  }

  private func isSame(_ one: HeldVaultKey, _ other: HeldVaultKey) throws -> Bool {
    let tags = try [one, other].map { try $0.key.indexKey(in: arena).tag(kind: "", name: "") }
    return tags[0] == tags[1]
  }

  // MARK: The key of the kept fold

  var foldEpoch: UInt64 {
    get throws {
      guard let newest = try newestEpoch() else { throw CryptoError() }
      return newest
    }
  }

  func seal(_ key: borrowing FoldKey, _ context: SealContext, epoch: UInt64) throws -> [UInt8] {
    try held(epoch).key.seal(key, context)
  }

  func openFoldKey(_ sealed: [UInt8], _ context: SealContext, epoch: UInt64) throws -> FoldKey {
    try held(epoch).key.openKey(sealed, context, in: arena)
  }

  // MARK: Audit keys

  /// Returns an epoch's audit key, for admins and auditors.
  /// - Parameter epochs: the epochs in the log.
  func audit(_ epoch: UInt64, of epochs: [Epoch]) throws -> AuditKey {
    if let known = auditKeys[epoch] { return known }
    guard epoch >= 1, epoch <= epochs.count else {
      throw VaultError(.integrity, "there is no audit key of epoch \(epoch)")
    }
    let (own, links) = try (store.keyWraps(of: member), store.keyWraps(of: .none))
    if let pair = try unwrappedAudit(own, epoch, epochs) { return pair }
    for number in stride(from: UInt64(epochs.count), through: epoch, by: -1) where auditKeys[number] == nil {
      if try unwrappedAudit(own, number, epochs) == nil { linkedAudit(links, number, epochs) }
    }
    guard let pair = auditKeys[epoch] else {
      throw VaultError(.integrity, "the audit key of epoch \(epoch) does not open to you")
    }
    return pair
  }

  private func unwrappedAudit(_ own: [KeyWrapRow], _ epoch: UInt64, _ epochs: [Epoch]) throws -> AuditKey? {
    guard let publicKey = Self.publicKey(epoch, of: epochs) else { return nil }
    for row in own.reversed() where row.kind == .audit && row.epoch == epoch {
      guard let sealed = row.sealed else { continue }
      do {
        let key = AuditKey(try holder.unwrapAuditKey(sealed, expecting: publicKey, in: arena))
        auditKeys[epoch] = key
        return key
      } catch is CryptoError {}
    }
    return nil
  }

  private func linkedAudit(_ links: [KeyWrapRow], _ epoch: UInt64, _ epochs: [Epoch]) {
    for row in links.reversed() where row.kind == .audit && row.epoch == epoch && row.sealedIn > epoch {
      guard let later = auditKeys[row.sealedIn], let pair = opened(row, later, epochs) else { continue }
      auditKeys[epoch] = pair
      return
    }
  }

  private func opened(_ link: KeyWrapRow, _ later: AuditKey, _ epochs: [Epoch]) -> AuditKey? {
    guard let sealed = link.sealed, let publicKey = Self.publicKey(link.epoch, of: epochs),
      let pair = try? later.pair.unwrap(sealed, expecting: publicKey, in: arena)
    else { return nil }
    return AuditKey(pair)
  }

  private static func publicKey(_ epoch: UInt64, of epochs: [Epoch]) -> BoxPublicKey? {
    guard epoch >= 1, epoch <= epochs.count else { return nil }
    return BoxPublicKey(epochs[Int(epoch) - 1].auditKey)
  }
}

// MARK: For others

extension EpochKeys {
  /// Returns the older epochs whose key is not reachable from the newest epoch's by links, as far as this member has
  /// those keys. Before a new epoch this is usually the current one alone; more if somebody sealed junk.
  func unlinked(_ kind: KeyWrapRow.Kind, below newest: UInt64, _ epochs: [Epoch]) throws -> [UInt64] {
    // A link sealed under an epoch that has not begun is not valid.
    let links = try store.keyWraps(of: .none).filter { $0.kind == kind && $0.sealedIn <= epochs.count }
    var (reached, missing): (Set<UInt64>, [UInt64]) = ([newest], [])
    for epoch in stride(from: newest, to: 1, by: -1).map({ $0 - 1 }) where has(kind, epoch, epochs) {
      let leads = try links.contains { row in
        guard row.epoch == epoch, row.sealedIn > epoch, reached.contains(row.sealedIn) else { return false }
        return try opensRight(row, epochs)
      }
      if !leads { missing.append(epoch) }
      reached.insert(epoch)
    }
    return missing
  }

  private func has(_ kind: KeyWrapRow.Kind, _ epoch: UInt64, _ epochs: [Epoch]) -> Bool {
    kind == .vault ? (try? held(epoch)) != nil : (try? audit(epoch, of: epochs)) != nil
  }

  private func opensRight(_ link: KeyWrapRow, _ epochs: [Epoch]) throws -> Bool {
    switch link.kind {
    case .vault:
      guard let key = try opened(link, held(link.sealedIn)) else { return false }
      return try isSame(key, held(link.epoch))
    case .audit: return try opened(link, audit(link.sealedIn, of: epochs), epochs) != nil
    }
  }

  /// Wraps an epoch's key to a member who joins in the newest epoch.
  func wrap(
    _ kind: KeyWrapRow.Kind, of epoch: UInt64, in newest: UInt64, to member: Identifier, _ box: BoxPublicKey,
    _ epochs: [Epoch]
  ) throws -> KeyWrapRow {
    let sealed = kind == .vault ? try wrapVaultKey(epoch, to: box) : box.wrap(try audit(epoch, of: epochs).pair)
    return KeyWrapRow(kind, of: epoch, in: newest, to: member, sealed)
  }

  /// Seals older epochs' keys under the keys of an epoch that is about to begin.
  func links(
    in newest: UInt64, under vaultKey: borrowing VaultKey, _ auditKey: BoxPublicKey, _ epochs: [Epoch]
  ) throws -> [KeyWrapRow] {
    var links: [KeyWrapRow] = []
    for epoch in try unlinked(.vault, below: newest, epochs) {
      let sealed = vaultKey.seal(try held(epoch).key, linkContext(epoch, in: newest))
      links.append(KeyWrapRow(.vault, of: epoch, in: newest, to: .none, sealed))
    }
    for epoch in try unlinked(.audit, below: newest, epochs) {
      links.append(try wrap(.audit, of: epoch, in: newest, to: .none, auditKey, epochs))
    }
    return links
  }
}
