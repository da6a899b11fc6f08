import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodyValues

/// Options of the commands that revert a connector or token to the value before the newest.
struct RevertOptions: ParsableArguments {
  static let discussion = """
    For who holds it and could open the value before, where the newest one is nonsense or was stored by mistake. What an \
    admin rotated, only an admin reverts. It shows who brought the newest value, and asks. One value is kept, not more.
    """

  @OptionGroup var item: ItemArgument
  @OptionGroup var reason: ReasonOption
  @OptionGroup var leaving: NewKeyOptions

  func run(_ kind: ItemKind, _ options: GlobalOptions) throws {
    let action = Action(.revert, kind)
    let session = try options.unlock()
    try session.require(action)
    let name = try Resolving.item(kind, item.name, in: session)
    let found = try session.reversion(of: kind, name)
    let ended = try leaving.endedGrants(kind, name, session)
    try options.confirm(consequences(found, name, ended), question: "Bring it back?")
    try session.commit { try $0.revert(kind, name, reason: reason.reason, leavingOut: ended) }
    let revision = try session.revision(kind, name)
    try options.done(
      action, name, "\(name) is at revision \(revision), which has the value of revision \(found.earlier)",
      ["revision": .integer(revision), "brought_back": .integer(found.earlier)])
  }

  private func consequences(_ found: Reversion, _ name: String, _ ended: [String]) -> [String] {
    var lines = [
      "\(name) is at revision \(found.revision): \(found.author.marked), \(found.action.rawValue), \(found.time.text).",
      "The value of revision \(found.earlier) takes its place, for who has a grant now.",
    ]
    if found.isOverExchange {
      lines.append("The provider gave the newest one in an exchange: it may not take the one before any more.")
      lines.append("Until an exchange shows that it does, the token is in doubt.")
    }
    if !ended.isEmpty {
      lines.append("\(ended.joined(separator: ", ")) will have no grant of \(name) any more: it has ended.")
    }
    return lines
  }
}
