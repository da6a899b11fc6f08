@testable import Custody
import CustodyCrypto
import CustodyLog
import CustodyMemory
import CustodyTesting
import Foundation
import Testing

/// Going on from a history that is lost: whose word is enough for whom, and whose is not.
struct RecoveryTests {
  let vault: TemporaryVault
  let adas: PinFolder
  let devs: PinFolder
  let beas: PinFolder

  init() throws {
    vault = try TemporaryVault()
    adas = PinFolder(path: vault.folder + "/ada")
    devs = PinFolder(path: vault.folder + "/dev")
    beas = PinFolder(path: vault.folder + "/bea")
    try vault.furnish()
  }

  private func share(_ recipient: String, by person: Person = .ada, pins: PinFolder? = nil) throws {
    try vault.session(person, pins: pins).commit { try $0.share(.token, "contoso/crm-sync", Share(with: recipient)) }
  }

  /// An entry that a patched client writes, on a machine that remembers nothing.
  private func forge(_ person: Person, lost size: UInt64, _ root: Digest) throws {
    try vault.session(person).core.forgeRecovery(lost: size, root)
  }

  private func isRefused(_ person: Person, _ pins: PinFolder) throws -> Bool {
    let session = try vault.session(person, pins: pins)
    let error = refusal { _ = try session.recover(reason: "as was said") }
    let still = try vault.session(person, pins: pins).pinConflict
    return error?.code == .notPermitted && still != nil
  }

  // MARK: attacks

  @Test(arguments: [UInt64.max, 1 << 40, 0])
  func `a removed admin with an old copy makes nobody follow, however far ahead the entry is dated`(size: UInt64) throws
  {
    let old = try vault.copy("old.db")
    try vault.session(.ada, pins: adas).commit { _ = try $0.remove("bea", reason: "left the company") }
    let pin = try #require(try vault.session(.dev, pins: devs).pin)
    try vault.restore(old)
    vault.clock.advance(days: 400)
    // By size alone; or as exactly as who had read the file before they were removed can say it.
    try forge(.bea, lost: size > 0 ? size : pin.checkpoint.size, pin.checkpoint.root)
    #expect(try isRefused(.dev, devs))
  }

  @Test func `an admin who is a developer by now is no admin of both histories`() throws {
    let old = try vault.copy("old.db")
    try vault.session(.ada, pins: adas).commit { _ = try $0.setRole(of: "bea", to: .developer) }
    let pin = try #require(try vault.session(.dev, pins: devs).pin)
    try vault.restore(old)
    try forge(.bea, lost: pin.checkpoint.size, pin.checkpoint.root)
    #expect(try isRefused(.dev, devs))
  }

  @Test(arguments: [1, 1 << 30]) func `a lost size that is merely larger covers nothing`(more: UInt64) throws {
    let old = try vault.copy("old.db")
    try share("bea")
    let pin = try #require(try vault.session(.dev, pins: devs).pin)
    try vault.restore(old)
    try forge(.ada, lost: pin.checkpoint.size + more, pin.checkpoint.root)
    #expect(try isRefused(.dev, devs))
    try forge(.ada, lost: pin.checkpoint.size, SHA256.hash([1]))
    #expect(try isRefused(.dev, devs))
  }
}

extension Core {
  /// As a recovery is recorded, with whatever is to be lost, and by whoever may sign it.
  func forgeRecovery(lost size: UInt64, _ root: Digest, reason: String = "trust me") throws {
    try transact(whileInConflict: true) { transaction in
      _ = try transaction.append(.logRecover) { entry in
        entry.set(.lostSize, size)
        entry.set(.lostRoot, root)
        entry.set(.reason, reason)
      }
    }
  }
}

extension TemporaryVault {
  /// The vault's file as it is now, beside it.
  func copy(_ name: String) throws -> String {
    try RawFile(path).run("PRAGMA wal_checkpoint(TRUNCATE)")
    try? FileManager.default.removeItem(atPath: folder + "/" + name)
    try FileManager.default.copyItem(atPath: path, toPath: folder + "/" + name)
    return folder + "/" + name
  }

  /// Someone puts a copy in the vault's place.
  func restore(_ copy: String) throws {
    for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
    try FileManager.default.copyItem(atPath: copy, toPath: path)
  }
}
