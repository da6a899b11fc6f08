import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog
import CustodyValues

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
  @Flag(help: "Ask the provider even if a kept access token would do.") var fresh = false
  @Option(
    help: ArgumentHelp(
      "A kept access token must live this long: 90s, 10m, 2h. A fifth of its life, 60s to 300s, if nothing is said.",
      valueName: "time"))
  var minLife: TimeSpan?
  @Flag(help: "Contact the provider even if it refused last time, or the last answer was lost.") var askAgain = false
  @Option(help: "value; or curl-config: the header for \"curl --config\", as the provider's API takes it.")
  var format: AccessTokenFormat = .value
  @Option(
    help: ArgumentHelp("Trust the certificate authorities in this file, and no others.", valueName: "path"),
    completion: .file())
  var caFile: String?

  func validate() throws {
    guard format == .value || !options.json else {
      throw ValidationError("--json has the token in it: leave out --format")
    }
  }

  func run() throws {
    let outlet = try output.outlet()
    let session = try options.unlock()
    let name = try Resolving.item(.token, item.name, in: session)
    // The header is needed for the output, so it is looked up before the provider is asked.
    let header = try format == .curlConfig ? session.accessHeader(of: name) : nil
    var exchange = ExchangeOptions()
    (exchange.isFresh, exchange.asksAgain, exchange.caFile) = (fresh, askAgain, caFile)
    exchange.minLife = minLife?.duration
    exchange.warn = Console.warnOfReply
    let asked = exchange
    let token = try Console.during("asking the provider") { try session.exchange(name, how: outlet.how, asked) }
    if token.rotated { Console.say("the provider gave a new refresh token: it is stored as the next revision") }
    if let header {
      guard let line = try header.curlConfig(token.value) else {
        throw VaultError(.unsendable, "no header can hold the access token: it is kept", hint: "leave out --format")
      }
      if let base = token.apiBase { Console.say("its API is at \(PrintableText.escape(base))") }
      return try outlet.write(line)
    }
    guard options.json else { return try outlet.write(token.value) }
    let expires = token.expires
    var fields: JSONObject = [
      "name": .string(name), "expires": expires.map { .string($0.text) } ?? .null,
      "expires_ms": expires.map { .integer($0.milliseconds) } ?? .null,
      "scopes": .array(token.scopes.map { .string($0) }), "api_base": token.apiBase.map { .string($0) } ?? .null,
      "rotated": .bool(token.rotated), "kept": .bool(token.wasKept),
    ]
    fields["warnings"] = token.warnings.asJSON
    try outlet.write(token.value, as: "access_token", with: fields)
  }
}

enum AccessTokenFormat: String, ExpressibleByArgument, CaseIterable {
  case value
  case curlConfig = "curl-config"
}
