import ArgumentParser
import Custody
import CustodyExchange
import CustodyLog
import CustodyMemory

struct TokenDue: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "due", abstract: "What ends soon, why, and who types what before that.",
    discussion: """
      From the log, from what providers and tokens say of themselves, and from what is documented of each provider; no secret \
      is opened. Status 0: nothing is due. 8: something is, or is dead.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, csv, tsv, jsonl, ics
  }

  @OptionGroup var options: GlobalOptions
  @Option(help: ArgumentHelp("How far ahead to look.", valueName: "time")) var within = TimeSpan(seconds: 30 * 86_400)
  @Option(help: ArgumentHelp("table, csv, tsv, jsonl, or ics for calendars.", valueName: "format"))
  var format: Format = .table
  @Flag(help: "What comes later too.") var all = false

  func run() throws {
    let session = try options.unlock()
    let calendar = try session.deathCalendar()
    let now = session.now
    let due = calendar.deadlines.filter { $0.state(at: now, within: within) != .later }
    let shown = all ? calendar.deadlines : due
    if let format = ReportFormat(rawValue: format.rawValue) {
      // Nothing to tell is no table.
      guard !shown.isEmpty || options.json || format != .table else { return Console.say(Self.nothing(within)) }
      try Self.report(shown, now, within).print(format, json: options.json)
    } else {
      try Console.print(ICalendar.write(shown, now: now))
    }
    if !calendar.unknown.isEmpty, all {
      Console.say("nobody says when these end: \(calendar.unknown.joined(separator: ", "))")
    }
    guard due.isEmpty else { throw ExitCode(VaultError.Code.expired.exitStatus) }
    Console.say(Self.nothing(within))
  }

  private static func nothing(_ span: TimeSpan) -> String { "nothing ends within \(span.text)" }

  private static func report(_ deadlines: [Deadline], _ now: Timestamp, _ span: TimeSpan) -> Report {
    var rows = Report(
      "deadlines", ["when", "state", "name", "kind", "end", "from", "why", "whose_move", "command"])
    for deadline in deadlines {
      rows.rows.append([
        deadline.when.text, deadline.state(at: now, within: span).rawValue, deadline.name, deadline.kind.rawValue,
        deadline.end.rawValue, deadline.from?.text, deadline.why,
        deadline.who.isEmpty ? "the \(deadline.move.rawValue)" : deadline.who.joined(separator: ", "), deadline.command,
      ])
    }
    return rows
  }
}
