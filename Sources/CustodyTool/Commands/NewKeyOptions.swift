import ArgumentParser
import Custody
import CustodyLog

/// Options for a new data key, and the questions about the members it leaves out or opens to.
struct NewKeyOptions: ParsableArguments {
  @Flag(help: "Also for those whose grant has ended by this machine's clock: they are left out if nothing is said.")
  var keepEnded = false

  /// Shows whom the new value leaves out or newly opens to, and the effect of taking an item over; then asks.
  func newValue(
    of kind: ItemKind, _ name: String, in session: borrowing Session, _ options: GlobalOptions
  ) throws -> NewValue {
    var value = NewValue()
    var lines: [String] = []
    let ended = try endedGrants(kind, name, session)
    if !ended.isEmpty {
      lines.append("\(ended.joined(separator: ", ")) will have no grant of \(name) any more: it has ended.")
    }
    value.leavingOut = ended
    if session.member?.role == .admin, try !session.opensValue(of: kind, name) {
      value.takesOver = true
      let grant = try session.grant(of: kind, name)
      lines.append(
        grant == nil
          ? "You have no access to \(name): the new value opens to you from now on, and what was opens to nobody any more."
          : "What you hold of \(name) does not open: you give it back and take the item over, with the new value.")
      lines.append("You can't tell whether it is another one, so the access report goes on showing the one before.")
      let others = try session.unknownHolders(kind, name).filter { !ended.contains($0.name) }
      if !others.isEmpty {
        lines.append(
          "It also opens to \(others.map(\.marked).joined(separator: ", ")), whom you did not share it with.")
      }
    }
    if !lines.isEmpty { try options.confirm(lines, question: "Go on?") }
    return value
  }

  /// Names of the members that a new data key leaves out.
  func endedGrants(_ kind: ItemKind, _ name: String, _ session: borrowing Session) throws -> [String] {
    keepEnded ? [] : try session.endedGrants(of: kind, name).map(\.name)
  }
}
