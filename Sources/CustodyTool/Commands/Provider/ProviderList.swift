import ArgumentParser
import Custody
import CustodyExchange

struct ProviderList: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "The providers that Custody knows.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    var rows = Report("providers", ["id", "title", "rotation", "old_token", "as_of"])
    for preset in Preset.all {
      rows.rows.append([preset.id, preset.title, preset.rotation.rawValue, preset.oldToken.rawValue, preset.date])
    }
    try rows.print(report.format, json: options.json)
  }
}
