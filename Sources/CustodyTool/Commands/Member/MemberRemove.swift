import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodyValues

struct MemberRemove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "End a membership: new keys for those who stay, and a new data key for what the leaver could open.",
    discussion:
      "Nobody forgets what they have read. What the leaver could open is listed, with the command that ends it.")

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The member's name.") var name: String
  @OptionGroup var departure: DepartureOptions

  func run() throws {
    let session = try options.unlock()
    try session.require(.memberRemove)
    let member = try Resolving.member(name, in: session)
    let exposed = try DepartureOptions.exposed(member.name, session)
    try options.confirm(
      [
        "\(member.name), \(member.role == .developer ? "a" : "an") \(member.role.rawValue), will open nothing of this vault that is written from now on.",
        exposed.isEmpty
          ? "They could open no value that is in use."
          : "They keep what they could open: \("value".counted(exposed.count)), listed below. Rotate \(exposed.count == 1 ? "it at its provider" : "them at their providers").",
      ] + DepartureOptions.replaced(by: member, session), question: "Remove \(member.name)?")
    let removed = try Console.during("making new keys") {
      try session.commit { try $0.remove(member.name, reason: departure.reason, orphaning: departure.orphan) }
    }
    try departure.report(removed, .memberRemove, member, session, options)
  }
}
