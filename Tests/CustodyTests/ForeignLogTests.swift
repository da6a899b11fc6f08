import Custody
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// A write-ahead log that lies beside a vault and is not its own: nothing is written, copied or removed (issue 14).
struct ForeignLogTests {
  let vault: TemporaryVault
  let other: TemporaryVault

  init() throws {
    (vault, other) = (try TemporaryVault(), try TemporaryVault(.second))
    try vault.furnish()
    try other.furnish()
  }

  /// The log that an open vault has beside it after a commit.
  private func log(of vault: TemporaryVault) throws -> Data {
    let raw = try RawFile(vault.path)
    try raw.run("PRAGMA wal_checkpoint(TRUNCATE); BEGIN")
    _ = try raw.rows("SELECT * FROM vault")
    _ = try vault.session(.dev).verifyLog()
    return try Data(contentsOf: URL(fileURLWithPath: vault.path + "-wal"))
  }

  private func bytes(_ end: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: vault.path + end)) }

  private func put(_ log: Data) throws {
    for end in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: vault.path + end) }
    try log.write(to: URL(fileURLWithPath: vault.path + "-wal"))
  }

  @Test func `one of another vault is named, and changes nothing`() throws {
    try RawFile(vault.path).run("PRAGMA wal_checkpoint(TRUNCATE)")
    try put(log(of: other))
    let before = try (bytes(""), bytes("-wal"))
    for look in [{ _ = try Vault.open(at: vault.path) }, { _ = try vault.session(.ada).verifyLog() }] {
      let found = refusal(look)
      #expect(found?.code == .integrity)
      #expect(found?.reason.contains("vault.db-wal\" is not the log of") == true, "\(String(describing: found))")
      #expect(found?.hint?.description.contains("mv ") == true)
      #expect(try bytes("") == before.0)
      #expect(try bytes("-wal") == before.1)
    }
    try FileManager.default.removeItem(atPath: vault.path + "-wal")
    #expect(try vault.session(.ada).verifyLog().verdicts.holds)
  }

  /// A newer copy replaced the vault, and the old vault's write-ahead log stayed.
  @Test func `one of a time before the file's newest entry is named, and nothing is lost to it`() throws {
    let old = try log(of: vault)
    _ = try vault.session(.ada).verifyLog()
    try RawFile(vault.path).run("PRAGMA wal_checkpoint(TRUNCATE)")
    try put(old)
    let before = try bytes("")
    #expect(refusal { _ = try vault.session(.dev).logSize }?.reason.contains("is not the log of") == true)
    #expect(try bytes("-wal") == old)
    #expect(try bytes("") == before)
  }

  @Test func `what a killed command left is the vault's own, and is put where it belongs once the vault is verified`()
    throws
  {
    let own = try log(of: vault)
    let file = try bytes("")
    _ = try vault.session(.ada).logSize
    let size = try vault.session(.ada).logSize
    // The file as it was while the other connection was open.
    try file.write(to: URL(fileURLWithPath: vault.path))
    try put(own)
    _ = try Vault.open(at: vault.path).counts()
    #expect(try bytes("-wal") == own)
    #expect(try bytes("") == file)
    #expect(try vault.session(.ada).logSize == size)
    #expect(!FileManager.default.fileExists(atPath: vault.path + "-wal"))
  }

  @Test func `a file of no bytes is no vault, and its log stays`() throws {
    let log = try log(of: vault)
    try put(log)
    try Data().write(to: URL(fileURLWithPath: vault.path))
    #expect(refusal { _ = try Vault.open(at: vault.path) }?.code == .notAVault)
    #expect(try bytes("-wal") == log)
  }
}
