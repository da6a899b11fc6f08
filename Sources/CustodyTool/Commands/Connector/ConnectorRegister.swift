import CustodyEvidence
import ArgumentParser
import Custody
import CustodyExchange
import CustodyLog
import CustodyJSON
import CustodyValues

struct ConnectorRegister: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "register", abstract: "Keep a connector's ID and secret, as the provider's portal gave them.",
    discussion:
      "The secret is typed at a hidden prompt, or comes by pipe, --from-file or --from-fd. Only you hold it then.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var input: SecretInput
  @Argument(help: "A name for it.") var name: String
  @Option(help: "Its provider: \"custody provider list\" names them.", completion: .list(Preset.ids))
  var provider: String
  @OptionGroup var discovery: DiscoveryOptions
  @Option(name: .customLong("id"), help: ArgumentHelp("The ID that the provider gave.", valueName: "id"))
  var connectorID: String
  @Option(name: .customLong("permission"), parsing: .singleValue, help: "A permission it has; repeat for more.")
  var permissions: [String] = []
  @Option(help: ArgumentHelp("The URL to exchange at, in place of the provider's own.", valueName: "url"))
  var endpoint: String?
  @Option(
    help: ArgumentHelp("basic, post or assertion, where \"custody provider list\" shows a choice.", valueName: "way"),
    completion: .list(["basic", "post", "assertion"]))
  var clientAuth: String?
  @OptionGroup var facts: ProviderFactsOptions
  @OptionGroup var expiry: SecretExpiryOption
  @Option(help: "The scope to ask for in each exchange.") var scope: String?
  @Option(help: "Anything worth knowing.") var note: String?

  func run() throws {
    try Name.check(name, as: "a connector's name")
    let preset = try discovery.preset(for: provider, options)
    var details = ConnectorDetails(name: name, provider: preset.id, connectorID: connectorID)
    details.seal(preset)
    details.permissions = permissions
    details.endpoint = endpoint
    details.clientAuthentication = clientAuth
    facts.apply(to: &details.facts)
    details.scope = scope
    details.note = note
    try details.checkExchange()
    details.warnOfPreset(preset)
    let session = try options.unlock()
    try session.require(.connectorRegister)
    let secret = try input.read("Connector secret: ", options)
    try details.check(secret: secret)
    let (registering, expires) = (details, try expiry.time())
    try session.commit { try $0.register(registering, secret: secret, expires: expires) }
    try options.done(.connectorRegister, name, "registered \(name)")
  }
}

/// Option for the end of a connector's secret.
struct SecretExpiryOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("The day on which the secret expires at the provider, as its portal says.", valueName: "date"))
  var secretExpires: String?

  /// The time; for a date its start, since a warning too early is better than one too late.
  func time() throws -> Timestamp? { try secretExpires.map { try Times.parse($0, .start) } }
}

extension ConnectorDetails {
  /// Throws if an exchange could not use these details. Called before they are stored.
  func checkExchange() throws {
    for text in [connectorID, scope, note].compactMap({ $0 }) + permissions where !PrintableText.isClean(text) {
      throw VaultError(
        .badInput, "\"\(PrintableText.escape(text))\" has characters that can't be seen or turn text round",
        hint: "type it instead of pasting it")
    }
    try checkFacts()
    try checkEndpoint()
    try checkClientAuthentication()
  }

  /// Warns that an added preset will be sealed with the connector. It then decides, for everyone who gets the
  /// connector, where the secrets go.
  func warnOfPreset(_ known: Preset) {
    guard preset != nil else { return }
    let hosts = known.hosts.map(\.text).joined(separator: ", ")
    Console.warn("preset \"\(known.id)\" is not Custody's own: it will be sealed with the connector")
    Console.warn("it sends the connector's secret and its tokens to \(hosts)")
  }
}
