import ArgumentParser
import Custody
import CustodyLog
import CustodyJSON
import CustodyMemory

struct MemberDeny: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "deny", abstract: "Throw a request to join away.")

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The name in the request, or its ID.") var name: String

  func run() throws {
    let session = try options.unlock()
    try session.require(.memberDeny)
    // By its ID also one that can't be read.
    let id = try Identifier(hex: name) ?? Requests.find(name, in: session).request.member
    try options.confirm(["The request of \(PrintableText.escape(name)) will be gone."], question: "Deny?")
    try session.commit { try $0.deny(id) }
    try options.done(.memberDeny, name, "denied", ["member": .string(id.hex)])
  }
}
