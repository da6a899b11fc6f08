import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodyMemory

struct LogRecover: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover",
    abstract: "Go on with a vault that is older than the one this machine verified, or has another history.",
    discussion:
      "An admin does it, with an entry that names what is lost. Others follow where such an entry covers what they had verified."
  )

  @OptionGroup var options: GlobalOptions
  @Option(help: "What happened, in a few words; every member can read it.") var reason: String

  func run() throws {
    let session = try options.unlock()
    if session.pinConflict != nil {
      try options.confirm(
        ["What was written after the two histories parted is lost to this vault, and what was given then stays given."],
        question: "Go on with this one?")
    }
    switch try session.recover(reason: reason) {
    case .recorded(let position):
      try options.done(
        .logRecover, session.origin, "gone on; log entry \(position) says so", ["index": .integer(position)])
    case .accepted(let admin, let reason, let time):
      try options.done(
        .logRecover, session.origin,
        "gone on, as \(admin) did at \(time.text): \(PrintableText.escape(reason))", ["admin": .string(admin)])
    }
  }
}
