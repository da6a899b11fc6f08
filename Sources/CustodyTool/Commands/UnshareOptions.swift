import ArgumentParser
import Custody
import CustodyEvidence
import CustodyExchange
import CustodyJSON
import CustodyLog

struct UnshareOptions: ParsableArguments {
  @OptionGroup var item: ItemArgument
  @Option(
    name: [.customLong("from"), .customLong("with")],
    help: ArgumentHelp("The member who loses it.", valueName: "member"))
  var member: String
  @OptionGroup var reason: ReasonOption

  func run(_ kind: ItemKind, _ options: GlobalOptions) throws {
    let session = try options.unlock()
    try session.require(Action(.unshare, kind))
    let name = try Resolving.item(kind, item.name, in: session)
    let member = try Resolving.member(member, in: session)
    try options.confirm(
      [
        "\(member.name) will open no later revision of \(name).",
        "What they could open until now they may know: rotate it at the provider to end that.",
      ] + DepartureOptions.replaced(by: member, session, of: session.knownItem(kind, name).id),
      question: "Take it back?")
    let done = try session.commit { try $0.unshare(kind, name, from: member.name, reason: reason.reason) }
    try options.done(
      Action(.unshare, kind), name, "\(member.name) has no grant of \(name) any more",
      ["to": .string(member.name), "rekeyed": .bool(done == .rekeyed)])
    switch done {
    case .rekeyed: Console.say("\(name) has a new data key")
    case .needsRekey:
      Console.warn("\(member.name) may still hold the data key of \(name)")
      Console.warn("hint: whoever holds it must run \"custody \(kind.rawValue) rekey \(ShellWord.quoted(name))\"")
    }
  }
}
