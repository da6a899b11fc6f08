import CustodyEvidence
import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodyValues

struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "The log: a signed record of who gave what to whom.",
    subcommands: [
      LogShow.self, LogExport.self, LogVerify.self, LogProve.self, LogCheckpoint.self, LogCosign.self, LogRecover.self,
    ])
}

extension LogDoubts {
  /// Warns of entries whose match with the filter is uncertain.
  func warn() {
    if !misdated.isEmpty {
      let few = misdated.prefix(20).map(String.init).joined(separator: ", ") + (misdated.count > 20 ? " …" : "")
      let what = misdated.count == 1 ? "1 entry has a date" : "\(misdated.count) entries have dates"
      Console.warn(
        "warning: \(what) that the order of the log does not bear out, and may belong to the period or not: \(few)")
    }
    if unread > 0 {
      let what = unread == 1 ? "the name of 1 token does" : "the names of \(unread) tokens do"
      Console.warn("warning: \(what) not open to you: whether they are of what you asked for is not known")
    }
  }

  var json: JSONObject {
    ["misdated": .array(misdated.map { .integer($0) }), "unread": .integer(unread)]
  }
}

/// Options that select log entries.
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
