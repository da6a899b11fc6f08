internal import CustodyCrypto
internal import CustodyLog
internal import CustodySecrets
public import CustodyValues
internal import CustodyStore

/// The factors that a member needs to unlock, and their cost, as the file says. A change of it by a forger opens
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
  /// Seals a member's seed anew, under another passphrase or with another key file, and records that. Their keys stay: what
  /// they could open they still can, an agent that holds them goes on, and an older copy of the vault opens as it did.
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
      // Before the transaction: it takes half a second, and others wait meanwhile.
      let columns = try new.seal(seed, of: (vault.id, member), hardness, in: arena)
      try session.core.commit { try $0.relock(columns) }
    }
  }

  /// Reads what a member needs to unlock.
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
