import ArgumentParser
import Custody
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

  func run() throws {
    let session = try options.unlock()
    try session.require(.connectorRotate)
    let name = try Resolving.item(.connector, item.name, in: session)
    var details = try session.connector(name).details
    details.connectorID = connectorID ?? details.connectorID
    details.endpoint = endpoint ?? details.endpoint
    try details.checkExchange()
    let secret = try input.read("New connector secret: ", options)
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
