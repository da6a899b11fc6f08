internal import CustodyEvidence
internal import CustodyCrypto
public import CustodyLog
public import CustodySecrets
public import CustodyValues
internal import CustodyStore

/// An unlocked member of a vault. They see names, open what is shared with them, and change what their role may.
///
/// A session belongs to one thread at a time. Its keys are wiped by `lock()`, or when it is released.
public struct Session: ~Copyable {
  let core: Core

  init(_ core: Core) { self.core = core }

  /// Wipes the keys and closes the vault.
  public consuming func lock() {}

  /// The vault's ID.
  public var vaultID: Identifier { core.vault }
  /// The ID of the member who unlocked it.
  public var memberID: Identifier { core.me }
  package var clock: @Sendable () -> Timestamp { core.now }
  /// The current time by this machine's clock.
  package var now: Timestamp { core.now() }
  /// The member who unlocked it, as of the last read or change. Nil if the log does not know them.
  public var member: Member? { core.history.members[core.me] }
  /// The number of entries in the log, as of the last read or change.
  public var logSize: UInt64 { core.history.size }
  package var origin: String { core.history.origin }
  /// This machine's pin of the vault. Nil without a pin folder.
  package var pin: Pin? { core.memory?.pin }
  /// The contradiction between this vault and the one that was pinned. Nil if there is none. With one, the vault can be
  /// read, and nothing is written to it but by `recover`.
  public var pinConflict: PinConflict? { core.memory?.conflict }

  /// The first fault in the log, if it does not hold to its end. Entries before it can be read, and nothing can be
  /// written.
  package var stop: HistoryFault? { core.ledger.stopped }

  /// Returns the signer and size of a checkpoint that covers unread entries after the fault. Nil if no such checkpoint
  /// holds or the log does not know its signer.
  package func stopCover() throws(VaultError) -> (signer: String, size: UInt64)? {
    try translating {
      guard stop != nil else { return nil }
      return try core.reading { try core.ledger.coverBehind().map { ($0.signer.name, $0.checkpoint.size) } }
    }
  }

  /// The path of a write-ahead log that was found beside the vault and is not known to be its own. It may be of another
  /// copy.
  public var untrustedLog: String? { core.store.untrustedLog }

  /// Makes every change in `body` durable in one transaction, with signed entries and one checkpoint, or makes none of
  /// them.
  ///
  /// - Parameter body: makes changes through the transaction that it is lent.
  /// - Returns: the result of `body`.
  /// - Throws: the error of `body` as it is, after nothing was changed; else a ``VaultError``.
  public func commit<R>(_ body: (borrowing Transaction) throws -> R) throws -> R {
    try rethrowing(body) { body in try core.commit(body) }
  }

  /// Refuses, and records the refusal, if this member may not do this, before they are asked for more. A permission, by
  /// what was last read of the vault, is not recorded, and the change itself checks again.
  package func require(_ action: Action) throws(VaultError) {
    try translating {
      // A refusal must rest on the vault as it is now, and be recorded; so must the reason why nothing can be written.
      guard !core.permits(action) else { return }
      try commit { transaction in try transaction.requireRole(for: action) }
    }
  }

  /// Returns every member, sorted by name, as of the last read or change.
  package func knownMembers() throws(VaultError) -> [Member] {
    try translating { try core.recalling { core.history.members.sorted(by: Member.precedes) } }
  }

  /// Returns an item as the log describes it, as of the last read or change.
  package func knownItem(_ kind: ItemKind, _ name: String) throws(VaultError) -> Item {
    try translating {
      try core.recalling {
        guard let item = try core.item(kind, name) else { throw core.notFound(kind, name) }
        return item
      }
    }
  }

  /// Opens a refresh token's value, after every check and after its reveal is durable in the log.
  ///
  /// - Parameters:
  ///   - token: the token's name, as `contoso/crm-sync`.
  ///   - how: where the value goes. The log has it.
  /// - Throws: ``VaultError``: `notFound`, `notShared`, `expired` if the grant has ended, `retired`, `integrity`.
  public func reveal(_ token: String, how: Leaving) throws(VaultError) -> SecureBytes {
    try translating {
      try core.commit { transaction in
        let opened = try core.open(.token, token, for: .tokenReveal)
        let secret = try opened.secret(in: core.arena)
        try transaction.declareReveal(of: opened.item, how)
        return secret
      }
    }
  }

  /// Lends a refresh token's value to `body`, and wipes it when `body` returns. The reveal is durable in the log before
  /// that, as one whose value stays in the process (`nowhere`).
  ///
  /// - Throws: the error of `body` as it is; else a ``VaultError``.
  public func withRevealed<R: ~Copyable>(
    _ token: String, _ body: (borrowing SecureBytes) throws -> R
  ) throws -> R {
    try body(reveal(token, how: .nowhere))
  }

  /// Opens a refresh token's value for inspection in this process, which must not let it out. The use is recorded, as
  /// every use is.
  package func inspect(_ token: String) throws(VaultError) -> SecureBytes {
    try translating {
      try core.commit { transaction in
        let opened = try core.open(.token, token, for: .tokenCheck)
        let secret = try opened.secret(in: core.arena)
        _ = try transaction.append(.tokenCheck) { entry in
          entry.set(.item, opened.item.id)
          entry.set(.revision, opened.item.revision)
          entry.set(.generation, opened.item.generation)
        }
        return secret
      }
    }
  }

  /// Does what `reveal` does before its commit. Only for the benchmark.
  package func retrieve(_ token: String) throws(VaultError) -> SecureBytes {
    try translating {
      try core.reading {
        let opened = try core.open(.token, token, for: .tokenReveal)
        return try opened.secret(in: core.arena)
      }
    }
  }

  /// Adds the entries of this many reveals in one commit. Only for the benchmark.
  package func declareReveals(_ token: String, how: Leaving, count: Int) throws(VaultError) {
    try translating {
      try core.commit { transaction in
        let item = try core.open(.token, token, for: .tokenReveal).item
        for _ in 0..<count { try transaction.declareReveal(of: item, how) }
      }
    }
  }

  /// Passes each entry, with the key that verifies it, to `body`, from the log's beginning. Only for the benchmark's
  /// floor.
  package func eachSigned(below end: UInt64, _ body: (Entry, _ key: Digest) -> Void) throws(VaultError) {
    try translating {
      try core.reading {
        try core.eachEntry(below: end) { _, entry in
          if let author = core.history.members[entry.actor] { body(entry, author.keys.entries.bytes) }
        }
      }
    }
  }
}
