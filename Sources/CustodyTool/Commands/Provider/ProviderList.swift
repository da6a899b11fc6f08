import ArgumentParser
import Custody
import CustodyExchange

struct ProviderList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The providers that this machine knows: Custody's, and those that were added.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    var rows = Report("providers", ["id", "title", "rotation", "old_token", "client_auth", "as_of", "added"])
    for id in try Provider.ids() {
      let provider = try Provider.named(id)
      let preset = provider.preset
      let ways = [preset.clientAuthentication].compactMap { $0 } + preset.otherClientAuthentications
      rows.rows.append([
        preset.id, preset.title, preset.rotation.rawValue, preset.oldToken.rawValue,
        ways.isEmpty ? "own" : ways.map(\.rawValue).joined(separator: ", "), preset.date,
        provider.path == nil ? "no" : "yes",
      ])
    }
    try rows.print(report.format, json: options.json)
  }
}
