import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog

struct MemberRole: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "role", abstract: "Give a member another role, with new keys for everyone as when someone leaves.")

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The member's name.") var name: String
  @Argument(help: "admin, developer or auditor.") var role: Role
  @OptionGroup var departure: DepartureOptions

  func run() throws {
    let session = try options.unlock()
    try session.require(.memberRole)
    let member = try Resolving.member(name, in: session)
    var consequences = ["\(member.name) is \(member.role == .developer ? "a" : "an") \(member.role.rawValue) now."]
    switch role {
    case .admin: consequences.append("As an admin they approve, share, take back and remove, and open every name.")
    case .auditor:
      consequences.append("As an auditor they open every name and no value: their grants go.")
      consequences += try DepartureOptions.replaced(by: member, session)
    case .developer:
      consequences.append("As a developer they open the names of what is shared with them, and no others.")
    }
    try options.confirm(consequences, question: "Change it?")
    let changed = try Console.during("making new keys") {
      try session.commit {
        try $0.setRole(of: member.name, to: role, reason: departure.reason, orphaning: departure.orphan)
      }
    }
    try departure.report(changed, .memberRole, member, session, options)
  }
}
