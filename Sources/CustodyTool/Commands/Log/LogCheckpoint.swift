import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodySystem
import CustodyValues

struct LogCheckpoint: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkpoint",
    abstract: "The newest checkpoint with its cosignatures: give it to whoever is to remember it.",
    discussion:
      "With --from it is what a C2SP witness takes, or a member who knows the log up to there, to cosign. With --pinned it is what an admin needs who went on with a vault that lacks entries which this machine verified."
  )

  @OptionGroup var options: GlobalOptions
  @Option(help: ArgumentHelp("Add a proof that it leads on from this size.", valueName: "entries")) var from: UInt64?
  @Flag(help: "The last state seen here, cosigned by you, for \"custody log recover --covers\".")
  var pinned = false
  @Option(help: ArgumentHelp("Write to a new file.", valueName: "path"), completion: .file()) var output: String?

  func run() throws {
    guard from == nil || !pinned else {
      throw VaultError(.usage, "what this machine remembers has no proof", hint: "leave out --from, or --pinned")
    }
    let session = try options.unlock()
    var particulars = Particulars()
    let bytes: [UInt8]
    if pinned {
      bytes = try session.pinnedCheckpoint().bytes
      particulars.add("size", .integer(session.pin?.checkpoint.size ?? 0))
    } else {
      bytes = try from.map { try session.checkpointRequest(from: $0).bytes } ?? session.checkpoint().bytes
      particulars.add("size", .integer(session.logSize))
    }
    guard let output else {
      guard options.json else { return try Console.print(bytes) }
      particulars.add(from == nil ? "checkpoint" : "request", String(decoding: bytes, as: UTF8.self))
      return try particulars.print(json: true)
    }
    let file = try NewFile.named(output)
    try file.write(bytes)
    try file.commit()
    particulars.add("output", output)
    if options.json { try particulars.print(json: true) }
  }
}
