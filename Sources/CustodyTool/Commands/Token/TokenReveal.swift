import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodyValues

struct TokenReveal: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reveal", abstract: "A token's value, once its reveal is in the log.",
    discussion:
      "For a program that exchanges by itself. \"custody token exchange\" does it here, and shows no refresh token.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var item: ItemArgument
  @OptionGroup var output: SecretOutput

  func run() throws {
    let outlet = try output.outlet()
    let session = try options.unlock()
    let name = try Resolving.item(.token, item.name, in: session)
    let value = try session.reveal(name, how: outlet.how)
    guard options.json else { return try outlet.write(value) }
    try outlet.write(value, as: "value", with: ["name": .string(name)])
  }
}
