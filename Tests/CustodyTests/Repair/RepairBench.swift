@testable import Custody
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation

/// A vault that is damaged again and again, each time from the same beginning, and a copy of it as it was at some time.
struct RepairBench {
  let vault: TemporaryVault
  let whole: String
  /// Path of the copy that rows are taken from.
  let copy: String
  /// Unlocked identities, so that no passphrase is tried for each test.
  let holders: [Person: any KeyHolder]
  let id: Identifier

  /// `changes` are made between the copy and the damage.
  init(_ vault: TemporaryVault, _ changes: () throws -> Void = {}) throws {
    self.vault = vault
    copy = try vault.copy("older.db")
    try changes()
    whole = try vault.copy("whole.db")
    id = try Vault.open(at: vault.path).id
    holders = try Dictionary(
      uniqueKeysWithValues: Person.allCases.compactMap { person in
        try vault.people[person].map {
          (person, try Vault.open(at: vault.path).identity(of: $0, by: .passphrase(secret(person.passphrase))))
        }
      })
  }

  func damage(_ change: (RawFile) throws -> Void) throws {
    try vault.restore(whole)
    for name in try FileManager.default.contentsOfDirectory(atPath: vault.folder) where name.contains("quarantine") {
      try FileManager.default.removeItem(atPath: vault.folder + "/" + name)
    }
    try change(RawFile(vault.path))
  }

  func repair(_ person: Person = .ada, fromCopy: Bool, pins: PinFolder? = nil) throws -> Repair {
    let clock = vault.clock
    guard let member = vault.people[person], let holder = holders[person] else { throw Missing() }
    return try DamagedVault.open(at: vault.path, from: fromCopy ? copy : nil, now: { clock.now() }).unlock(
      as: member, of: id, with: holder, genesis: vault.genesis, pins: pins)
  }

  struct Missing: Error {}

  /// Plans and does it.
  @discardableResult
  func mend(fromCopy: Bool, cut: String? = nil, pins: PinFolder? = nil) throws -> RepairPlan {
    let repair = try repair(fromCopy: fromCopy, pins: pins)
    let plan = try repair.plan()
    if !plan.isNothing { _ = try repair.carryOut(plan, cut: cut) }
    return plan
  }

  func session(_ person: Person, pins: PinFolder? = nil) throws -> Session {
    guard let member = vault.people[person], let holder = holders[person] else { throw Missing() }
    return try Vault.open(at: vault.path).unlock(as: member, with: holder, genesis: vault.genesis, pins: pins)
  }

  /// Rows that the vault had and has no more, or that it had not, but for those of the entries that were added. Nil where it
  /// is all as it was.
  func difference() throws -> String? {
    let (now, before) = try (RawFile(vault.path), RawFile(whole))
    for table in TamperTests.tables {
      let (rows, were) = (Set(try now.literals(of: table)), Set(try before.literals(of: table)))
      if let gone = were.subtracting(rows).first { return "\(table) lacks \(gone.joined(separator: " ").prefix(200))" }
      guard !["log_entry", "log_node", "checkpoint"].contains(table), let new = rows.subtracting(were).first else {
        continue
      }
      return "\(table) has \(new.joined(separator: " ").prefix(200))"
    }
    return nil
  }

  /// An auditor finds everything in order, and each goes on with what they do.
  func everybodyGoesOn() throws {
    try verify()
    let ada = try session(.ada)
    _ = try ada.tokens()
    try ada.commit {
      try $0.share(.token, "contoso/crm-sync", Share(with: "bea", reason: "goes on"))
      try $0.share(.token, "contoso/crm-sync", Share(with: "dev"))
    }
    _ = try session(.dev).reveal("contoso/crm-sync", how: .pipe)
    try verify()
  }

  func verify() throws {
    let damage = try session(.audrey).verifyEverything().verdicts.damage
    if let first = damage.first { throw VaultError(.integrity, first.text) }
  }
}

extension RowFault {
  /// All of a row's cells at once. False where it can't be done to this row.
  func apply(to row: [String], of table: String, _ raw: RawFile, foreign other: [String]?) throws -> Bool {
    let place = try raw.place(of: row, in: table)
    let columns = try raw.columns(of: table)
    switch self {
    case .dropped: try raw.run("DELETE FROM \"\(table)\" WHERE \(place)")
    case .zeroed:
      let cells = zip(columns, row).filter { $0.0.key == 0 && $0.1 != "NULL" }
      guard !cells.isEmpty else { return false }
      let zeros = cells.map { "\"\($0.0.name)\" = \(Self.zeros($0.1))" }
      try raw.run("UPDATE \"\(table)\" SET \(zeros.joined(separator: ", ")) WHERE \(place)")
    case .malformed:
      guard let at = columns.indices.last(where: { columns[$0].key == 0 && row[$0] != "NULL" }) else { return false }
      let wrong = row[at].hasPrefix("X'") ? "x'00'" : "-1"
      try raw.run("UPDATE \"\(table)\" SET \"\(columns[at].name)\" = \(wrong) WHERE \(place)")
    case .doubled:
      var cells = row
      let place = table == "revision" ? 1 : 0
      cells[place] = Self.next(cells[place])
      return (try? raw.run("INSERT INTO \"\(table)\" VALUES (\(cells.joined(separator: ", ")))")) != nil
    case .foreign:
      guard let other else { return false }
      try raw.run("INSERT OR REPLACE INTO \"\(table)\" VALUES (\(other.joined(separator: ", ")))")
    }
    return true
  }

  private static func zeros(_ literal: String) -> String {
    if Int64(literal) != nil { return "0" }
    guard literal.hasPrefix("X'") else { return "''" }
    return "zeroblob(\((literal.count - 3) / 2))"
  }

  private static func next(_ literal: String) -> String {
    if let number = Int64(literal) { return "\(number + 1000)" }
    guard literal.hasPrefix("X'"), let digit = literal.dropFirst(2).first?.hexDigitValue else { return "'other'" }
    return "X'" + String(digit ^ 1, radix: 16) + literal.dropFirst(3)
  }
}
