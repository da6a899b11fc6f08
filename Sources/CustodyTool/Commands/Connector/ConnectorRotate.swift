import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog

struct ConnectorRotate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: "Keep a connector's new secret.",
    discussion: "Its details stay: \"custody connector change\" is for those.")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var input: SecretInput
  @OptionGroup var item: ItemArgument
  @OptionGroup var reason: ReasonOption
  @OptionGroup var expiry: SecretExpiryOption
  @OptionGroup var leaving: NewKeyOptions

  func run() throws {
    let session = try options.unlock()
    try session.require(.connectorRotate)
    let name = try Resolving.item(.connector, item.name, in: session)
    let listing = try session.unlessClosed { try session.connector(name) }
    var value = try leaving.newValue(of: .connector, name, in: session, options)
    (value.reason, value.expires) = (reason.reason, try expiry.time())
    let secret = try input.read("New connector secret: ", options)
    try listing?.details.check(secret: secret)
    let rotating = value
    try session.commit { try $0.rotate(.connector, name, secret: secret, rotating) }
    let revision = try session.revision(.connector, name)
    try options.done(
      .connectorRotate, name, "\(name) is at revision \(revision); who holds it opens the new one",
      ["revision": .integer(revision)])
  }
}
