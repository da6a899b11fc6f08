internal import CustodyCrypto
internal import CustodyLog
internal import CustodySecrets
public import CustodyValues
internal import CustodyStore

extension Vault {
  /// Leaves a request to become a member. Nobody else ever learns the credential.
  ///
  /// - Parameters:
  ///   - applicant: the name and role to ask for.
  ///   - credential: the factors that the member will unlock with.
  ///   - hardness: the cost of the passphrase.
  /// - Returns: the future member's ID, and the fingerprint to read out to an admin.
  /// - Throws: ``VaultError``: `badName`, `usage`, `weakPassphrase`, `badInput`, `readOnly`.
  public func join(
    _ applicant: Applicant, by credential: borrowing Credential, hardness: Hardness = .standard
  ) throws(VaultError) -> (member: Identifier, fingerprint: Fingerprint) {
    try translating {
      try applicant.check()
      try credential.checkNew(for: applicant.machine)
      try Self.checkLibrary()
      guard let audit = BoxPublicKey(auditKey) else {
        throw VaultError(.integrity, "the vault's audit key is not one that can be sealed to")
      }
      let arena = try SecureArena()
      let joiner = try NewMember(vault: id, credential, hardness, in: arena)
      let request = JoinRequest(
        vault: id, genesis: genesis, member: joiner.id, name: applicant.name, role: applicant.role,
        keys: joiner.holder.keys, machine: applicant.machine, seedSHA256: joiner.seedSHA256)
      let sealed = audit.seal(request.signed(by: joiner.holder.signEntry))
      let row = RequestRow(id: joiner.id, seed: joiner.columns, request: sealed)
      try store.write { try store.insert(row) }
      return (joiner.id, Fingerprint(vault: id, genesis: genesis, auditKey: auditKey, request: sealed))
    }
  }
}
