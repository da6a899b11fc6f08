// `import Custody` is enough: it re-exports the types in its public signatures.
@_exported public import CustodyEvidence
@_exported public import CustodyLog
@_exported public import CustodySecrets
@_exported public import CustodySystem
@_exported public import CustodyValues
internal import CustodyCrypto
internal import CustodyStore

/// A vault's file, as anyone can use who has it: to ask to join, or to unlock.
public struct Vault: ~Copyable {
  let store: Store
  /// The vault's ID.
  public let id: Identifier
  /// The public half of the audit key, to which requests are sealed.
  let auditKey: Digest
  /// The leaf hash of the log's first entry. A member remembers it from the day they asked to join.
  public let genesis: Digest
  let now: @Sendable () -> Timestamp

  /// Opens a vault's file.
  ///
  /// - Parameters:
  ///   - path: the file's path.
  ///   - now: the clock.
  /// - Throws: ``VaultError``: `notAVault`, `newerVault`, `integrity`, `notPermittedByTheSystem`, `busy`.
  public static func open(
    at path: String, now: @escaping @Sendable () -> Timestamp = { .now() }
  ) throws(VaultError) -> Vault {
    try translating {
      do {
        let store = try Store.connect(to: path)
        return try Vault(store: store, now: now)
      } catch let error as StoreError {
        throw VaultError(error, path: path)
      }
    }
  }

  init(store: Store, now: @escaping @Sendable () -> Timestamp) throws {
    let row = try store.vault()
    guard let genesis = try store.node(level: 0, number: 0) else {
      throw VaultError(.integrity, "the vault's log has no first entry")
    }
    (self.store, self.now, self.genesis) = (store, now, genesis)
    (id, auditKey) = (row.id, row.auditKey)
  }

  /// Refuses to work with a libsodium that accepts mixed-order Ed25519 keys: a member could enrol a key about which
  /// verifiers disagree. Called before keys are judged, since this code would then refuse all of them.
  static func checkLibrary() throws {
    guard Sodium.refusesMixedOrderKeys else {
      throw VaultError(
        .failed, "this machine's libsodium takes Ed25519 keys that others refuse (CVE-2025-69277)",
        hint: "install the system's updates of libsodium")
    }
  }

  /// Number of rows in each table, by the table's name. It needs no passphrase: a stolen file reveals as much.
  package func counts() throws(VaultError) -> [String: UInt64] { try translating { try store.counts() } }

  package func fileSize() throws(VaultError) -> Int { try translating { try store.fileSize() } }
  /// True if the file or its folder can't be written.
  public var isReadOnly: Bool { store.isReadOnly }

  /// The relation of an ID to the vault: a member's, a request's, or unknown.
  public enum Standing: Sendable { case member, requested, unknown }

  /// Looks up whether an ID is a member's, a request's, or unknown.
  public func standing(of id: Identifier) throws(VaultError) -> Standing {
    try translating {
      if try store.member(id) != nil { return .member }
      return try store.request(id) != nil ? .requested : .unknown
    }
  }
}

/// Argon2id cost of a passphrase.
public enum Hardness: Sendable {
  /// The cost for every use.
  case standard
  /// The accepted minimum, for tests.
  case floor
}
