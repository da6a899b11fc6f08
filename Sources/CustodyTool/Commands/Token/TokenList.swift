import ArgumentParser
import Custody
import CustodyLog
import CustodyMemory

struct TokenList: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Tokens whose names you may see.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var report: ReportOptions
  @Flag(help: "Retired ones too.") var all = false

  func run() throws {
    let session = try options.unlock()
    let names = try session.memberNames()
    let me = session.memberID
    var rows = Report(
      "tokens",
      ["name", "reach", "revision", "shared_with", "until", "stored_by", "changed"] + (all ? ["retired"] : []))
    for listing in try session.tokens().sorted(by: { $0.details.name < $1.details.name })
    where all || !listing.item.isRetired {
      let item = listing.item
      rows.rows.append(
        [
          listing.details.name, listing.details.reach.rawValue, String(item.revision), item.holders(names),
          item.grants[me]?.until?.text, names[item.storedBy], listing.changedAt.text,
        ] + (all ? [item.isRetired ? "yes" : "no"] : []))
    }
    try rows.print(report.format, json: options.json)
  }
}
