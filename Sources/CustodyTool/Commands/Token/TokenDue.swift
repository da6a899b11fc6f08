import ArgumentParser
import Custody
import CustodyExchange
import CustodyLog
import CustodyValues

struct TokenDue: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "due", abstract: "Tokens and secrets that end soon: why, and who does what before that.",
    discussion: """
      From the log, from what providers and tokens say of themselves, and from what is documented of each provider; no secret \
      is opened. Status 0: nothing is due. 8: something is, or is dead.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, csv, tsv, jsonl, ics
  }

  @OptionGroup var options: GlobalOptions
  @Option(help: ArgumentHelp("Look this far ahead.", valueName: "time")) var within = TimeSpan(seconds: 30 * 86_400)
  @Option(help: ArgumentHelp("table, csv, tsv, jsonl, or ics for calendars.", valueName: "format"))
  var format: Format = .table
  @Flag(help: "Show what ends later too.") var all = false

  func run() throws {
    let session = try options.unlock()
    let calendar = try Console.counting("reading tokens") { try session.deathCalendar(progress: $0) }
    let now = session.now
    let due = calendar.deadlines.filter { $0.state(at: now, within: within) != .later }
    let shown = all ? calendar.deadlines : due
    if let format = ReportFormat(rawValue: format.rawValue) {
      // With nothing due there is no table, but a sentence.
      guard !shown.isEmpty || options.json || format != .table else {
        session.damages.say()
        return Console.say(Self.nothing(within))
      }
      let rows = shown.map { DueRow($0, $0.state(at: now, within: within)) }
      let isForPeople = format == .table && !options.json
      try (isForPeople ? DueRow.table(rows) : DueRow.report(rows)).print(
        format, json: options.json, damage: session.damages)
    } else {
      try Console.print(ICalendar.write(shown, now: now, showing: \.command))
      session.damages.say()
    }
    if !calendar.unknown.isEmpty, all {
      Console.say("nobody says when these end: \(calendar.unknown.joined(separator: ", "))")
    }
    guard due.isEmpty else { throw ExitCode(VaultError.Code.expired.exitStatus) }
    Console.say(Self.nothing(within))
  }

  private static func nothing(_ span: TimeSpan) -> String { "nothing ends within \(span.text)" }
}

private struct DueRow {
  let deadline: Deadline
  let state: Deadline.State

  init(_ deadline: Deadline, _ state: Deadline.State) { (self.deadline, self.state) = (deadline, state) }

  private var whose: String {
    deadline.who.isEmpty ? "the \(deadline.move.rawValue)" : deadline.who.joined(separator: ", ")
  }

  /// A table for people: dates without times, and the reason last, where a narrow terminal cuts.
  static func table(_ rows: [DueRow]) -> Report {
    var report = Report("deadlines", ["when", "state", "name", "end", "whose_move", "command", "why"])
    for row in rows {
      let deadline = row.deadline
      let days = [deadline.from, deadline.when].compactMap { $0.map { String($0.text.prefix(10)) } }
      report.rows.append([
        days.joined(separator: "/"), row.state.rawValue, deadline.name, deadline.end.rawValue, row.whose,
        deadline.step.command, deadline.why,
      ])
    }
    return report
  }

  static func report(_ rows: [DueRow]) -> Report {
    var report = Report(
      "deadlines", ["when", "state", "name", "kind", "end", "from", "why", "whose_move", "command"])
    for row in rows {
      let deadline = row.deadline
      report.rows.append([
        deadline.when.text, row.state.rawValue, deadline.name, deadline.kind.rawValue, deadline.end.rawValue,
        deadline.from?.text, deadline.why, row.whose, deadline.step.command,
      ])
    }
    return report
  }
}
