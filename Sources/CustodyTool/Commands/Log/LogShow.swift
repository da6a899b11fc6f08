import CustodyEvidence
import ArgumentParser
import Custody
import CustodyLog
import CustodyValues

struct LogShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "The log, oldest entry first, with the names that you may see.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var filter: FilterOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let session = try options.unlock()
    var rows = Report(
      "entries", ["index", "time", "action", "outcome", "actor", "item", "recipient", "until", "particulars", "reason"])
    let filter = try filter.filter(session)
    var ended: VaultError?
    var doubts: LogDoubts?
    do { doubts = try read(session, filter, into: &rows) } catch let error as VaultError where error.fault != nil {
      ended = error
    }
    try rows.print(report.format, json: options.json, damage: session.damages)
    doubts?.warn()
    // The part shown is valid; nothing can be said of the rest.
    if let ended { throw ended }
  }

  private func read(_ session: borrowing Session, _ filter: LogFilter, into rows: inout Report) throws -> LogDoubts {
    try Console.counting("reading the log") { progress in
      try session.eachLogLine(
        filter, progress: progress,
        void: { line in
          rows.rows.append([
            String(line.position), nil, "void", nil, line.author.marked, nil, nil, nil, nil,
            "counts for nothing: \(line.why)",
          ])
        }
      ) { line in
        let entry = line.entry
        rows.rows.append([
          String(line.position), entry.time.text, entry.action.rawValue, entry.outcome.rawValue, line.author.marked,
          line.name ?? entry.identifier(.item)?.hex, line.recipient?.marked, entry.time(.until)?.text, line.particulars,
          line.isReasonDamaged ? "damaged" : line.reason,
        ])
      }
    }
  }
}
