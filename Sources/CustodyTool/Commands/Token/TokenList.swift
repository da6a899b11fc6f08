internal import CustodyEvidence
import ArgumentParser
import Custody
import CustodyLog
import CustodyValues

struct TokenList: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Tokens whose names you may see.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var report: ReportOptions
  @Flag(help: "Retired ones too.") var all = false
  @Flag(help: "Only those whose value someone without a grant could open.") var exposed = false

  func run() throws {
    let session = try options.unlock()
    let names = try session.memberNames()
    let me = session.memberID
    let left = try exposed ? Self.left(session) : [:]
    var rows = Report(
      "tokens",
      ["name", "reach", "revision", "shared_with", "until", "stored_by", "changed"] + (all ? ["retired"] : [])
        + (exposed ? ["exposed_to"] : []))
    try Console.counting("reading names") { progress in
      try session.eachToken(
        progress: progress,
        damaged: { found in
          let item = found.item
          guard all || !item.isRetired, !exposed || left[item.id.hex] != nil else { return }
          rows.rows.append(
            [
              item.id.hex, nil, String(item.revision), found.holders(names), found.grants[me]?.until?.text,
              names[item.storedBy], nil,
            ] + (all ? [item.isRetired ? "yes" : "no"] : []) + (exposed ? [left[item.id.hex]] : []))
        }
      ) { listing in
        let (item, name) = (listing.item, listing.details.name)
        guard all || !item.isRetired, !exposed || left[name] != nil else { return }
        rows.rows.append(
          [
            name, listing.details.reach.rawValue, String(item.revision), listing.holders(names),
            listing.grants[me]?.until?.text, names[item.storedBy], listing.changedAt.text,
          ] + (all ? [item.isRetired ? "yes" : "no"] : []) + (exposed ? [left[name]] : []))
      }
    }
    rows.sortByName()
    try rows.print(report.format, json: options.json, damage: session.damages)
  }

  private static func left(_ session: borrowing Session) throws -> [String: String] {
    var filter = ExposureFilter()
    filter.onlyLeft = true
    let exposed = try Console.counting("reading grants") { try session.exposures(filter, progress: $0) }
      .filter { $0.kind == .token }
    return Dictionary(grouping: exposed, by: \.name).mapValues { $0.map(\.member.name).joined(separator: ", ") }
  }
}
