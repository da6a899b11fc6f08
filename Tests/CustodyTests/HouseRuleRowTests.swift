import CustodyEvidence
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

@testable import Custody

/// The rule of the house for who can write the file: for every table each row dropped, zeroed, doubled and put there from
/// another vault; all else goes on, and what was changed is named.
@Suite(.serialized) struct HouseRuleRowTests {
  /// Rows of one item, or of one member.
  static let confined = [
    "item", "revision", "envelope", "metadata_key", "note", "exchange", "request", "member", "key_wrap",
  ]

  @Test(arguments: Self.confined) func `one changed row stops nothing but what it is of`(table: String) throws {
    let (house, other) = (try HouseVault.shared.get(), try HouseVault.other.get())
    let (mine, foreign) = (try house.copy(), try other.copy())
    // Without the newest keys of who acts in the run: what everyone's own rows do is below.
    let ada = "X'\(house.vault.people[.ada]?.hex.uppercased() ?? "")'"
    let changes = try RawFile(mine.path).changes(of: table, RawFile(foreign.path)).filter {
      $0.sealedIn != house.epoch || $0.member != ada
    }
    var rows: [String] = []
    for change in Sweep.some(changes, of: { "\($0.fault.rawValue) \($0.column ?? "")" }, in: table) {
      let copy = try house.copy()
      do { try RawFile(copy.path).run("PRAGMA foreign_keys = OFF; \(change.sql)") } catch { continue }
      let run = HouseRun(house, copy, trial(change, house))
      rows.append(run.line)
      for command in run.stops { Issue.record("\(change.name): \(command.rawValue) \(run.cells[command] ?? "")") }
    }
    print(rows.joined(separator: "\n"))
    print("table \(table): \(rows.count) rows tried × \(HouseCommand.allCases.count) commands")
    #expect(!rows.isEmpty)
  }

  /// Tables that a reader needs: the log's own, the vault's, and those with each member's own rows.
  private static let needed = ["migration", "vault", "log_entry", "log_node", "checkpoint", "member", "key_wrap"]

  @Test(arguments: Self.needed) func `what a reader needs is repaired from a copy, and then nothing stops`(
    table: String
  ) throws {
    let (house, other) = (try HouseVault.shared.get(), try HouseVault.other.get())
    let (mine, foreign) = (try house.copy(), try other.copy())
    let changes = try RawFile(mine.path).changes(of: table, RawFile(foreign.path))
    var rows: [String] = []
    for change in Sweep.some(changes, of: { "\($0.fault.rawValue) \($0.column ?? "")" }, in: table) {
      let copy = try house.copy()
      do { try RawFile(copy.path).run("PRAGMA foreign_keys = OFF; \(change.sql)") } catch { continue }
      let before = Person.allCases.map { "\($0.rawValue) \(Self.reads(copy, $0))" }.joined(separator: ", ")
      try copy.repair(from: house.file)
      var trial = HouseTrial(row: "\(change.name), repaired; before it \(before)")
      trial.isDamage = false
      let run = HouseRun(house, copy, trial)
      rows.append(run.line)
      for command in run.stops { Issue.record("\(change.name): \(command.rawValue) \(run.cells[command] ?? "")") }
    }
    print(rows.joined(separator: "\n"))
    print("table \(table), repaired: \(rows.count) rows tried × \(HouseCommand.allCases.count) commands")
    #expect(!rows.isEmpty)
  }

  /// How far a member reads, lists and exports what holds; else they are told of the repair.
  private static func reads(_ copy: HouseCopy, _ person: Person) -> String {
    do {
      let session = try copy.session(person)
      var (lines, bytes) = (0, 0)
      try session.eachLogLine(LogFilter()) { _ in lines += 1 }
      let tokens = try session.tokens().count
      if person != .dev { _ = try session.exportLog(LogFilter(), .jsonl) { bytes += $0.count } }
      return "reads \(lines) entries, \(tokens) tokens\(person == .dev ? "" : ", exports \(bytes > 0)")"
    } catch let error as VaultError {
      // A step that this version does not know may be a newer one's.
      if error.code == .newerVault { return "is told of a newer Custody" }
      let steps = error.hint?.steps ?? []
      if !steps.contains(.repair), !steps.contains(.repairFromCopy) { Issue.record("\(error)") }
      return "is told of the repair"
    } catch {
      Issue.record("\(error)")
      return ""
    }
  }

  private func trial(_ change: RowChange, _ house: HouseVault) -> HouseTrial {
    var trial = HouseTrial(row: change.name)
    // A second row is of no item.
    if change.fault != .doubled || change.table != "item", let hex = change.item,
      let id = Identifier(hex: hex.dropFirst(2).dropLast().lowercased())
    {
      trial.item = id
      trial.kind = house.kinds[id]
    }
    // Nobody vouches for these rows: docs/FORMAT.md, *Tables*.
    trial.isDamage = change.table != "exchange" && change.table != "request"
    let owner = house.vault.people.first { "X'\($0.value.hex.uppercased())'" == change.member }?.key
    // Theirs alone, until it is taken back from a copy.
    if let owner, change.fault != .doubled { trial.left.insert(owner) }
    return trial
  }
}
