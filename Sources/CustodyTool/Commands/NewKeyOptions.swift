import ArgumentParser
import Custody
import CustodyLog
import CustodyMemory

/// What a new data key asks of who makes it: whom it leaves out, and whom it opens to.
struct NewKeyOptions: ParsableArguments {
  @Flag(help: "Also for those whose grant has ended by this machine's clock: they are left out if nothing is said.")
  var keepEnded = false

  /// Shows whom the new value leaves out or newly opens to, and what taking an item over means; and asks.
  func newValue<Details>(
    of listing: Listing<Details>, _ name: String, in session: borrowing Session, _ options: GlobalOptions
  ) throws -> NewValue {
    var value = NewValue()
    var lines: [String] = []
    let ended = try endedGrants(listing.item.kind, name, session)
    if !ended.isEmpty {
      lines.append("\(ended.joined(separator: ", ")) will have no grant of \(name) any more: it has ended.")
    }
    value.leavingOut = ended
    let holds = listing.grants[session.memberID].map { !$0.isExpired(at: session.now) } ?? false
    if !holds, session.member?.role == .admin {
      value.takesOver = true
      lines.append(
        "You do not hold \(name): the new value opens to you from now on, and what was opens to nobody any more.")
      lines.append("You can't tell whether it is another one, so exposure of the one before does not end by this.")
      let others = try session.unknownHolders(listing.item.kind, name).filter { !ended.contains($0.name) }
      if !others.isEmpty {
        lines.append(
          "It also opens to \(others.map(\.marked).joined(separator: ", ")), whom you did not share it with.")
      }
    }
    if !lines.isEmpty { try options.confirm(lines, question: "Go on?") }
    return value
  }

  /// Names of whom a new data key leaves out.
  func endedGrants(_ kind: ItemKind, _ name: String, _ session: borrowing Session) throws -> [String] {
    keepEnded ? [] : try session.endedGrants(of: kind, name).map(\.name)
  }
}
