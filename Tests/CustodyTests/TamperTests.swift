import CustodyEvidence
import Custody
import CustodyCrypto
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// Every change of a cell or row by somebody who can write the file, and has no key, is found.
@Suite(.serialized) struct TamperTests {
  static let tables = [
    "vault", "member", "key_wrap", "item", "revision", "envelope", "metadata_key", "note", "log_entry", "log_node",
    "checkpoint", "migration",
  ]
  /// A column that has no other value it could have.
  static let fixed: Set<String> = ["vault.one"]

  /// A vault in which every table has rows, two of a kind where that can be.
  static func busyVault(_ story: TemporaryVault.Story = .first, isCosigned: Bool = true) throws -> TemporaryVault {
    let vault = try TemporaryVault(story)
    try vault.furnish()
    let dev = try vault.session(.dev)
    try dev.commit {
      try $0.register(ConnectorDetails(name: "mail", provider: "google", connectorID: "g-1"), secret: secret("GSECRET"))
    }
    let ada = try vault.session(.ada)
    try ada.commit {
      try $0.store(
        TokenDetails(tenant: "fabrikam", connector: "mail", provider: "google", reach: .user),
        secret: secret("google-1"))
      try $0.share(.token, "contoso/crm-sync", Share(with: "dev", reason: "nightly sync"))
      try $0.share(.token, "contoso/crm-sync", Share(with: "bea"))
      _ = try $0.unshare(.token, "contoso/crm-sync", from: "bea", reason: "not needed")
      try $0.rotate(.token, "contoso/crm-sync", secret: secret("refresh-token-2"))
      try $0.share(.token, "fabrikam/mail", Share(with: "dev"))
      try $0.share(.token, "fabrikam/mail", Share(with: "dev", reason: "longer"))
    }
    // Two epochs more, so that keys lead from one to the next.
    try ada.commit {
      _ = try $0.setRole(of: "dev", to: .admin)
      _ = try $0.setRole(of: "dev", to: .developer)
    }
    _ = try vault.session(.dev).reveal("contoso/crm-sync", how: .pipe)
    if isCosigned {
      let shown = try CheckpointRequest.Shown(vault.session(.dev).checkpoint().bytes)
      for person in [Person.ada, .bea] { if let shown { _ = try vault.session(person).cosign(shown) } }
    }
    return vault
  }

  /// Works on a copy of a vault; an auditor verifies it.
  struct Bench {
    let vault: TemporaryVault
    let holder: any KeyHolder
    let copy: String

    init(_ vault: TemporaryVault) throws {
      self.vault = vault
      let id = vault.people[.audrey] ?? .none
      holder = try Vault.open(at: vault.path).identity(of: id, by: .passphrase(secret(Person.audrey.passphrase)))
      copy = vault.folder + "/copy.db"
      try RawFile(vault.path).run("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    /// Returns the error that an auditor gets after a change, or nil.
    func finds(_ change: (RawFile) throws -> Void) throws -> VaultError? {
      for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy + end) }
      try FileManager.default.copyItem(atPath: vault.path, toPath: copy)
      try change(RawFile(copy))
      return refusal {
        let session = try Vault.open(at: copy).unlock(as: vault.people[.audrey] ?? .none, with: holder, pins: .unpinned)
        _ = try session.verifyLog()
      }
    }
  }

  private static func isOfIntegrity(_ error: VaultError?) -> Bool {
    error?.code == .integrity || error?.code == .weakParameters
  }

  @Test func `an auditor finds every changed cell of every table`() throws {
    let bench = try Bench(Self.busyVault())
    let raw = try RawFile(bench.vault.path)
    var tried = 0
    for table in Self.tables {
      let columns = try raw.columns(of: table)
      let rows = try raw.literals(of: table)
      #expect(!rows.isEmpty, "\(table) has no row to change")
      for row in [rows.first, rows.last].compactMap({ $0 }) {
        for (column, literal) in zip(columns, row) where !Self.fixed.contains("\(table).\(column.name)") {
          for (what, other) in Mutation.of(literal) + (literal == "NULL" ? [] : [("empty", "NULL")]) {
            let place = try raw.place(of: row, in: table)
            var changed = true
            let found = try bench.finds { file in
              do { try file.run("UPDATE \"\(table)\" SET \"\(column.name)\" = \(other) WHERE \(place)") } catch {
                changed = false  // The schema itself refuses it: NULL where none may be, another type.
              }
            }
            guard changed else { continue }
            tried += 1
            #expect(Self.isOfIntegrity(found), "\(table).\(column.name), \(what): \(found?.reason ?? "not found")")
          }
        }
      }
    }
    print("tampered cells found: \(tried)")
    #expect(tried > 200)
  }

  @Test func `an auditor finds every missing row`() throws {
    let bench = try Bench(Self.busyVault())
    let raw = try RawFile(bench.vault.path)
    for table in Self.tables {
      for row in try raw.literals(of: table) {
        let place = try raw.place(of: row, in: table)
        let found = try bench.finds { try $0.run("DELETE FROM \"\(table)\" WHERE \(place)") }
        #expect(Self.isOfIntegrity(found), "\(table): \(found?.reason ?? "not found")")
      }
    }
  }

  @Test func `an auditor finds cells that were swapped between two rows`() throws {
    let bench = try Bench(Self.busyVault())
    let raw = try RawFile(bench.vault.path)
    for table in Self.tables {
      let columns = try raw.columns(of: table)
      let rows = try raw.literals(of: table)
      guard rows.count > 1 else { continue }
      for (number, column) in columns.enumerated() where column.key == 0 {
        let (one, other) = (rows[0], rows[rows.count - 1])
        guard one[number] != other[number] else { continue }
        var swapped = true
        let found = try bench.finds { file in
          let places = try (raw.place(of: one, in: table), raw.place(of: other, in: table))
          // Through a third value: a unique column never has one twice.
          let park = column.name == "tag" ? "NULL" : "x'00'"
          if ["tag", "item"].contains(column.name) {
            try file.run("UPDATE \"\(table)\" SET \"\(column.name)\" = \(park) WHERE \(places.1)")
          }
          do { try file.run("UPDATE \"\(table)\" SET \"\(column.name)\" = \(other[number]) WHERE \(places.0)") } catch {
            return swapped = false  // A unique column that has the other value elsewhere.
          }
          let second = places.1.replacingOccurrences(
            of: "\"\(column.name)\" IS \(other[number])", with: "\"\(column.name)\" IS \(park)")
          try file.run("UPDATE \"\(table)\" SET \"\(column.name)\" = \(one[number]) WHERE \(second)")
        }
        #expect(!swapped || Self.isOfIntegrity(found), "\(table).\(column.name): \(found?.reason ?? "not found")")
      }
    }
  }

  @Test func `an auditor finds rows of another vault with the same people and passphrases`() throws {
    let bench = try Bench(Self.busyVault())
    let second = try Self.busyVault(.second)
    let other = try RawFile(second.path)
    for table in Self.tables where table != "migration" {
      for row in try other.literals(of: table).prefix(2) {
        let found = try bench.finds {
          try $0.run("INSERT OR REPLACE INTO \"\(table)\" VALUES (\(row.joined(separator: ", ")))")
        }
        #expect(Self.isOfIntegrity(found), "\(table): \(found?.reason ?? "not found")")
      }
    }
  }

  @Test func `an untouched copy is found sound`() throws {
    let found = try Bench(Self.busyVault()).finds { _ in }
    #expect(found == nil)
  }
}
