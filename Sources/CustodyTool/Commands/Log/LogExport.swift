import ArgumentParser
import Custody
import CustodyMemory

struct LogExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "The log for others: JSON Lines is evidence, CSV is for spreadsheets.",
    discussion: "The export is itself an entry, which it does not cover.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var filter: FilterOptions
  @Option(help: "jsonl (evidence), csv, ocsf, ecs or cef.") var format: LogFormat
  @Option(help: ArgumentHelp("Write to a new file.", valueName: "path")) var output: String?

  func run() throws {
    let session = try options.unlock()
    let filter = try filter.filter(session)
    let exported: Exported
    if let output {
      let file = try NewFile.named(output)
      exported = try session.exportLog(filter, format) { try file.write($0) }
      try file.commit()
    } else {
      exported = try session.exportLog(filter, format) { try Console.print($0) }
    }
    Console.say("exported \(exported.count) of \(exported.size) entries")
  }
}
