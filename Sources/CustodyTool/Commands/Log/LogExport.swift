import CustodyEvidence
import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodySystem
import CustodyValues

struct LogExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "The log for others: a bundle or JSON Lines is evidence, the rest is for people and their tools.",
    discussion:
      "The export is itself an entry, which it does not cover. A bundle verifies with \"custody log verify --bundle\" and with tools of others; it says how in VERIFY.txt."
  )

  /// The form of an export: one stream of lines, or a bundle of files.
  enum Format: ExpressibleByArgument {
    case lines(LogFormat)
    case bundle

    init?(argument: String) {
      if argument == "bundle" {
        self = .bundle
      } else {
        guard let format = LogFormat(rawValue: argument) else { return nil }
        self = .lines(format)
      }
    }

    var text: String {
      switch self {
      case .lines(let format): format.rawValue
      case .bundle: "bundle"
      }
    }

    static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
    static var allValueStrings: [String] { ["bundle"] + LogFormat.allCases.map(\.rawValue) }
  }

  @OptionGroup var options: GlobalOptions
  @OptionGroup var filter: FilterOptions
  @Option(help: "bundle, jsonl or html (evidence), csv, ocsf, ecs or cef.") var format: Format
  @Option(
    help: ArgumentHelp("Write to a new file; a bundle to a new folder or .tar.", valueName: "path"), completion: .file()
  )
  var output: String?
  @Option(help: ArgumentHelp("A bundle of the log up to this checkpoint.", valueName: "entries")) var size: UInt64?

  func run() throws {
    guard output != nil || !options.json else {
      throw VaultError(
        .usage, "the export itself goes to standard output, where --json would be", hint: "name a file: --output PATH")
    }
    let exported: Exported
    switch format {
    case .bundle: exported = try exportBundle()
    case .lines(let format):
      guard size == nil else {
        throw VaultError(.usage, "only a bundle has a --size", hint: "add --format bundle")
      }
      guard format != .html || output != nil else {
        throw VaultError(.usage, "an html report is a file", hint: "name a new one: --output report.html")
      }
      exported = try export(format)
    }
    Console.say("exported \(exported.count) of \("entry".counted(exported.size))")
    exported.doubts.warn()
    guard options.json else { return }
    var particulars = Particulars()
    particulars.add("format", format.text)
    particulars.add("exported", .integer(exported.count))
    particulars.add("size", .integer(exported.size))
    for member in exported.doubts.json.members { particulars.add(member.key, member.value) }
    particulars.add("output", output)
    try particulars.print(json: true)
  }

  private func export(_ format: LogFormat) throws -> Exported {
    let session = try options.unlock()
    let filter = try filter.filter(session)
    guard let output else {
      let exported = try Console.counting("exporting") { progress in
        try session.exportLog(filter, format, progress: progress) { try Console.print($0) }
      }
      try checkWhole(session)
      return exported
    }
    let file = try NewFile.named(output)
    let exported = try Console.counting("exporting") { progress in
      try session.exportLog(filter, format, progress: progress) { try file.write($0) }
    }
    try file.commit()
    try checkWhole(session)
    return exported
  }

  /// Reports damage, and throws if the log ends early. The exported part is valid; nothing can be said of the rest.
  private func checkWhole(_ session: borrowing Session) throws {
    session.damages.say()
    guard let fault = session.stop else { return }
    throw VaultError(
      .integrity, "the export ends before log entry \(fault.position): \(fault.text)", subject: "\(fault.position)")
  }

  private func exportBundle() throws -> Exported {
    guard let output else {
      throw VaultError(.usage, "a bundle is many files", hint: "name a new folder, or a .tar: --output PATH")
    }
    let session = try options.unlock()
    let filter = try filter.filter(session)
    let exported = try Console.counting("exporting") {
      try session.exportBundle(filter, below: size, to: output, progress: $0)
    }
    if size == nil { try checkWhole(session) } else { session.damages.say() }
    return exported
  }
}
