import ArgumentParser
import Custody
import CustodyLog
import CustodyMemory

struct LogVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Every entry, signature, tree node and checkpoint, and every row against them; needs no secret.",
    discussion:
      "Reads what this machine has not verified before, and every row. Three verdicts: integrity, attribution, completeness."
  )

  @OptionGroup var options: GlobalOptions
  @Flag(help: "Every signature again, also those that this machine has checked before.") var full = false

  func run() throws {
    let verified = try VerdictReport.failing(json: options.json) {
      let session = try options.unlock()
      return try Console.counting("verifying") { progress in
        try session.verifyLog(full ? .everything : .sinceLast, progress: progress)
      }
    }
    try verified.print(json: options.json)
  }
}
