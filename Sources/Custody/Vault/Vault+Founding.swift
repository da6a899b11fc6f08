internal import CustodyCrypto
internal import CustodyLog
internal import CustodySecrets
public import CustodyValues
internal import CustodyStore

/// A vault to be founded.
public struct Founding: Sendable {
  public var founder: String
  /// What the log's origin begins with: an organisation's own domain, perhaps.
  public var originPrefix = "custody.local"
  public var hardness = Hardness.standard

  public init(founder: String) { self.founder = founder }
}

/// What a founding made.
public struct Founded: Sendable {
  public let vault: Identifier
  public let member: Identifier
  /// Leaf hash of the log's first entry.
  public let genesis: Digest
}

extension Vault {
  /// Makes the file, its first admin and the first entry of its log. It is made beside its place, and has its name once it is
  /// whole; `remember` is called just before that, so that no vault is there that nobody knows how to open.
  @discardableResult
  public static func found(
    at path: String, _ founding: Founding, by credential: borrowing Credential,
    now: @escaping @Sendable () -> Timestamp = { .now() }, remember: (Founded) throws -> Void = { _ in }
  ) throws(VaultError) -> Founded {
    try translating {
      try Naming.check(founding.founder, as: "a member's name")
      try credential.checkNew(for: nil)
      let vault = Identifier.random()
      let origin = "\(founding.originPrefix)/\(vault.hex)"
      guard Checkpoint.isValidOrigin(origin.utf8) else {
        throw VaultError(
          .badName, "cannot use \"\(PrintableText.escape(founding.originPrefix))\" as the log's origin",
          hint: "use a domain and a path, such as example.com/custody")
      }
      try checkLibrary()
      let arena = try SecureArena()
      let founder = try NewMember(vault: vault, credential, founding.hardness, in: arena)
      do {
        let draft = try StoreDraft(for: path, of: vault)
        let genesis = try founder.found(draft.store, origin: origin, name: founding.founder, at: now(), in: arena)
        let founded = Founded(vault: vault, member: founder.id, genesis: genesis)
        try remember(founded)
        try draft.finish()
        return founded
      } catch let error as StoreError {
        throw VaultError(error, path: path)
      }
    }
  }

  /// Vaults whose founding at this path was cut off, as by a power cut, before they were there.
  public static func unfinished(at path: String) throws(VaultError) -> [Identifier] {
    do { return try StoreDraft.leftovers(at: path) } catch { throw VaultError(error, path: path) }
  }

  /// Takes away what is left of them.
  public static func removeUnfinished(at path: String) throws(VaultError) {
    do { try StoreDraft.removeLeftovers(at: path) } catch { throw VaultError(error, path: path) }
  }
}

/// A fresh identity, with its sealed seed.
struct NewMember: ~Copyable {
  let vault: Identifier
  let id: Identifier
  let columns: SeedColumns
  let holder: SeedHolder

  init(
    vault: Identifier, _ credential: borrowing Credential, _ hardness: Hardness, in arena: SecureArena
  ) throws {
    let seed = try Seed.random(in: arena)
    let holder = try SeedHolder(seed, in: arena)
    let id = Identifier.random()
    let columns = try credential.seal(seed, of: (vault, id), hardness, in: arena)
    (self.vault, self.id, self.columns, self.holder) = (vault, id, columns, holder)
  }

  var seedSHA256: Digest { SealedHashes.seed(columns) }

  fileprivate borrowing func found(
    _ store: Store, origin: String, name: String, at time: Timestamp, in arena: SecureArena
  ) throws -> Digest {
    let vaultKey = try VaultKey.random(in: arena)
    let audit = try BoxKey.random(in: arena)
    guard let box = BoxPublicKey(holder.keys.box) else { throw CryptoError() }
    let wraps = [
      KeyWrapRow(.vault, of: 1, in: 1, to: id, box.wrap(vaultKey)),
      KeyWrapRow(.audit, of: 1, in: 1, to: id, box.wrap(audit)),
    ]
    var draft = EntryDraft(
      EntryHeader(
        origin: origin, time: time, actor: id, seq: 1, seen: Seen(size: 0, root: MerkleTree.emptyRoot),
        action: .vaultCreate))
    holder.keys.name(in: &draft)
    draft.set(.name, name)
    draft.set(.role, Role.admin.rawValue)
    draft.set(.auditKey, audit.publicKey.bytes)
    draft.set(.seedSHA256, seedSHA256)
    draft.set(.wrapsSHA256, SealedHashes.wraps(wraps))

    try store.begin(.write)
    do {
      let auditKey = audit.publicKey.bytes
      let keys = EpochKeys(store, of: vault, id, holder, in: arena)
      keys.adopt(vaultKey, audit, epoch: 1)
      let ledger = Ledger(store: store, vault: vault, keys: keys)
      try store.insert(VaultRow(id: vault, auditKey: auditKey))
      try store.insert(MemberRow(id: id, seed: columns, request: nil))
      for wrap in wraps { try store.put(wrap) }
      _ = try ledger.append(draft, by: holder)
      try ledger.sign(by: holder, member: id)
      try store.commit()
      return try ledger.leaf(0)
    } catch {
      store.rollback()
      throw error
    }
  }
}

extension MemberKeys {
  func name(in entry: inout EntryDraft) {
    entry.set(.boxKey, box)
    entry.set(.signKey, entries)
    entry.set(.checkpointKey, checkpoints)
    entry.set(.cosignKey, cosignatures)
  }
}
