internal import CustodyCrypto
internal import CustodyLog
internal import CustodySecrets
public import CustodyValues
internal import CustodyStore

extension Vault {
  /// Makes a vault: the file, its first admin and the first entry of its log. The file is made under another name, and
  /// gets its own once it is complete.
  ///
  /// - Parameters:
  ///   - path: the path of the file, which must not exist.
  ///   - founding: the first admin's name and other settings.
  ///   - credential: the factors that the first admin will unlock with.
  ///   - now: the clock.
  ///   - remember: stores the IDs. It is called just before the file gets its name, so that no vault exists that
  ///     nobody can open.
  /// - Returns: the vault's ID, the first admin's ID and the genesis.
  /// - Throws: ``VaultError``: `badName`, `usage`, `weakPassphrase`, `badInput`, `alreadyExists`, `diskFull`.
  public static func found(
    at path: String, _ founding: Founding, by credential: borrowing Credential,
    now: @escaping @Sendable () -> Timestamp = { .now() }, remember: (Founded) throws -> Void = { _ in }
  ) throws(VaultError) -> Founded {
    try translating {
      try Name.check(founding.founder, as: "a member's name")
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

  /// IDs of vaults whose founding at this path was interrupted, as by power loss.
  package static func unfinished(at path: String) throws(VaultError) -> [Identifier] {
    do { return try StoreDraft.leftovers(at: path) } catch { throw VaultError(error, path: path) }
  }

  /// Removes the remains of interrupted foundings.
  package static func removeUnfinished(at path: String) throws(VaultError) {
    do { try StoreDraft.removeLeftovers(at: path) } catch { throw VaultError(error, path: path) }
  }
}

extension MemberKeys {
  func name(in entry: inout EntryDraft) {
    entry.set(.boxKey, box.bytes)
    entry.set(.signKey, entries.bytes)
    entry.set(.checkpointKey, checkpoints.bytes)
    entry.set(.cosignKey, cosignatures.bytes)
  }
}
