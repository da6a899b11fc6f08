internal import CustodyEvidence
import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog
import CustodyValues

struct ShareOptions: ParsableArguments {
  @OptionGroup var item: ItemArgument
  @Option(name: .customLong("with"), help: ArgumentHelp("The member who gets it.", valueName: "member")) var recipient:
    String
  @Option(
    help: ArgumentHelp(
      "The end of the grant: RFC 3339, or a date, to the end of which (UTC) it lasts.", valueName: "time"))
  var until: String?
  @OptionGroup var reason: ReasonOption

  func run(_ kind: ItemKind, _ options: GlobalOptions) throws {
    let until = try until.map { try Times.parse($0, .end) }
    let session = try options.unlock()
    try session.require(Action(.share, kind))
    let name = try Resolving.item(kind, item.name, in: session)
    let member = try Resolving.member(recipient, in: session)
    let revision = try session.revision(kind, name)
    let ending = until.map { ", \($0.asEnd)" } ?? ""
    try options.confirm(
      [
        "\(member.marked) will be able to open \(name) (revision \(revision)) from now on\(ending).",
        "Taking it back later stops later revisions; it does not make anyone forget this one.",
      ], question: "Share?")
    let connector = try session.commit { transaction in
      try transaction.share(kind, name, Share(with: member.name, until: until, reason: reason.reason))
      return kind == .token ? try transaction.connectorMissing(to: name, for: member.name) : nil
    }
    try options.done(
      Action(.share, kind), name, "\(name) is shared with \(member.name)",
      ["to": .string(member.name), "until": until.map { .string($0.text) } ?? .null])
    // A token alone can't be exchanged, so a member without its connector is advised to get it.
    if let connector {
      Console.say(
        "to exchange it \(member.name) also needs the connector: "
          + NextStep.share(.connector, connector, with: member.name).quoted
      )
    }
  }
}
