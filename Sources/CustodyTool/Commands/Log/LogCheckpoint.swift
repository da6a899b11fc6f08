import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodyMemory

struct LogCheckpoint: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint",
    abstract: "The newest checkpoint with its cosignatures: give it to whoever is to remember it.",
    discussion: "With --from it is what a C2SP witness takes, or a member who knows the log up to there, to cosign.")

  @OptionGroup var options: GlobalOptions
  @Option(help: ArgumentHelp("With a proof that it leads on from this size.", valueName: "entries")) var from: UInt64?

  func run() throws {
    let session = try options.unlock()
    let bytes = try from.map { try session.checkpointRequest(from: $0).bytes } ?? session.checkpoint().bytes
    guard options.json else { return try Console.print(bytes) }
    var particulars = Particulars()
    particulars.add("size", .integer(session.logSize))
    particulars.add(from == nil ? "checkpoint" : "request", String(decoding: bytes, as: UTF8.self))
    try particulars.print(json: true)
  }
}
