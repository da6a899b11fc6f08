import CustodyLog
import CustodyValues
import CustodyTesting
import Testing

@testable import Custody

/// The rule of the house: for every action a validly signed, ill-meant entry; after it every other member goes on with all
/// else, and the item itself is named and comes back, or is replaced.
///
/// Each prints its rows: what was tried, and what came of each command.
@Suite(.serialized) struct HouseRuleTests {
  @Test(arguments: Action.allCases) func `one member's junk stops nobody else`(action: Action) throws {
    let house = try HouseVault.shared.get()
    var rows: [String] = []
    for junk in Sweep.some(action.junk, of: { _ in 0 }, in: action.rawValue) {
      let copy = try house.copy()
      let trial = try signed(action, junk, on: copy)
      let run = HouseRun(house, copy, trial)
      rows.append(run.line)
      let stops = run.stops.map { "\(trial.row): \($0.rawValue) \(run.cells[$0] ?? "")" }
      for stop in stops { Issue.record("\(stop)") }
    }
    print(rows.joined(separator: "\n"))
    #expect(!rows.isEmpty)
  }

  private func author(of action: Action) -> Person {
    switch action {
    case .connectorRenew, .connectorUnshare, .connectorSettle, .connectorRetire: .bea
    case .memberRekey, .logCosign: .dev
    default: action.kind == .connector ? .dev : .bea
    }
  }

  private func signed(_ action: Action, _ junk: Junk, on copy: HouseCopy) throws -> HouseTrial {
    var trial = HouseTrial(row: "\(action.rawValue), \(junk.rawValue)")
    let author = author(of: action)
    let session = try copy.session(author)
    let entry = try session.commit { transaction in try translating { try transaction.signJunk(action, junk) } }
    (trial.author, trial.entry) = (author, entry)
    if let kind = action.kind, let id = try session.core.ledger.proved(entry).identifier(.item) {
      (trial.kind, trial.item) = (kind, id)
    }
    trial.isDamage = junk != .act && (junk != .numbers || action == .logCosign) && ![.wraps, .request].contains(junk)
    if action == .memberRole || action == .memberRemove {
      // The victim finds it, and nobody else can; nobody who has an envelope of their own needs the links.
      trial.isDamage = false
      if junk == .wraps || junk == .auditWrap { trial.left.insert(.audrey) }
      // A new admin has no envelope of the older audit keys.
      if action == .memberRole, junk == .auditLink { trial.left.insert(.dev) }
    }
    if action == .memberRemove { trial.left.insert(.dev) }
    if action == .connectorUnshare || action == .tokenUnshare { trial.isOfValue = false }
    return trial
  }
}

extension HouseRun {
  /// A row of the table.
  var line: String {
    let cells = HouseCommand.allCases.map { "\($0.rawValue) \(self.cells[$0] ?? "-")" }
    return "\(trial.row) | \(cells.joined(separator: " | "))"
  }
}
