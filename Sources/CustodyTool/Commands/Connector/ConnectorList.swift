internal import CustodyEvidence
import ArgumentParser
import Custody
import CustodyLog
import CustodyValues

struct ConnectorList: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Connectors whose names you may see.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var report: ReportOptions
  @Flag(help: "Retired ones too.") var all = false

  func run() throws {
    let session = try options.unlock()
    let names = try session.memberNames()
    var rows = Report("connectors", ["name", "provider", "connector_id", "revision", "shared_with", "changed"])
    if all { rows = Report("connectors", rows.columns + ["retired"]) }
    try Console.counting("reading names") { progress in
      try session.eachConnector(
        progress: progress,
        damaged: { found in
          let item = found.item
          guard all || !item.isRetired else { return }
          rows.rows.append(
            [item.id.hex, nil, nil, String(item.revision), found.holders(names), nil]
              + (all ? [item.isRetired ? "yes" : "no"] : []))
        }
      ) { listing in
        guard all || !listing.item.isRetired else { return }
        let details = listing.details
        rows.rows.append(
          [
            details.name, details.provider, details.connectorID, String(listing.item.revision),
            listing.holders(names), listing.changedAt.text,
          ] + (all ? [listing.item.isRetired ? "yes" : "no"] : []))
      }
    }
    rows.sortByName()
    try rows.print(report.format, json: options.json, damage: session.damages)
  }
}

extension Session {
  func memberNames() throws -> [Identifier: String] {
    Dictionary(try members().map { ($0.id, $0.name) }) { first, _ in first }
  }
}

extension Listing {
  func holders(_ names: [Identifier: String]) -> String { grants.holders(names) }
}

extension DamagedItem {
  func holders(_ names: [Identifier: String]) -> String { grants.holders(names) }
}

extension [Identifier: Grant] {
  fileprivate func holders(_ names: [Identifier: String]) -> String {
    keys.compactMap { names[$0] }.sorted().joined(separator: ", ")
  }
}
