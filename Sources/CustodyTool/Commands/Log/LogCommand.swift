import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodyMemory

struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "Who gave what to whom: signed, and provable.",
    subcommands: [
      LogShow.self, LogExport.self, LogVerify.self, LogProve.self, LogCheckpoint.self, LogCosign.self, LogRecover.self,
    ])
}

/// Entries that a period may lack, because their authors' clocks say another time.
enum Misdated {
  static func warn(_ indexes: [UInt64]) {
    guard !indexes.isEmpty else { return }
    let few = indexes.prefix(20).map(String.init).joined(separator: ", ") + (indexes.count > 20 ? " …" : "")
    let what = indexes.count == 1 ? "1 entry is" : "\(indexes.count) entries are"
    Console.warn(
      "warning: \(what) dated as their place in the log does not bear out, and may be missing from the period, or not belong to it: \(few)"
    )
  }

  static func json(_ indexes: [UInt64]) -> JSONValue { .array(indexes.map { .integer($0) }) }
}

/// Which entries are wanted.
struct FilterOptions: ParsableArguments {
  @Option(
    name: .customLong("action"), parsing: .singleValue, help: "Only this action, such as token.share; repeat for more.")
  var actions: [Action] = []
  @Option(help: "Only what this member did.") var actor: String?
  @Option(help: "Only what is about this token.") var token: String?
  @Option(help: "Only what is about this tenant's tokens.") var tenant: String?
  @Option(help: ArgumentHelp("From this time on: RFC 3339, or a date.", valueName: "time")) var since: String?
  @Option(help: ArgumentHelp("Before this time, or the end of this date.", valueName: "time")) var until: String?

  func filter(_ session: borrowing Session) throws -> LogFilter {
    var filter = LogFilter()
    filter.actions = actions
    filter.actor = try actor.map { try Resolving.member($0, in: session).name }
    filter.token = token
    filter.tenant = tenant
    filter.since = try since.map { try Times.parse($0, .start) }
    filter.until = try until.map { try Times.parse($0, .end) }
    return filter
  }
}
