import ArgumentParser
import Custody
import CustodyLog
import CustodyMemory

struct LogProve: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prove", abstract: "That one entry is in the log, in a file that any C2SP tool reads (tlog-proof).",
    discussion: "The entry is in it as it was signed; names of tenants and tokens are not.")

  @OptionGroup var options: GlobalOptions
  @Argument(help: "Index of the entry, as \"custody log show\" has it.") var index: UInt64
  @Option(help: ArgumentHelp("Write to a new file.", valueName: "path")) var output: String?

  func run() throws {
    let session = try options.unlock()
    let proof = try session.prove(index)
    guard let output else { return try Console.print(proof.bytes) }
    let file = try NewFile.named(output)
    try file.write(proof.bytes)
    try file.commit()
  }
}
