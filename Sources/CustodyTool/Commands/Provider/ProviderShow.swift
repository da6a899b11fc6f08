import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON

struct ProviderShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "How one provider exchanges, where that is documented, and what is in doubt.")

  @OptionGroup var options: GlobalOptions
  @Argument(help: "A provider, as \"custody provider list\" names it.") var id: String

  func run() throws {
    let id = try Resolving.resolve(id, "provider", Preset.all.map(\.id), list: "custody provider list")
    guard let preset = Preset.named(id) else { return }
    var particulars = Particulars()
    particulars.add("id", preset.id)
    particulars.add("title", preset.title)
    particulars.add("method", preset.method.rawValue)
    particulars.add("url", preset.url ?? "named by each connector: --endpoint")
    particulars.add("rotation", preset.rotation.rawValue)
    particulars.add("old_token", preset.oldToken.rawValue)
    if let days = preset.lifetimes.refreshDays { particulars.add("refresh_token_days", .integer(days)) }
    if let days = preset.lifetimes.idleDays { particulars.add("idle_days", .integer(days)) }
    particulars.add("doubts", .array(preset.doubts.map { .string($0) }))
    particulars.add("sources", preset.sources)
    particulars.add("as_of", preset.date)
    try particulars.print(json: options.json)
  }
}
