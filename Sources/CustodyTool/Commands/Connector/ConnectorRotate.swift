import ArgumentParser
import Custody
import CustodyExchange
import CustodyLog
import CustodyJSON
import CustodyMemory

struct ConnectorRotate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: "Keep a connector's new secret, and other details that changed with it.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var input: SecretInput
  @OptionGroup var item: ItemArgument
  @OptionGroup var reason: ReasonOption
  @Option(name: .customLong("id"), help: ArgumentHelp("Its new ID.", valueName: "id")) var connectorID: String?
  @Option(help: ArgumentHelp("Its new endpoint.", valueName: "url")) var endpoint: String?
  @Option(
    help: ArgumentHelp("Its new way to authenticate: basic, post or assertion.", valueName: "way"),
    completion: .list(["basic", "post", "assertion"]))
  var clientAuth: String?
  @Option(help: "What to ask for in an exchange, and in a login, from now on.") var scope: String?
  @OptionGroup var expiry: SecretExpiryOption
  @Flag(
    help: "Exchange by its provider's preset as this machine has it now, in place of the one that is sealed with it.")
  var renewPreset = false

  func run() throws {
    let session = try options.unlock()
    try session.require(.connectorRotate)
    let name = try Resolving.item(.connector, item.name, in: session)
    var details = try session.connector(name).details
    details.connectorID = connectorID ?? details.connectorID
    details.endpoint = endpoint ?? details.endpoint
    details.clientAuthentication = clientAuth ?? details.clientAuthentication
    details.scope = scope ?? details.scope
    details.secretExpires = try expiry.time()
    if renewPreset { try details.renewPreset() }
    try details.checkExchange()
    let secret = try input.read("New connector secret: ", options)
    try details.check(secret: secret)
    let changed = details
    try session.commit {
      try $0.rotateConnector(name, secret: secret, reason: reason.reason) { $0 = changed }
    }
    let revision = try session.revision(.connector, name)
    try options.done(
      .connectorRotate, name, "\(name) is at revision \(revision); who holds it opens the new one",
      ["revision": .integer(revision)])
  }
}

extension ConnectorDetails {
  fileprivate mutating func renewPreset() throws {
    let provider = try Provider.named(provider)
    guard provider.preset.id == self.provider else {
      throw VaultError(.notFound, "there is no provider \"\(self.provider)\" on this machine", subject: self.provider)
    }
    seal(provider.preset)
    warnOfPreset(provider.preset)
  }
}
