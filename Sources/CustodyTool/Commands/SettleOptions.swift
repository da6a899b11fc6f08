import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog

struct SettleOptions: ParsableArguments {
  static let discussion = """
    An admin who rotates what they do not hold can't tell whether the new value is another one: "custody exposure" goes on \
    showing the one before. An admin who held that one ends it here, once its provider has revoked it.
    """

  @OptionGroup var item: ItemArgument
  @Option(help: ArgumentHelp("The value's revision, as \"custody exposure\" shows it.", valueName: "number"))
  var revision: UInt64
  @OptionGroup var reason: ReasonOption

  func run(_ kind: ItemKind, _ options: GlobalOptions) throws {
    let action = Action(.settle, kind)
    let session = try options.unlock()
    try session.require(action)
    let name = try Resolving.item(kind, item.name, in: session)
    try options.confirm(
      [
        "You say that revision \(revision) of \(name) is worthless at its provider; the access report shows it no more."
      ],
      question: "Is it?")
    try session.commit { try $0.settle(kind, name, revision: revision, reason: reason.reason) }
    try options.done(
      action, name, "revision \(revision) of \(name) is in the access report no more", ["revision": .integer(revision)])
  }
}
