import ArgumentParser
import Custody
import CustodyLog
import CustodyValues

struct ExposureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exposure", abstract: "Access report: who could open which values that are still in use.",
    discussion:
      "Grants prove who could open a value; entries of their own declare who did. A value that was rotated is not in it any more."
  )

  @OptionGroup var options: GlobalOptions
  @OptionGroup var report: ReportOptions
  @Option(help: "Only this member.") var member: String?
  @Option(help: ArgumentHelp("Only this token.", valueName: "tenant/connector")) var token: String?
  @Option(help: ArgumentHelp("Only this connector.", valueName: "name")) var connector: String?
  @Flag(help: "Only people who have no grant any more, removed members among them.") var allLeft = false

  mutating func validate() throws {
    guard token == nil || connector == nil else { throw ValidationError("name a token or a connector, not both") }
  }

  func run() throws {
    let session = try options.unlock()
    var filter = ExposureFilter()
    filter.member = try member.map { try Resolving.member($0, in: session).name }
    filter.item =
      try token.map { try Resolving.item(.token, $0, in: session) }
      ?? connector.map { try Resolving.item(.connector, $0, in: session) }
    filter.onlyLeft = allLeft
    let exposed = try Console.counting("reading grants") { try session.exposures(filter, progress: $0) }
    try exposed.report.print(report.format, json: options.json, damage: session.damages)
    guard exposed.isEmpty, !options.json else { return }
    // A developer sees only items whose names they can decrypt.
    let range = session.member?.role == .developer ? ", of those to which you have access" : ""
    Console.say("nobody\(allLeft ? " who left" : "") could open a value that is in use\(range)")
  }
}

extension [Exposed] {
  var report: Report {
    var rows = Report(
      "exposures", ["member", "member_kind", "item", "kind", "revision", "since", "opened", "grant", "remedy"])
    for exposed in self {
      rows.rows.append([
        exposed.member.name, exposed.member.kind, exposed.name, exposed.kind.rawValue, String(exposed.revision),
        exposed.since.text,
        exposed.opened.isEmpty
          ? "not declared" : exposed.opened.map { "\($0.how.rawValue) \($0.at.text)" }.joined(separator: ", "),
        exposed.grant, exposed.remedy.bare,
      ])
    }
    return rows
  }
}

extension Exposed {
  fileprivate var grant: String {
    replacedUnseenBy.map { "replaced unseen by \($0)" }
      ?? (holds ? "has one" : keepsKey ? "lost, keeps the key" : "lost")
  }
}
