import CustodyEvidence
import Custody
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// Sessions that stand on a kept fold: it saves time, and changes nothing else.
struct KeptFoldSessionTests {
  private let vault: TemporaryVault
  private let machine: PinFolder
  private let path: String

  init() throws {
    vault = try TemporaryVault()
    machine = PinFolder(path: vault.folder + "/state", rowsInMemory: 3)
    path = "\(machine.path)/\(try Vault.open(at: vault.path).id.hex)"
    try vault.furnish()
    try vault.session(.ada).commit { transaction in
      for number in 1...20 {
        let connector = ConnectorDetails(name: "c\(number)", provider: "google", connectorID: "g-\(number)")
        try transaction.register(connector, secret: secret("s"))
      }
    }
  }

  /// All that a session says of the vault.
  private func all(_ pins: PinFolder?, _ member: Person = .ada) throws -> [String] {
    let session = try vault.session(member, pins: pins)
    let items = try session.connectors().map { "\($0.details.name) \($0.item.revision) \($0.grants.count)" }
    let tokens = try session.tokens().map { "\($0.details.name) \($0.item.generation) \($0.grants.count)" }
    let exposed = try session.exposures().map { "\($0.name) \($0.member.name) \($0.holds)" }
    return items.sorted() + tokens.sorted() + exposed + ["\(session.logSize)"]
  }

  /// Every row of one of the fold's tables.
  private func spoil(_ table: Int) throws {
    try RawFile(path + ".fold").run("UPDATE row SET sealed = x'00' WHERE place >> 32 = \(table)")
  }

  @Test func `a first fold of more rows than memory holds says the same, and so does what is kept of it`() throws {
    let expected = try all(nil)
    #expect(try all(machine) == expected)
    #expect(try all(machine) == expected)
    #expect(try all(PinFolder(path: vault.folder + "/other")) == expected)
    try vault.session(.ada, pins: machine).commit { transaction in
      try transaction.rotate(.connector, "c7", secret: secret("t"))
      try transaction.retire(.connector, "c8")
      for _ in 0..<6 { try transaction.share(.connector, "c9", Share(with: "dev")) }
    }
    // Kept again, of what changed alone.
    let later = try all(nil)
    #expect(try all(machine) == later)
    #expect(try all(machine) == later)
    _ = try vault.session(.audrey, pins: machine).verifyLog()
  }

  @Test func `a name that came free in a kept fold can be had again`() throws {
    _ = try all(machine)
    try vault.session(.ada, pins: machine).commit { try $0.retire(.connector, "c3") }
    try vault.session(.ada, pins: machine).commit { transaction in
      for _ in 0..<6 { try transaction.share(.connector, "c9", Share(with: "dev")) }
    }
    _ = try all(machine)
    let again = ConnectorDetails(name: "c3", provider: "google", connectorID: "again")
    try vault.session(.ada, pins: machine).commit { try $0.register(again, secret: secret("s")) }
    let found = try vault.session(.ada, pins: machine).connector("c3").details.connectorID
    #expect(found == "again")
  }

  @Test func `rows that can't be read end what needs them, write nothing, and are gone then`() throws {
    let expected = try all(machine)
    let size = try vault.session(.ada).logSize
    for table in [1, 4] {
      _ = try all(machine)
      try spoil(table)
      if table == 4 {
        let session = try vault.session(.ada, pins: machine)
        let error = refusal { _ = try session.tokens() }
        #expect(error?.reason.contains("is damaged, and was thrown away; the vault is unharmed") == true)
        #expect(error?.hint?.description.contains("run the same again") == true)
        // The same session goes on as well.
        let count = try session.tokens().count
        #expect(count == 1)
      }
      #expect(try all(machine) == expected)
    }
    try spoil(4)
    let session = try vault.session(.ada, pins: machine)
    let error = refusal { try session.commit { try $0.rotate(.connector, "c4", secret: secret("t")) } }
    #expect(error?.reason.contains("is damaged") == true)
    let after = try vault.session(.ada).logSize
    #expect(after == size)
    #expect(try all(machine) == expected)
  }

  @Test func `what is not there is not taken for what can't be found`() throws {
    _ = try all(machine)
    try RawFile(path + ".fold").run("UPDATE bucket SET sealed = x'00'")
    // The kept fold is unusable, so the log is folded anew.
    let session = try vault.session(.ada, pins: machine)
    let error = refusal { _ = try session.reveal("contoso/crm-sync", how: .pipe) }
    #expect(error == nil)
  }

  @Test func `a fold that is newer than the pin is of another process, or of another vault's time, and not used`()
    throws
  {
    _ = try all(machine)
    let pin = try #require(FileManager.default.contents(atPath: path + ".pin"))
    try vault.session(.ada, pins: machine).commit { transaction in
      for _ in 0..<6 { try transaction.share(.connector, "c9", Share(with: "dev")) }
    }
    let expected = try all(machine)
    try pin.write(to: URL(fileURLWithPath: path + ".pin"))
    let session = try vault.session(.ada, pins: machine)
    let conflict = session.pinConflict
    #expect(conflict == nil)
    #expect(try all(machine) == expected)
  }

  @Test func `a member who can't be read is none the less an admin whom the pin knows`() throws {
    _ = try all(machine)
    func admins() throws -> Int {
      try String(contentsOfFile: path + ".pin", encoding: .utf8).split(separator: "\n").count { $0.hasPrefix("admin") }
    }
    let expected = try admins()
    #expect(expected > 1)
    let kept = try #require(FileManager.default.contents(atPath: path + ".fold"))
    let places = try RawFile(path + ".fold").rows("SELECT place FROM row WHERE place >> 32 = 1").map { $0[0] }
    #expect(places.count > 2)
    for place in places {
      for end in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + ".fold" + end) }
      try kept.write(to: URL(fileURLWithPath: path + ".fold"))
      try RawFile(path + ".fold").run("UPDATE row SET sealed = x'00' WHERE place = \(place)")
      let session = try vault.session(.ada, pins: machine)
      // Another's entry is met in mid session: it is not the log's fault that they can't be read.
      _ = try vault.session(.bea).verifyLog(.sinceLast)
      for round in 1...2 {
        let value = "\(place) \(round)"
        let error = refusal { try session.commit { try $0.rotate(.connector, "c6", secret: secret(value)) } }
        #expect(
          error?.code == nil || error?.reason.contains("is damaged, and was thrown away") == true,
          "\(String(describing: error?.reason))")
      }
      #expect(try admins() == expected, "\(place)")
    }
    _ = try vault.session(.audrey, pins: machine).verifyLog()
  }

  @Test func `a fold that a vault's recovery left behind is made anew`() throws {
    _ = try all(machine)
    let pin = try #require(FileManager.default.contents(atPath: path + ".pin"))
    try vault.session(.ada, pins: machine).commit { transaction in
      for _ in 0..<6 { try transaction.share(.connector, "c9", Share(with: "dev")) }
    }
    _ = try all(machine)
    let newer = try #require(FileManager.default.contents(atPath: path + ".fold"))
    for _ in 0..<2 {
      try pin.write(to: URL(fileURLWithPath: path + ".pin"))
      _ = try vault.session(.ada, pins: machine)
    }
    #expect(FileManager.default.contents(atPath: path + ".fold") != newer)
  }
}
