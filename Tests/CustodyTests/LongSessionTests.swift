@testable import Custody
import CustodyLog
import CustodyMemory
import CustodyTesting
import Foundation
import Testing

/// What happens to the vault's file while it is unlocked.
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
