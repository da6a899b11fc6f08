import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodyValues

/// Options of removing a member and of leaving, and the report that both print.
struct DepartureOptions: ParsableArguments {
  @Option(help: "The reason; every member can read it.") var reason: String?
  @Flag(help: "Go on though nobody could open some items any more.") var orphan = false

  /// Items in use that a member could open. An admin sees every name; a member who removed themselves sees none.
  static func exposed(_ name: String, _ session: borrowing Session) throws -> [Exposed] {
    var filter = ExposureFilter()
    filter.member = name
    return try Console.counting("reading grants") { try session.exposures(filter, progress: $0) }
      .filter { !$0.isRetired }
  }

  /// The warning that values by a departing member can't be reverted afterwards.
  static func replaced(by member: Member, _ session: borrowing Session, of item: Identifier? = nil) throws -> [String] {
    let all = try session.replacements(by: member.id, of: item)
    guard let first = all.first else { return [] }
    let others = all.count > 1 ? " and \(all.count - 1) more" : ""
    return [
      "\(member.name) brought the newest value of \(first.name)\(others). The one before cannot be brought back afterwards.",
      "If it is no good, bring that one back first: custody \(first.kind.rawValue) revert \(first.name)",
    ]
  }

  func report(
    _ departure: Departure, _ action: Action, _ member: Member, _ session: borrowing Session, _ options: GlobalOptions
  ) throws {
    let exposed = session.memberID == member.id ? [] : try Self.exposed(member.name, session).filter { !$0.holds }
    let done = action == .memberRemove ? "\(member.name) is removed" : "\(member.name)'s role is changed"
    guard !options.json else {
      return try options.done(
        action, member.name, done,
        [
          "rekeyed": .integer(departure.rekeyed.count), "unkeyed": .integer(departure.unkeyed.count),
          "exposures": .array(exposed.report.objects.map { .object($0) }),
        ])
    }
    Console.say(
      "\(done); \("item".counted(departure.rekeyed.count)) \(departure.rekeyed.count == 1 ? "has" : "have") a new data key"
    )
    if !departure.unkeyed.isEmpty {
      let count = departure.unkeyed.count
      Console.say(
        "\("item".counted(count)) \(count == 1 ? "waits" : "wait") for a person with access: \(member.name) may still have "
          + "\(count == 1 ? "its key" : "their keys"); see the access report: \"custody exposure\"")
    }
    guard !exposed.isEmpty else { return }
    Console.say(
      "\(member.name) could open \(exposed.count == 1 ? "this value, which is" : "these values, which are") in use:")
    try exposed.report.print(.table, json: false)
  }
}
