import CustodyEvidence
import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog
import CustodyValues

struct ConnectorChange: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "change", abstract: "Change a connector's details; its secret stays.",
    discussion: """
      For who registered it, and for admins. Where that changes where secrets go, its tokens are sent nowhere until an admin \
      has confirmed it: "custody token confirm".
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var item: ItemArgument
  @OptionGroup var reason: ReasonOption
  @Option(name: .customLong("id"), help: ArgumentHelp("Its new ID.", valueName: "id")) var connectorID: String?
  @Option(help: ArgumentHelp("Its new endpoint.", valueName: "url")) var endpoint: String?
  @Option(
    help: ArgumentHelp("Its new way to authenticate: basic, post or assertion.", valueName: "way"),
    completion: .list(["basic", "post", "assertion"]))
  var clientAuth: String?
  @OptionGroup var facts: ProviderFactsOptions
  @Option(help: "The scope to ask for in each exchange and login from now on.") var scope: String?
  @Option(
    name: .customLong("permission"), parsing: .singleValue,
    help: "A permission it has, in place of those it had; repeat for more.")
  var permissions: [String] = []
  @Option(help: "Anything worth knowing.") var note: String?
  @Flag(
    help: "Exchange by its provider's preset as this machine has it now, in place of the one that is sealed with it.")
  var renewPreset = false

  func run() throws {
    let session = try options.unlock()
    try session.require(.connectorChange)
    let name = try Resolving.item(.connector, item.name, in: session)
    let before = try session.connector(name).details
    var details = before
    details.connectorID = connectorID ?? details.connectorID
    details.endpoint = endpoint ?? details.endpoint
    details.clientAuthentication = clientAuth ?? details.clientAuthentication
    facts.apply(to: &details.facts)
    details.scope = scope ?? details.scope
    details.note = note ?? details.note
    if !permissions.isEmpty { details.permissions = permissions }
    if renewPreset { try details.renewPreset() }
    try details.checkExchange()
    let redirects = details.goesElsewhere(than: before)
    if redirects {
      try options.confirm(
        ["Tokens of \(name) are sent nowhere until an admin who holds them has confirmed this."], question: "Change it?"
      )
    }
    let changed = details
    try session.commit { try $0.changeConnector(name, reason: reason.reason) { $0 = changed } }
    try options.done(.connectorChange, name, "\(name) has new details", ["redirects": .bool(redirects)])
    if redirects { Console.say("an admin types \"custody token confirm --connector \(ShellWord.quoted(name))\"") }
  }
}

extension ConnectorDetails {
  fileprivate func goesElsewhere(than other: ConnectorDetails) -> Bool {
    (connectorID, endpoint, clientAuthentication, preset, facts.urls)
      != (other.connectorID, other.endpoint, other.clientAuthentication, other.preset, other.facts.urls)
  }

  fileprivate mutating func renewPreset() throws {
    let provider = try Provider.named(provider)
    guard provider.preset.id == self.provider else {
      throw VaultError(.notFound, "there is no provider \"\(self.provider)\" on this machine", subject: self.provider)
    }
    seal(provider.preset)
    warnOfPreset(provider.preset)
  }
}
