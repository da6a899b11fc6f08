import ArgumentParser
import Custody
import CustodyExchange
import CustodyLog
import CustodyJSON
import CustodyMemory

struct ConnectorRegister: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "register", abstract: "Keep a connector's ID and secret, as the provider's portal gave them.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var input: SecretInput
  @Argument(help: "A name for it.") var name: String
  @Option(help: "Whose it is: \"custody provider list\" names them.") var provider: String
  @Option(name: .customLong("id"), help: ArgumentHelp("The ID that the provider gave.", valueName: "id"))
  var connectorID: String
  @Option(name: .customLong("permission"), parsing: .singleValue, help: "A permission it has; repeat for more.")
  var permissions: [String] = []
  @Option(help: ArgumentHelp("Where to exchange, in place of the provider's own URL.", valueName: "url"))
  var endpoint: String?
  @Option(help: ArgumentHelp("basic or post, for provider oauth2.", valueName: "way")) var clientAuth: String?
  @Option(help: "What to ask for in an exchange.") var scope: String?
  @Option(help: "Anything worth knowing.") var note: String?

  func run() throws {
    try Naming.check(name, as: "a connector's name")
    let provider = try Resolving.resolve(provider, "provider", Preset.all.map(\.id), list: "custody provider list")
    var details = ConnectorDetails(name: name, provider: provider, connectorID: connectorID)
    details.permissions = permissions
    details.endpoint = endpoint
    details.clientAuthentication = clientAuth
    details.scope = scope
    details.note = note
    try details.checkExchange()
    let session = try options.unlock()
    try session.require(.connectorRegister)
    let secret = try input.read("Connector secret: ", options)
    let registering = details
    try session.commit { try $0.register(registering, secret: secret) }
    try options.done(.connectorRegister, name, "registered \(name)")
  }
}

extension ConnectorDetails {
  /// What an exchange would refuse later is refused before anything is kept.
  func checkExchange() throws {
    if let clientAuthentication, !["basic", "post"].contains(clientAuthentication) {
      throw VaultError(
        .usage, "\"\(PrintableText.escape(clientAuthentication))\" is no way to authenticate", hint: "say basic or post"
      )
    }
    for text in [connectorID, scope, note].compactMap({ $0 }) + permissions where !PrintableText.isClean(text) {
      throw VaultError(
        .badInput, "\"\(PrintableText.escape(text))\" has characters that can't be seen or turn text round",
        hint: "type it instead of pasting it")
    }
    try checkEndpoint()
  }
}
