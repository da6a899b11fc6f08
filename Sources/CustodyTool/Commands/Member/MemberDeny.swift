import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodyValues

struct MemberDeny: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deny", abstract: "Throw a request to join away.",
    discussion: """
      Anyone who can write the vault's file can leave requests. --unreadable throws away those that are not what their \
      author signed, and --all every one: in one commit, with an entry in the log for each.
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The name in the request, or its ID.") var name: String?
  @Flag(help: "Every request that is not what its author signed.") var unreadable = false
  @Flag(help: "Every request there is.") var all = false

  func validate() throws {
    let count = (name == nil ? 0 : 1) + (unreadable ? 1 : 0) + (all ? 1 : 0)
    guard count == 1 else { throw ValidationError("name one request, or give --unreadable or --all") }
  }

  func run() throws {
    let session = try options.unlock()
    try session.require(.memberDeny)
    guard let name else { return try denyMany(in: session) }
    // An unreadable request can be denied by its ID too.
    let id = try Identifier(hex: name) ?? Requests.find(name, in: session).request.member
    try options.confirm(["The request of \(PrintableText.escape(name)) will be gone."], question: "Deny?")
    try session.commit { try $0.deny(id) }
    try options.done(.memberDeny, name, "denied", ["member": .string(id.hex)])
  }

  private func denyMany(in session: borrowing Session) throws {
    let ids =
      try all
      ? session.requestIDs()
      : Console.counting("reading requests") { try session.joinRequests(progress: $0).unreadable }
    let kind = all ? "" : " that cannot be read"
    guard !ids.isEmpty else {
      throw VaultError(.notFound, "there is no request\(kind)", hint: "list them: \"custody member list\"")
    }
    let count = "\(ids.count) request\(ids.count == 1 ? "" : "s")"
    try options.confirm(["\(count)\(kind) will be gone."], question: "Deny?")
    try Console.counting("denying") { progress in
      try session.commit { transaction in
        for (number, id) in ids.enumerated() {
          try transaction.deny(id)
          progress(UInt64(number + 1), UInt64(ids.count))
        }
      }
    }
    guard options.json else { return Console.say("denied \(count)") }
    var particulars = Particulars()
    particulars.add("done", Action.memberDeny.rawValue)
    particulars.add("count", .integer(ids.count))
    try particulars.print(json: true)
  }
}
