internal import CustodyCrypto
internal import CustodyLog
internal import CustodySecrets
public import CustodyValues
internal import CustodyStore

/// The factors that a member needs to unlock, and their cost, as the file states them. A forger who changes them opens
/// nothing.
public struct SeedProtection: Sendable {
  /// The factors: passphrase, key file, or both.
  public let factors: Credential.Factors
  /// Argon2id's number of passes. 0 if there is no passphrase.
  public let passes: UInt64
  /// Argon2id's memory in MiB. 0 if there is no passphrase.
  public let mebibytes: UInt64

  init(_ lock: SeedLock) {
    (factors, passes, mebibytes) = (Credential.Factors(lock.factors), lock.passes, lock.memory >> 20)
  }
}

extension Vault {
  /// Seals a member's seed under another passphrase or key file, and records that. The member's keys stay the same:
  /// they can open what they could, an agent that holds the keys goes on, and an older copy of the vault still opens
  /// with the old credential.
  ///
  /// - Parameters:
  ///   - member: the member's ID.
  ///   - old: the factors until now.
  ///   - new: the factors from now on.
  ///   - genesis: the hash of the first entry, as the member remembers it. Another vault is refused.
  ///   - pins: the folder of this machine's pins.
  ///   - hardness: the cost of the passphrase.
  /// - Throws: ``VaultError``: `notFound`, `wrongPassphrase`, `weakPassphrase`, `usage`, `integrity`.
  public consuming func relock(
    as member: Identifier, from old: borrowing Credential, to new: borrowing Credential, genesis: Digest? = nil,
    pins: PinFolder?, hardness: Hardness = .standard
  ) throws(VaultError) {
    let vault = self
    try translating {
      try vault.check(genesis: genesis)
      let arena = try SecureArena()
      let seed = try vault.seed(of: member, by: old, in: arena)
      let session = try Session(vault.session(SeedHolder(seed, in: arena), member, pins, in: arena))
      try new.checkNew(for: session.member?.machine)
      // Sealed before the transaction, because it takes half a second during which others would wait.
      let columns = try new.seal(seed, of: (vault.id, member), hardness, in: arena)
      try session.core.commit { try $0.relock(columns) }
    }
  }

  /// Reads which factors a member needs to unlock.
  ///
  /// - Throws: ``VaultError`` with the code `notFound`.
  public borrowing func protection(of member: Identifier) throws(VaultError) -> SeedProtection {
    try translating {
      guard let row = try store.member(member) else { throw try noMember(member) }
      return SeedProtection(try row.seed.lock())
    }
  }
}

extension Transaction {
  fileprivate func relock(_ columns: SeedColumns) throws {
    guard var row = try core.store.member(core.me) else { throw StoreError.malformed(table: "member") }
    _ = try append(.memberRekey) { $0.set(.seedSHA256, SealedHashes.seed(columns)) }
    row.seed = columns
    try core.store.update(row)
  }
}
