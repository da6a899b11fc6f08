internal import CustodyCrypto
internal import CustodyLog
internal import CustodyMemory
internal import CustodyStore

/// The vault keys and audit keys of every epoch, as far as one member may have them. The newest is wrapped to the member;
/// each older one is sealed under its successor.
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

  /// Those of a new epoch, made in the open transaction.
  func adopt(_ vaultKey: consuming VaultKey, _ auditKey: consuming BoxKey, epoch: UInt64) {
    vaultKeys[epoch] = HeldVaultKey(vaultKey)
    auditKeys[epoch] = AuditKey(auditKey)
  }

  /// After a transaction that did not commit: what it made must go, and the rest is read again.
  func forget() { (vaultKeys, indexKeys, auditKeys) = ([:], [:], [:]) }

  // MARK: Vault keys

  /// Before several threads open entries of an epoch.
  func hold(_ epoch: UInt64) throws { _ = try held(epoch) }

  /// The epoch of the newest vault key that this member has. Nil for who is no member, or none any more.
  func newestEpoch() throws -> UInt64? {
    try store.keyWraps(of: member).filter { $0.kind == .vault }.map(\.epoch).max()
  }

  func open(_ sealed: [UInt8], _ context: SealContext, epoch: UInt64) throws -> [UInt8] {
    try held(epoch).key.open(sealed, context)
  }

  func seal(_ text: [UInt8], _ context: SealContext, epoch: UInt64) throws -> [UInt8] {
    try held(epoch).key.seal(text, context)
  }

  /// Under which the items of an epoch are found.
  func tag(_ kind: String, _ name: String, epoch: UInt64) throws -> Digest {
    if let known = indexKeys[epoch] { return known.key.tag(kind: kind, name: name) }
    let made = HeldIndexKey(try held(epoch).key.indexKey(in: arena))
    indexKeys[epoch] = made
    return made.key.tag(kind: kind, name: name)
  }

  func wrapVaultKey(_ epoch: UInt64, to box: BoxPublicKey) throws -> [UInt8] { box.wrap(try held(epoch).key) }

  /// The key before, under a new one.
  func seal(previousTo key: borrowing VaultKey, epoch: UInt64) throws -> [UInt8] {
    key.seal(try held(epoch - 1).key, previousContext(epoch))
  }

  private func previousContext(_ epoch: UInt64) -> SealContext {
    SealContext(.previousVaultKey, vault: vault, row: [], version: epoch)
  }

  private func held(_ epoch: UInt64) throws -> HeldVaultKey {
    if let known = vaultKeys[epoch] { return known }
    guard let newest = try newestEpoch(), epoch <= newest else {
      throw VaultError(
        .notPermitted, "you are not a member of this vault any more",
        hint: "ask an admin; \"custody log show\" of theirs says who removed you")
    }
    var held = try unwrapped(newest)
    for number in stride(from: newest, to: epoch, by: -1) { held = try before(number, held) }
    return held
  }

  private func unwrapped(_ epoch: UInt64) throws -> HeldVaultKey {
    if let known = vaultKeys[epoch] { return known }
    guard let wrap = try store.keyWrap(epoch: epoch, kind: .vault, recipient: member) else {
      throw VaultError(.integrity, "your envelope of the vault key is missing")
    }
    do { return keep(try holder.unwrap(wrap.sealed, in: arena), epoch) } catch is CryptoError {
      throw VaultError(.integrity, "your envelope of the vault key does not open")
    }
  }

  private func before(_ epoch: UInt64, _ held: HeldVaultKey) throws -> HeldVaultKey {
    if let known = vaultKeys[epoch - 1] { return known }
    guard let link = try store.keyWrap(epoch: epoch - 1, kind: .vault, recipient: .none),
      let key: VaultKey = try? held.key.openKey(link.sealed, previousContext(epoch), in: arena)
    else { throw VaultError(.integrity, "the vault key of epoch \(epoch - 1) does not open") }
    return keep(key, epoch - 1)
  }

  private func keep(_ key: consuming VaultKey, _ epoch: UInt64) -> HeldVaultKey {
    let held = HeldVaultKey(key)
    vaultKeys[epoch] = held
    return held
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

  /// The pair of an epoch, for admins and auditors. `epochs` are the log's.
  func audit(_ epoch: UInt64, of epochs: [Epoch]) throws -> AuditKey {
    if let known = auditKeys[epoch] { return known }
    let newest = UInt64(epochs.count)
    guard epoch >= 1, epoch <= newest else { throw VaultError(.integrity, "there is no audit key of epoch \(epoch)") }
    let pair: BoxKey
    if epoch == newest {
      guard let wrap = try store.keyWrap(epoch: epoch, kind: .audit, recipient: member) else {
        throw VaultError(.integrity, "your envelope of the audit key is missing")
      }
      do {
        pair = try holder.unwrapAuditKey(wrap.sealed, expecting: publicKey(epoch, of: epochs), in: arena)
      } catch is CryptoError { throw VaultError(.integrity, "your envelope of the audit key does not open") }
    } else {
      let next = try audit(epoch + 1, of: epochs)
      guard let link = try store.keyWrap(epoch: epoch, kind: .audit, recipient: .none) else {
        throw VaultError(.integrity, "the audit key of epoch \(epoch) is missing")
      }
      do { pair = try next.pair.unwrap(link.sealed, expecting: publicKey(epoch, of: epochs), in: arena) } catch {
        throw VaultError(.integrity, "the audit key of epoch \(epoch) does not open")
      }
    }
    let key = AuditKey(pair)
    auditKeys[epoch] = key
    return key
  }

  private func publicKey(_ epoch: UInt64, of epochs: [Epoch]) throws -> BoxPublicKey {
    guard let key = BoxPublicKey(epochs[Int(epoch) - 1].auditKey) else { throw CryptoError() }
    return key
  }
}
