import CustodyEvidence
@testable import Custody
import CustodyCrypto
import CustodyLog
import CustodySecrets
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// An identity that something else holds, as an agent does, and takes away.
private final class HeldElsewhere: KeyHolder {
  private let holder: any KeyHolder
  var isLocked = false
  init(_ holder: any KeyHolder) { self.holder = holder }

  var keys: MemberKeys { holder.keys }
  var signsElsewhere: Bool { true }
  private func held() throws -> any KeyHolder {
    guard !isLocked else { throw VaultError(.wrongPassphrase, "this vault is locked") }
    return holder
  }
  func unwrap<Purpose: KeyPurpose>(_ sealed: [UInt8], in arena: SecureArena) throws -> Key<Purpose> {
    try held().unwrap(sealed, in: arena)
  }
  func unwrapAuditKey(_ sealed: [UInt8], expecting key: BoxPublicKey, in arena: SecureArena) throws -> BoxKey {
    try held().unwrapAuditKey(sealed, expecting: key, in: arena)
  }
  func signEntry(_ text: [UInt8]) throws -> [UInt8] { try held().signEntry(text) }
  func signCheckpoint(_ text: [UInt8]) throws -> [UInt8] { try held().signCheckpoint(text) }
  func signCosignature(_ message: [UInt8]) throws -> [UInt8] { try held().signCosignature(message) }
}

/// Changes of the vault's file, or of the keys, during a session.
struct LongSessionTests {
  let vault: TemporaryVault
  let machine: PinFolder
  private let tables = ["log_entry", "log_node", "checkpoint", "item", "revision", "envelope"]

  init() throws {
    vault = try TemporaryVault()
    machine = PinFolder(path: vault.folder + "/state")
    try vault.furnish()
  }

  /// Every row as it was in the copy, written into the file that is open.
  private func rollBack(to old: String) throws {
    let raw = try RawFile(vault.path)
    try raw.run("ATTACH '\(old)' AS old")
    try raw.run("BEGIN")
    for table in tables {
      try raw.run("DELETE FROM main.\(table); INSERT INTO main.\(table) SELECT * FROM old.\(table)")
    }
    try raw.run("COMMIT")
  }

  @Test func `keys that are taken away in the middle leave a locked vault, not a damaged one`() throws {
    let ada = try #require(vault.people[.ada])
    let passphrase = try SecureBytes(copying: Array(Person.ada.passphrase.utf8))
    let holder = HeldElsewhere(try Vault.open(at: vault.path).identity(of: ada, by: .passphrase(passphrase)))
    let session = try Vault.open(at: vault.path).unlock(as: ada, with: holder, pins: .unpinned)
    let size = session.logSize
    holder.isLocked = true
    for _ in 0..<3 {
      let error = refusal { try session.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) } }
      #expect(error?.code == .wrongPassphrase)
    }
    holder.isLocked = false
    try session.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) }
    let after = session.logSize
    #expect(after == size + 1)
  }

  @Test(arguments: [true, false])
  func `a vault rolled back under an open session is not written to, however often it is tried`(
    remembers: Bool
  ) throws {
    let session = try vault.session(.ada, pins: remembers ? machine : nil)
    try RawFile(vault.path).run("PRAGMA wal_checkpoint(TRUNCATE)")
    let old = vault.folder + "/old.db"
    try FileManager.default.copyItem(atPath: vault.path, toPath: old)
    try session.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) }
    try rollBack(to: old)
    for _ in 0..<3 {
      let error = refusal { try session.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "bea")) } }
      #expect(error?.code == .integrity)
      let read = refusal { _ = try session.tokens() }
      #expect(read?.code == .integrity)
    }
  }

  @Test func `a vault that another went on with is not written to after a commit that failed`() throws {
    let session = try vault.session(.ada, pins: machine)
    try RawFile(vault.path).run("PRAGMA wal_checkpoint(TRUNCATE)")
    let old = vault.folder + "/old.db"
    try FileManager.default.copyItem(atPath: vault.path, toPath: old)
    try session.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) }
    try rollBack(to: old)
    let bea = try vault.session(.bea)
    for name in ["one", "two", "three"] {
      try bea.commit {
        try $0.register(ConnectorDetails(name: name, provider: "google", connectorID: "g"), secret: secret("s"))
      }
    }
    for _ in 0..<3 {
      let error = refusal { try session.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "bea")) } }
      #expect(error?.code == .integrity)
    }
  }
}
