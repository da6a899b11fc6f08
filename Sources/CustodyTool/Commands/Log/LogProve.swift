import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodySystem
import CustodyValues

struct LogProve: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prove",
    abstract: "A proof that one entry is in the log, in a file that any C2SP tool reads (tlog-proof).",
    discussion: "The entry is in it as it was signed; names of tenants and tokens are not.")

  @OptionGroup var options: GlobalOptions
  @Argument(help: "Index of the entry, as \"custody log show\" has it.") var index: UInt64
  @Option(help: ArgumentHelp("Write to a new file.", valueName: "path"), completion: .file()) var output: String?

  func run() throws {
    let session = try options.unlock()
    let proof = try session.prove(index)
    var particulars = Particulars()
    particulars.add("index", .integer(index))
    guard let output else {
      guard options.json else { return try Console.print(proof.bytes) }
      particulars.add("proof", String(decoding: proof.bytes, as: UTF8.self))
      return try particulars.print(json: true)
    }
    let file = try NewFile.named(output)
    try file.write(proof.bytes)
    try file.commit()
    particulars.add("output", output)
    if options.json { try particulars.print(json: true) }
  }
}
