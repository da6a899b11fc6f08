internal import CustodyCrypto
internal import CustodyLog
internal import CustodySecrets
internal import CustodyValues
internal import CustodyStore

/// A new identity, with its sealed seed.
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

  borrowing func found(
    _ store: Store, origin: String, name: String, at time: Timestamp, in arena: SecureArena
  ) throws -> Digest {
    let vaultKey = try VaultKey.random(in: arena)
    let audit = try BoxKey.random(in: arena)
    guard let box = BoxPublicKey(holder.keys.box.bytes) else { throw CryptoError() }
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

    let auditKey = audit.publicKey.bytes
    let keys = EpochKeys(store, of: vault, id, holder, in: arena)
    keys.adopt(vaultKey, audit, epoch: 1)
    let ledger = Ledger(store: store, vault: vault, keys: keys)
    try store.write {
      try store.insert(VaultRow(id: vault, auditKey: auditKey))
      try store.insert(MemberRow(id: id, seed: columns, request: nil))
      for wrap in wraps { try store.put(wrap) }
      _ = try ledger.append(draft, by: holder)
      try ledger.sign(by: holder, member: id)
    }
    return try ledger.leaf(0)
  }
}
