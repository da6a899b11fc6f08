import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog
import CustodyMemory

struct TokenExchange: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exchange", abstract: "An access token for a refresh token, from its provider.",
    discussion: """
      One process at a time asks for a token; the others take what it brought. An access token is kept sealed for as long \
      as it lives. A new refresh token that comes with it is in the vault before the access token goes out.
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var item: ItemArgument
  @OptionGroup var output: SecretOutput
  @Flag(help: "Ask the provider, also where a kept access token would do.") var fresh = false
  @Option(help: ArgumentHelp("A kept access token must live this long: 90s, 10m, 2h.", valueName: "time"))
  var minLife = TimeSpan(seconds: 300)
  @Flag(help: "Ask in spite of a refusal, or of an answer that was lost.") var askAgain = false
  @Option(help: ArgumentHelp("Trust the certificate authorities in this file, and no others.", valueName: "path"))
  var caFile: String?

  func run() throws {
    let outlet = try output.open()
    let session = try options.unlock()
    let name = try Resolving.item(.token, item.name, in: session)
    var exchange = ExchangeOptions()
    (exchange.isFresh, exchange.asksAgain, exchange.caFile) = (fresh, askAgain, caFile)
    exchange.minLife = minLife.duration
    let asked = exchange
    let token = try Console.during("asking the provider") { try session.exchange(name, how: outlet.how, asked) }
    if token.rotated { Console.say("the provider gave a new refresh token: it is stored as the next revision") }
    guard options.json else { return try outlet.write(token.value) }
    let expires = token.expires.map { Timestamp(milliseconds: $0) }
    let fields: JSONObject = [
      "name": .string(name), "expires": expires.map { .string($0.text) } ?? .null,
      "expires_ms": token.expires.map { .integer($0) } ?? .null,
      "scopes": .array(token.scopes.map { .string($0) }), "api_base": token.apiBase.map { .string($0) } ?? .null,
      "rotated": .bool(token.rotated), "kept": .bool(token.wasKept),
    ]
    try outlet.write(token.value, as: "access_token", with: fields)
  }
}
