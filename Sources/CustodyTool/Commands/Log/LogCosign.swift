import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodyValues

struct LogCosign: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cosign",
    abstract: "Sign that the log leads on to another member's checkpoint, as you have verified it yourself.",
    discussion:
      "Prints one cosignature line. Where the vault holds the checkpoint it keeps the line too, with an entry of its own."
  )

  @OptionGroup var options: GlobalOptions
  @Argument(
    help: ArgumentHelp("A checkpoint, or what \"custody log checkpoint --from\" prints.", valueName: "file"),
    completion: .file())
  var file: String

  func run() throws {
    let shown = try CheckpointFile.read(file)
    let session = try options.unlock()
    let cosigned = try session.cosign(shown)
    if options.json {
      var particulars = Particulars()
      particulars.add("cosignature", String(decoding: cosigned.line.bytes, as: UTF8.self))
      particulars.add("stored", .bool(cosigned.isStored))
      try particulars.print(json: true)
    } else {
      try Console.print(cosigned.line.bytes)
    }
    if !cosigned.isStored {
      Console.say("the vault does not hold this checkpoint: give the line to who asked for it")
    }
  }
}
