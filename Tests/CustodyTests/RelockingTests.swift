import CustodyEvidence
@testable import CustodyCrypto
import Custody
import CustodyLog
import CustodySecrets
import CustodyValues
import CustodyTesting
import Testing

/// Another passphrase, a key file, a machine: one seed sealed anew, on record, and nothing else changes.
struct RelockingTests {
  let vault: TemporaryVault
  private let dev: Identifier
  private static let key = [UInt8](repeating: 0x6b, count: 32)

  init() throws {
    vault = try TemporaryVault()
    try vault.furnish()
    let ada = try vault.session(.ada)
    try ada.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) }
    dev = try #require(vault.people[.dev])
  }

  private func old() throws -> Credential { .passphrase(try secret(Person.dev.passphrase)) }
  private func keyFile(_ bytes: [UInt8] = key) throws -> SecureBytes { try SecureBytes(copying: bytes) }

  private func relock(_ from: borrowing Credential, _ to: borrowing Credential) throws {
    try Vault.open(at: vault.path).relock(
      as: dev, from: from, to: to, genesis: vault.genesis, pins: .unpinned, hardness: .floor)
  }

  private func unlock(_ credential: borrowing Credential) -> VaultError.Code? {
    refusal {
      _ = try Vault.open(at: vault.path).unlock(as: dev, by: credential, genesis: vault.genesis, pins: .unpinned)
    }?.code
  }

  @Test func `the new passphrase opens and the old one no more, and the log says so`() throws {
    let before = try vault.session(.ada).logSize
    try relock(old(), .passphrase(secret("quite another four words")))
    #expect(unlock(try old()) == .wrongPassphrase)
    let session = try Vault.open(at: vault.path).unlock(
      as: dev, by: .passphrase(secret("quite another four words")), pins: .unpinned)
    let value = text(try session.reveal("contoso/crm-sync", how: .pipe))
    #expect(value == "refresh-token-1")
    var actions: [Action] = []
    let audrey = try vault.session(.audrey)
    try audrey.eachLogLine(LogFilter()) { if $0.position >= before { actions.append($0.entry.action) } }
    #expect(actions == [.memberRekey, .tokenReveal])
    let verified = try audrey.verifyLog()
    #expect(verified.verdicts.holds)
  }

  @Test func `with a key file each of the two is needed`() throws {
    try relock(old(), .passphrase(secret(Person.dev.passphrase), keyFile: keyFile()))
    #expect(unlock(try old()) == .wrongPassphrase)
    #expect(unlock(.keyFile(try keyFile())) == .wrongPassphrase)
    var other = Self.key
    other[31] ^= 1
    #expect(unlock(.passphrase(try secret(Person.dev.passphrase), keyFile: try keyFile(other))) == .wrongPassphrase)
    #expect(unlock(.passphrase(try secret("another four own words"), keyFile: try keyFile())) == .wrongPassphrase)
    #expect(unlock(.passphrase(try secret(Person.dev.passphrase), keyFile: try keyFile())) == nil)
    try relock(.passphrase(secret(Person.dev.passphrase), keyFile: keyFile()), old())
    #expect(unlock(try old()) == nil)
  }

  @Test func `the wrong old one changes nothing`() throws {
    let before = try vault.session(.ada).logSize
    #expect(
      refusal { try relock(.passphrase(secret("not dev's at all")), .passphrase(secret("quite another four words"))) }?
        .code
        == .wrongPassphrase)
    #expect(unlock(try old()) == nil)
    let after = try vault.session(.ada).logSize
    #expect(after == before)
  }

  @Test func `a weak new one, a key file alone for a person and a short key file are refused`() throws {
    #expect(refusal { try relock(old(), .passphrase(secret("password123"))) }?.code == .weakPassphrase)
    #expect(refusal { try relock(old(), .keyFile(keyFile())) }?.code == .usage)
    let short = [UInt8](Self.key.dropLast())
    #expect(
      refusal { try relock(old(), .passphrase(secret(Person.dev.passphrase), keyFile: keyFile(short))) }?.code
        == .badInput)
    #expect(unlock(try old()) == nil)
  }

  /// Anyone who can write the file restores the old seed, or changes the number of factors.
  @Test func `a seed that was rolled back or relabelled is found by an auditor`() throws {
    let bench = try TamperTests.Bench(vault)
    let older = try RawFile(vault.path).rows(
      "SELECT hex(seed) || '/' || hex(salt) FROM member WHERE hex(id) = '\(dev.hex.uppercased())'"
    ).first?.first
    try relock(old(), .passphrase(secret("quite another four words")))
    try RawFile(vault.path).run("PRAGMA wal_checkpoint(TRUNCATE)")
    let parts = try #require(older).split(separator: "/")
    let found = try bench.finds {
      try $0.run(
        "UPDATE member SET seed = x'\(parts[0])', salt = x'\(parts[1])' WHERE hex(id) = '\(dev.hex.uppercased())'")
    }
    #expect(found?.code == .integrity)
    for number in [1, 2, 3] {
      let found = try bench.finds {
        try $0.run("UPDATE member SET key_file = \(number) WHERE hex(id) = '\(dev.hex.uppercased())'")
      }
      #expect(found?.code == .integrity, "\(number)")
    }
    #expect(try bench.finds { _ in } == nil)
  }

  // MARK: machines

  private func enroll(_ use: MachineUse) throws -> Identifier {
    let joined = try Vault.open(at: vault.path).join(
      Applicant("ci", .developer, machine: use), by: .keyFile(keyFile()), hardness: .floor)
    let ada = try vault.session(.ada)
    try ada.commit {
      try $0.approve(joined.member, fingerprint: joined.fingerprint)
      try $0.share(.token, "contoso/crm-sync", Share(with: "ci"))
    }
    return joined.member
  }

  @Test func `a machine opens by its key file alone, and reveals unless it may only exchange`() throws {
    let ci = try enroll(.any)
    let session = try Vault.open(at: vault.path).unlock(as: ci, by: .keyFile(keyFile()), pins: .unpinned)
    let value = text(try session.reveal("contoso/crm-sync", how: .pipe))
    #expect(value == "refresh-token-1")
    #expect(
      refusal {
        _ = try Vault.open(at: vault.path).unlock(
          as: ci, by: .passphrase(secret("ada's own four words")), pins: .unpinned)
      }?
      .code
        == .wrongPassphrase)
  }

  @Test func `one that may only exchange is refused a reveal, on record`() throws {
    let ci = try enroll(.exchange)
    let session = try Vault.open(at: vault.path).unlock(as: ci, by: .keyFile(keyFile()), pins: .unpinned)
    #expect(refusal { _ = try session.reveal("contoso/crm-sync", how: .pipe) }?.code == .notPermitted)
    #expect(
      refusal {
        try session.commit {
          try $0.register(ConnectorDetails(name: "mail", provider: "google", connectorID: "g-1"), secret: secret("S"))
        }
      }?.code == .notPermitted)
    var denied: [String] = []
    let audrey = try vault.session(.audrey)
    try audrey.eachLogLine(LogFilter()) {
      if $0.entry.outcome == .denied { denied.append("\($0.entry.action.rawValue) \($0.author.kind)") }
    }
    #expect(denied == ["token.reveal machine, exchange only", "connector.register machine, exchange only"])
    let verified = try audrey.verifyEverything()
    #expect(verified.opened == 0)
  }

  @Test func `no machine asks to be an admin`() throws {
    #expect(
      refusal {
        _ = try Vault.open(at: vault.path).join(
          Applicant("ci", .admin, machine: .any), by: .keyFile(keyFile()), hardness: .floor)
      }?.code == .usage)
  }
}
