import Custody
import CustodyCrypto
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// The entries that `log verify` reads again, those it does not, and its output.
struct VerificationTests {
  let vault: TemporaryVault
  let machine: PinFolder

  init() throws {
    vault = try TamperTests.busyVault(isCosigned: false)
    machine = PinFolder(path: vault.folder + "/state")
  }

  @Test func `signatures are checked once, and all of them again when asked`() throws {
    let first = try vault.session(.audrey, pins: machine).verifyLog(.sinceLast)
    #expect(first.begun == 0)
    try vault.session(.ada).commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) }
    let session = try vault.session(.audrey, pins: machine)
    let second = try session.verifyLog(.sinceLast)
    #expect(second.begun == first.entries)
    #expect(second.entries == first.entries + 2)
    #expect(second.verdicts.holds)
    let last = try session.verifyLog(.everything)
    #expect(last.begun == 0)
    let pin = session.pin
    #expect(pin?.verified == last.entries)
  }

  @Test func `the pin from before this session vouches for the log up to there`() throws {
    let before = try #require(try vault.session(.audrey, pins: machine).pin?.checkpoint.size)
    try vault.session(.ada).commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) }
    let verified = try vault.session(.audrey, pins: machine).verifyLog(.sinceLast)
    #expect(verified.verdicts.completeness.map(\.size) == [before])
    let alone = try vault.session(.audrey).verifyLog()
    #expect(alone.verdicts.completeness.isEmpty)
  }

  /// Entries verified earlier are not read again, but compared with the tree. Rows are compared with the log every
  /// time.
  @Test func `a short verification finds a changed row of an old entry`() throws {
    _ = try vault.session(.audrey, pins: machine).verifyLog(.sinceLast)
    try RawFile(vault.path).run(
      "UPDATE note SET sealed = CAST(x'00' || sealed AS BLOB) WHERE entry = (SELECT min(entry) FROM note)")
    let error = refusal { _ = try vault.session(.audrey, pins: machine).verifyLog(.sinceLast) }
    #expect(error?.code == .integrity)
    #expect(error?.reason.contains("in log entry") == true)
  }

  @Test func `a wrapped key that was destroyed is named by its member and epoch`() throws {
    try RawFile(vault.path).run("PRAGMA wal_checkpoint(TRUNCATE)")
    let dev = try #require(vault.people[.dev]).hex
    let (mine, links) = ("recipient = x'\(dev)'", "recipient = zeroblob(16) AND epoch = 1 AND kind = 2")
    let zeros = SHA256.hash(Array(repeating: 0, count: 80)).bytes.map { String(format: "%02x", $0) }.joined()
    let others = "the wrapped keys of epoch 3 are not the ones that were logged"
    for (change, rows, reason) in [
      ("sealed = zeroblob(80)", mine, "the vault key of epoch 3, sealed to \"dev\", is damaged"),
      ("sha256 = zeroblob(32)", mine, "the vault key of epoch 3, sealed to \"dev\", is damaged"),
      ("sealed = zeroblob(80)", links, "the audit key of epoch 1, sealed for epoch 2, is damaged"),
      ("sealed = zeroblob(80), sha256 = x'\(zeros)'", mine, others),
    ] {
      let copy = vault.folder + "/\(UUID().uuidString).db"
      try FileManager.default.copyItem(atPath: vault.path, toPath: copy)
      try RawFile(copy).run("UPDATE key_wrap SET \(change) WHERE \(rows)")
      let audrey = try #require(vault.people[.audrey])
      let session = try Vault.open(at: copy).unlock(
        as: audrey, by: .passphrase(secret(Person.audrey.passphrase)), pins: .unpinned)
      let error = refusal { _ = try session.verifyLog(.sinceLast) }
      #expect(error?.code == .integrity)
      #expect(error?.damage.map(\.words).contains(reason) == true)
    }
  }

  @Test func `a stored leaf hash that lies is found`() throws {
    for level in [0, 1, 2] {
      let copy = try TamperTests.busyVault()
      let raw = try RawFile(copy.path)
      try raw.run(
        "UPDATE log_node SET hash = (SELECT hash FROM log_node WHERE place = \(level) * (1 << 48) + 1) WHERE place = \(level) * (1 << 48)"
      )
      let error = refusal { _ = try copy.session(.audrey).verifyLog() }
      #expect(error?.code == .integrity, "level \(level)")
    }
  }

  @Test func `a log that holds and is older than the pin is said to be contradicted`() throws {
    try RawFile(vault.path).run("PRAGMA wal_checkpoint(TRUNCATE)")
    let old = vault.folder + "/old.db"
    try FileManager.default.copyItem(atPath: vault.path, toPath: old)
    try vault.session(.ada, pins: machine).commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) }
    for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: vault.path + end) }
    try FileManager.default.copyItem(atPath: old, toPath: vault.path)
    let verified = try vault.session(.audrey, pins: machine).verifyLog(.sinceLast)
    #expect(verified.verdicts.integrity == .holds)
    #expect(verified.verdicts.attribution == .holds)
    #expect(!verified.verdicts.holds)
    #expect(verified.verdicts.contradiction?.contains("an old copy was put back") == true)
  }

  @Test func `a clock that went back is said, and breaks nothing`() throws {
    vault.clock.advance(days: -1)
    try vault.session(.ada).commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) }
    let verified = try vault.session(.audrey).verifyLog()
    #expect(verified.verdicts.holds)
    #expect(verified.backdated == [verified.entries - 1])
  }
}
