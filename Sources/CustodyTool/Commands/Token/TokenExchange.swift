import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog
import CustodyMemory

struct TokenExchange: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exchange", abstract: "An access token for a refresh token, from its provider.",
    discussion: "A new refresh token that comes with it is in the vault before the access token goes out.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var item: ItemArgument
  @OptionGroup var output: SecretOutput
  @Option(help: ArgumentHelp("Trust the certificate authorities in this file, and no others.", valueName: "path"))
  var caFile: String?

  func run() throws {
    let outlet = try output.open()
    let session = try options.unlock()
    let name = try Resolving.item(.token, item.name, in: session)
    let token = try Console.during("asking the provider") {
      try session.exchange(name, how: outlet.how, caFile: caFile)
    }
    if token.rotated { Console.say("the provider gave a new refresh token: it is stored as the next revision") }
    guard options.json else { return try outlet.write(token.value) }
    let expires = token.expires.map { Timestamp(milliseconds: $0) }
    let fields: JSONObject = [
      "name": .string(name), "expires": expires.map { .string($0.text) } ?? .null,
      "expires_ms": token.expires.map { .integer($0) } ?? .null,
      "scopes": .array(token.scopes.map { .string($0) }), "api_base": token.apiBase.map { .string($0) } ?? .null,
      "rotated": .bool(token.rotated),
    ]
    try outlet.write(token.value, as: "access_token", with: fields)
  }
}
