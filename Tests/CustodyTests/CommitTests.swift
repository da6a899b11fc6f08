import CustodyEvidence
import Custody
import CustodyLog
import CustodySecrets
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// One transaction, or nothing; and what two sessions see of each other.
struct CommitTests {
  let vault: TemporaryVault
  init() throws {
    vault = try TemporaryVault()
    try vault.furnish()
  }

  private func google(_ name: String) -> ConnectorDetails {
    ConnectorDetails(name: name, provider: "google", connectorID: "g")
  }

  @Test func `a batch that fails in the middle leaves nothing`() throws {
    let dev = try vault.session(.dev)
    let before = try Vault.open(at: vault.path).counts()
    let error = refusal {
      try dev.commit {
        try $0.register(google("one"), secret: secret("1"))
        try $0.register(google("one"), secret: secret("2"))
      }
    }
    #expect(error?.code == .conflict)
    #expect(try Vault.open(at: vault.path).counts() == before)
    try dev.commit { try $0.register(google("one"), secret: secret("1")) }
    _ = try dev.verifyEverything()
  }

  @Test func `what a caller's own closure throws comes out as it is, and nothing was changed`() throws {
    struct Own: Error, Equatable { let number: Int }
    let session = try vault.session(.ada)
    let before = session.logSize
    #expect(throws: Own(number: 1)) {
      try session.commit { transaction in
        try transaction.share(.token, "contoso/crm-sync", Share(with: "dev"))
        throw Own(number: 1)
      }
    }
    #expect(try vault.session(.ada).logSize == before)
    #expect(throws: Own(number: 2)) { _ = try session.exportLog(LogFilter(), .csv) { _ in throw Own(number: 2) } }
    let error = refusal { try session.commit { try $0.share(.token, "contoso/nothing", Share(with: "dev")) } }
    #expect(error?.code == .notFound && error.map { "\($0)".hasPrefix("there is no token") } == true)
  }

  @Test func `a value that is lent stays in the process, and the log says so before it is lent`() throws {
    struct Own: Error {}
    let session = try vault.session(.ada)
    let before = session.logSize
    let count = try session.withRevealed("contoso/crm-sync") { value in
      #expect(session.logSize == before + 1)
      return value.count
    }
    #expect(count == "refresh-token-1".utf8.count)
    #expect(throws: Own.self) { try session.withRevealed("contoso/crm-sync") { _ in throw Own() } }
    var filter = LogFilter()
    filter.actions = [.tokenReveal]
    var leavings: [String?] = []
    try vault.session(.audrey).eachLogLine(filter) { leavings.append($0.entry.text(.how)) }
    #expect(leavings == ["nowhere", "nowhere"])
  }

  @Test func `a batch has many entries and one checkpoint`() throws {
    let ada = try vault.session(.ada)
    let before = try Vault.open(at: vault.path).counts()["checkpoint"] ?? 0
    try ada.commit { transaction in
      for tenant in 0..<5 {
        try transaction.store(
          TokenDetails(tenant: "t\(tenant)", connector: "crm-sync", provider: "kaizala", reach: .user),
          secret: secret("x"),
          sharing: [Share(with: "dev")])
      }
    }
    #expect(try Vault.open(at: vault.path).counts()["checkpoint"] == before + 1)
    #expect(try vault.session(.dev).tokens().count == 5)
    _ = try vault.session(.audrey).verifyLog()
  }

  @Test func `two sessions see what the other did, and their entries follow one another`() throws {
    let ada = try vault.session(.ada)
    let dev = try vault.session(.dev)
    for round in 0..<5 {
      try ada.commit { try $0.rotate(.token, "contoso/crm-sync", secret: secret("value-\(round)")) }
      try dev.commit { try $0.rotate(.connector, "crm-sync", secret: secret("connector-\(round)")) }
    }
    #expect(try vault.session(.audrey).tokens().first?.item.revision == 6)
    _ = try ada.verifyEverything()
  }

  @Test func `sixteen writers at once lose nothing`() async throws {
    let vault = vault
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<16 {
        group.addTask {
          let dev = try vault.session(.dev)
          for number in 0..<4 {
            try dev.commit {
              try $0.register(
                ConnectorDetails(name: "c\(writer)-\(number)", provider: "google", connectorID: "g"),
                secret: secret("s"))
            }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try vault.session(.dev).connectors().count == 65)
    _ = try vault.session(.audrey).verifyLog()
  }

  @Test func `secrets of every length and byte come back as they went in`() throws {
    let ada = try vault.session(.ada)
    for length in [1, 63, 64, 65, 4096, Secret.limit] {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      let value = try SecureBytes(copying: bytes)
      try ada.commit { try $0.rotate(.token, "contoso/crm-sync", secret: value) }
      let back = try ada.reveal("contoso/crm-sync", how: .file).withUnsafeBytes { [UInt8]($0) }
      #expect(back == bytes)
    }
  }

  @Test func `an empty secret and one byte too many are refused`() throws {
    let ada = try vault.session(.ada)
    let empty = try SecureBytes(count: 0)
    let long = try SecureBytes(count: Secret.limit + 1)
    #expect(
      refusal { try ada.commit { try $0.rotate(.token, "contoso/crm-sync", secret: empty) } }?.code == .emptySecret)
    #expect(
      refusal { try ada.commit { try $0.rotate(.token, "contoso/crm-sync", secret: long) } }?.code == .secretTooLong)
  }

  @Test func `a rotate makes a new data key, and of what was before the newest but one stays nothing`() throws {
    let ada = try vault.session(.ada)
    for value in ["2", "3", "4"] { try ada.commit { try $0.rotate(.token, "contoso/crm-sync", secret: secret(value)) } }
    let raw = try RawFile(vault.path)
    #expect(try raw.rows("SELECT revision, generation FROM revision WHERE revision > 1") == [["3", "3"], ["4", "4"]])
    #expect(try raw.rows("SELECT count(*) FROM envelope WHERE kind = 1 AND generation = 2") == [["0"]])
  }

  @Test func `a row put back from an older copy is refused where it is read`() throws {
    let raw = try RawFile(vault.path)
    let old = try raw.rows("SELECT quote(secret) FROM revision ORDER BY rowid")[1]
    let ada = try vault.session(.ada)
    try ada.commit { try $0.rotate(.token, "contoso/crm-sync", secret: secret("newer")) }
    try raw.run("UPDATE revision SET secret = \(old[0]) WHERE revision = 2")
    #expect(refusal { _ = try ada.reveal("contoso/crm-sync", how: .pipe) }?.code == .integrity)
    let before = try raw.rows("SELECT quote(sealed) FROM note WHERE kind = 1 ORDER BY entry")
    try ada.commit { try $0.changeToken("contoso/crm-sync") { $0.note = "newer" } }
    try raw.run(
      "UPDATE note SET sealed = \(before[1][0]) WHERE kind = 1 AND entry = (SELECT max(entry) FROM note WHERE kind = 1)"
    )
    #expect(try ada.tokens().isEmpty)
    #expect(ada.damages.map(\.index) == [nil])
    #expect(refusal { _ = try ada.token("contoso/crm-sync") }?.code == .integrity)
  }

  @Test func `a vault of a newer version is refused and left as it is`() throws {
    try RawFile(vault.path).run("INSERT INTO migration VALUES ('0002-later'); PRAGMA wal_checkpoint(TRUNCATE)")
    let before = try Data(contentsOf: URL(fileURLWithPath: vault.path))
    #expect(refusal { _ = try Vault.open(at: vault.path) }?.code == .newerVault)
    #expect(try Data(contentsOf: URL(fileURLWithPath: vault.path)) == before)
  }

  @Test func `what is not a vault is said so`() throws {
    let path = vault.folder + "/notes.txt"
    try Data("not a vault at all, but long enough to be looked at by SQLite".utf8).write(to: URL(fileURLWithPath: path))
    #expect(refusal { _ = try Vault.open(at: path) }?.code == .notAVault)
    #expect(refusal { _ = try Vault.open(at: vault.folder + "/absent.db") }?.code == .notAVault)
  }
}
