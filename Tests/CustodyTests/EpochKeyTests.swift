import CustodyEvidence
import CustodyCrypto
import CustodyLog
import CustodySecrets
import CustodyValues
import CustodyStore
import CustodyTesting
import Testing

@testable import Custody

/// A member who begins an epoch can seal junk for its keys and for earlier ones. Nobody else loses what they read.
struct EpochKeyTests {
  let vault: TemporaryVault
  init() throws {
    vault = try TemporaryVault()
    try vault.furnish()
  }

  private func rogue(_ action: Action, _ junk: Junk) throws {
    try vault.session(.bea).commit { transaction in
      _ = try translating { try transaction.beginJunkEpoch(action, junk) }
    }
  }

  /// On a machine that has not seen the vault.
  private func session(_ member: Identifier, _ passphrase: String) throws -> Session {
    try Vault.open(at: vault.path).unlock(
      as: member, by: .passphrase(secret(passphrase)), genesis: vault.genesis, pins: .unpinned)
  }

  private func join(_ name: String, approvedBy admin: Person) throws -> Session {
    let joined = try Vault.open(at: vault.path).join(
      Applicant(name, .auditor), by: .passphrase(secret(passphrase(of: name))), hardness: .floor)
    try vault.session(admin).commit { try $0.approve(joined.member, fingerprint: joined.fingerprint) }
    return try session(joined.member, passphrase(of: name))
  }

  private func passphrase(of name: String) -> String { "\(name) keeps the log in good order" }

  private func readsAll(_ session: borrowing Session) throws {
    #expect(try session.tokens().map(\.details.name) == ["contoso/crm-sync"])
    #expect(try session.connectors().map(\.details.name) == ["crm-sync"])
    var shown: UInt64 = 0
    try session.eachLogLine(LogFilter()) { _ in shown += 1 }
    #expect(shown == session.core.history.size)
    #expect(session.stop == nil && session.damages.isEmpty)
  }

  @Test(arguments: [Junk.auditLink, .vaultLink, .otherVaultLink])
  func `two epochs with junk for the keys before blind nobody, nor who joins later`(junk: Junk) throws {
    let founded = try vault.session(.ada).core.history.size
    try rogue(.memberRole, junk)
    try rogue(.memberRemove, junk)
    #expect(founded > 0)
    try readsAll(vault.session(.ada))
    try readsAll(vault.session(.audrey))
    // The rows say what the log says: only who needs them finds that they open to nobody.
    _ = try vault.session(.audrey).verifyLog(.sinceLast)
    let carl = try join("carl", approvedBy: .ada)
    try readsAll(carl)
    try vault.session(.ada).commit { _ = try $0.remove("bea", orphaning: true) }
    try readsAll(vault.session(.audrey))
    // The new epoch's keys lead to all older ones again.
    try readsAll(join("dave", approvedBy: .ada))
    let keys = try vault.session(.ada).core.ledger.keys
    let epochs = try vault.session(.ada).core.history.epochs
    #expect(try keys.unlinked(.vault, below: UInt64(epochs.count), epochs).isEmpty)
    #expect(try keys.unlinked(.audit, below: UInt64(epochs.count), epochs).isEmpty)
    _ = try vault.session(.audrey).verifyLog(.sinceLast)
  }

  @Test func `who was made an admin by junk reads older names once an honest epoch begins`() throws {
    try rogue(.memberRole, .auditLink)
    let dev = try vault.session(.dev)
    #expect(try dev.tokens().isEmpty)
    #expect(dev.damages.contains { $0.author == "bea" && $0.text.contains("the audit key of epoch 1 does not open") })
    try vault.session(.ada).commit { _ = try $0.remove("bea", orphaning: true) }
    try readsAll(vault.session(.dev))
  }

  @Test func `who was sealed junk reads up to it, names its author, and goes on with the next epoch`() throws {
    try rogue(.memberRole, .wraps)
    let before = try vault.session(.ada).core.history.size
    let audrey = try vault.session(.audrey)
    #expect(try audrey.tokens().map(\.details.name) == ["contoso/crm-sync"])
    let named = audrey.damages.first { $0.text.contains("your envelope of the vault key of epoch 2") }
    #expect(named?.author == "bea" && named?.index == before - 1)
    // Once somebody writes in the new epoch she reads up to there.
    _ = try vault.session(.ada).reveal("contoso/crm-sync", how: .pipe)
    let blind = try vault.session(.audrey)
    #expect(blind.stop?.rule == .doesNotOpen && blind.stop?.position == before)
    #expect(blind.damages.contains { $0.author == "bea" })
    #expect(try blind.tokens().map(\.details.name) == ["contoso/crm-sync"])
    try vault.session(.ada).commit { _ = try $0.remove("bea", orphaning: true) }
    try readsAll(vault.session(.audrey))
  }

  @Test(arguments: [0, 1, 9] as [UInt64])
  func `another key for an epoch that somebody added to a member's is not taken for its own`(newest: UInt64) throws {
    try vault.session(.ada).commit { _ = try $0.remove("bea", orphaning: true) }
    _ = try vault.session(.ada).reveal("contoso/crm-sync", how: .pipe)
    let audrey = try #require(vault.people[.audrey])
    let box = try #require(
      try vault.session(.ada).core.history.members[audrey].flatMap { BoxPublicKey($0.keys.box.bytes) })
    let key = try VaultKey.random(in: SecureArena())
    let store = try Store.connect(to: vault.path)
    try store.write { try store.put(KeyWrapRow(.vault, of: 2, in: newest, to: audrey, box.wrap(key))) }
    store.close()
    let session = try vault.session(.audrey)
    #expect(session.stop == nil)
    #expect(try session.tokens().map(\.details.name) == ["contoso/crm-sync"])
  }

  @Test func `rows that somebody put under the keys of an epoch to come are nobody's keys`() throws {
    let audrey = try #require(vault.people[.audrey])
    let box = try #require(
      try vault.session(.ada).core.history.members[audrey].flatMap { BoxPublicKey($0.keys.box.bytes) })
    let key = try VaultKey.random(in: SecureArena())
    let store = try Store.connect(to: vault.path)
    try store.write {
      // One that opens, as any member can make it, and one that does not.
      try store.put(KeyWrapRow(.vault, of: 2, in: 2, to: audrey, box.wrap(key)))
      try store.put(KeyWrapRow(.vault, of: 3, in: 3, to: audrey, Sodium.randomBytes(80)))
      try store.put(KeyWrapRow(.audit, of: 1, in: 2, to: .none, Sodium.randomBytes(80)))
    }
    store.close()
    #expect(try vault.session(.audrey).tokens().map(\.details.name) == ["contoso/crm-sync"])
    let error = refusal { _ = try vault.session(.audrey).verifyLog(.sinceLast) }
    #expect(error?.damage.contains { $0.words.contains("a row that the log does not have") } == true)
    // The rows of the epoch that begins take the place of those.
    try vault.session(.ada).commit { _ = try $0.remove("bea", orphaning: true) }
    try readsAll(vault.session(.audrey))
  }
}
