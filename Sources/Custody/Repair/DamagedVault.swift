internal import CustodyCrypto
internal import CustodyLog
internal import CustodySecrets
package import CustodyValues
internal import CustodyStore

/// A vault of which any row may be damaged, and perhaps an older copy of it. The copy is not trusted: a row is taken
/// from it only if its hash is in the log.
package struct DamagedVault {
  let sources: RepairSources
  let path: String
  /// Path of a write-ahead log that does not continue the file.
  let doubtfulLog: String?
  /// Set if the file itself is unusable and a new one takes its place.
  let rebuilt: RebuiltVault?
  let now: @Sendable () -> Timestamp

  /// Opens a vault for repair.
  ///
  /// - Parameters:
  ///   - path: the vault's file.
  ///   - copy: an older copy's file.
  ///   - now: the clock.
  package static func open(
    at path: String, from copy: String? = nil, now: @escaping @Sendable () -> Timestamp = { .now() }
  ) throws(VaultError) -> DamagedVault {
    let copy = try copy.map { copy throws(VaultError) in try RepairCopy(copy) }
    let vault = try RebuiltVault.naming(path) { () throws(StoreError) in try Store.connectOrRebuild(at: path) }
    let damaged = DamagedVault(
      sources: RepairSources(vault: vault.store, copy: copy), path: path, doubtfulLog: vault.doubtfulLog,
      rebuilt: vault.rebuild.map { RebuiltVault($0, path) }, now: now)
    try damaged.checkCopy()
    return damaged
  }

  /// Refuses a copy of another vault: one whose vault ID and first entry both differ.
  private func checkCopy() throws(VaultError) {
    guard let copy = sources.copy else { return }
    try translating {
      guard let id = try copy.row(.vault, [.integer(1)])?.asVaultID,
        let first = try copy.row(.logNode, [.integer(0)]).flatMap({ try? $0.digest(1) })
      else { return }
      let own = (
        id: try sources.vault.stored(.vault, key: [.integer(1)])?.asVaultID,
        first: try sources.vault.stored(.logNode, key: [.integer(0)]).flatMap { try? $0.digest(1) }
      )
      guard own.id != nil || own.first != nil, own.id != id, own.first != first else { return }
      throw VaultError(
        .badInput, "cannot take rows back from \"\(PrintableText.escape(copy.path))\": it is another vault",
        subject: copy.path,
        hint: "name a copy of this vault with \(step: .use(.copy)), or leave \(step: .leaveOut(.copy)) out")
    }
  }

  /// Vault IDs found in the file and its copy. The log proves which is right.
  package var ids: [Identifier] {
    get throws(VaultError) { try translating { try sources.rows(.vault, [.integer(1)]).compactMap(\.asVaultID) } }
  }

  /// Hashes of the first entry found in the file and its copy.
  package var geneses: [Digest] {
    get throws(VaultError) {
      try translating { try sources.rows(.logNode, [.integer(0)]).compactMap { try? $0.digest(1) } }
    }
  }

  /// Returns the factors that unlock a member's seed, from the first of their rows that can be read.
  package func protection(of member: Identifier) throws(VaultError) -> SeedProtection {
    try translating {
      for row in try seeds(of: member) {
        if let lock = try? row.seed.lock() { return SeedProtection(lock) }
      }
      throw VaultError(
        .notFound, "your row is missing in the vault, or damaged", subject: member.hex,
        hint: "take it from an older copy of the vault: \(step: .repairFromCopy)")
    }
  }

  private func seeds(of member: Identifier) throws -> [MemberRow] {
    try sources.rows(.member, [.id(member)]).compactMap(\.asMember)
  }

  /// Unlocks with the member's seed from the vault, or from the copy if the vault's does not open.
  package func unlock(
    as member: Identifier, of vault: Identifier, by credential: borrowing Credential, genesis: Digest? = nil,
    pins: PinFolder?
  ) throws(VaultError) -> Repair {
    return try translating {
      let arena = try SecureArena()
      let holder = try self.holder(of: member, vault, credential, arena)
      return Repair(
        self, Repair.Author(vault: vault, member: member, holder: holder, arena: arena), genesis, pins)
    }
  }

  /// Unlocks with an identity that is already open.
  package func unlock(
    as member: Identifier, of vault: Identifier, with holder: any KeyHolder, genesis: Digest? = nil,
    pins: PinFolder?
  ) throws(VaultError) -> Repair {
    return try translating {
      Repair(
        self, Repair.Author(vault: vault, member: member, holder: holder, arena: try SecureArena()), genesis, pins)
    }
  }

  private func holder(
    of member: Identifier, _ vault: Identifier, _ credential: borrowing Credential, _ arena: SecureArena
  ) throws -> any KeyHolder {
    var tried: [SeedColumns] = []
    var refused: (any Error)?
    for row in try seeds(of: member) where !tried.contains(row.seed) {
      tried.append(row.seed)
      guard let lock = try? row.seed.lock(), lock.factors == SeedFactors(credential.factors) else { continue }
      do {
        let key = try lock.key(from: credential, in: arena)
        guard let seed = try? Seed.open(row.seed.seed, under: key, lock, of: (vault, member), in: arena) else {
          continue
        }
        return try SeedHolder(seed, in: arena)
      } catch {
        // Costs that are out of bounds are one row's fault. The copy's row may be right.
        refused = error
      }
    }
    if let refused { throw refused }
    throw VaultError(
      .wrongPassphrase, "cannot unlock: the passphrase is wrong, or your sealed seed was changed",
      hint: "type it again; or take your row from an older copy: \(step: .repairFromCopy)")
  }
}
