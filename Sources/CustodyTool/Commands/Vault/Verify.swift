import ArgumentParser
import Custody
import CustodyJSON

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Verify the log and every row, and open everything that you can.")

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let verified = try VerdictReport.failing(json: options.json) {
      let session = try options.unlock()
      return try Console.counting("verifying") { try session.verifyEverything(progress: $0) }
    }
    try verified.print(json: options.json)
  }
}
