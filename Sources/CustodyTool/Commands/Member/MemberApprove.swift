import ArgumentParser
import Custody
import CustodyLog
import CustodyJSON
import CustodySystem
import CustodyValues

struct MemberApprove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Make someone who asked a member, once you both compared the fingerprint.")

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The name in the request, or its ID.") var name: String
  @Option(help: "The fingerprint as the other side has it, where there is no terminal to compare on.")
  var fingerprint: String?

  func run() throws {
    let session = try options.unlock()
    try session.require(.memberEnroll)
    let pending = try Requests.find(name, in: session)
    let request = pending.request
    Console.warn("\(request.name) asks to be \(request.role == .developer ? "a" : "an") \(request.role.rawValue)")
    if request.machine != nil {
      Console.warn("it is a \(MachineUse.kind(request.machine)): no passphrase guards its key file")
    }
    Console.warn("fingerprint  \(pending.fingerprint.text)")
    if let fingerprint {
      guard pending.fingerprint.matches(fingerprint) else {
        throw VaultError(
          .integrity, "the fingerprint of \"\(request.name)\" is another than the one you gave", subject: request.name,
          hint: "ask them again; if theirs still differs, deny the request: someone may have changed it")
      }
    } else {
      try compare(request.name)
    }
    try session.commit { try $0.approve(request.member, fingerprint: pending.fingerprint) }
    try options.done(
      .memberEnroll, request.name, "\(request.name) is a member now", ["member": .string(request.member.hex)])
  }

  /// Asks if the fingerprints are the same; `--yes` does not replace that.
  private func compare(_ name: String) throws {
    let hint: Hint = "give what the other side has: --fingerprint …"
    guard !options.asksNothing, let terminal = try? Terminal() else {
      throw VaultError(.usage, "nobody has compared the fingerprint of \"\(name)\"", subject: name, hint: hint)
    }
    guard try terminal.confirm("Does \(name) have the same fingerprint?") else {
      throw VaultError(
        .cancelled, "not approved; nothing was changed",
        hint: "if it differs, deny the request: \"custody member deny \(name)\"")
    }
  }
}

enum Requests {
  static func find(_ name: String, in session: borrowing Session) throws -> PendingRequest {
    let requests = try session.requests()
    let found = requests.filter { $0.request.name == name || $0.request.member.hex == name }
    guard found.count < 2 else {
      throw VaultError(
        .ambiguousName, "several requests are of \"\(name)\"", subject: name,
        hint: "take the ID that goes with the right fingerprint: \"custody member list\"")
    }
    guard let only = found.first else {
      throw VaultError(
        .notFound, "there is no request of \"\(PrintableText.escape(name))\"", subject: PrintableText.escape(name),
        hint: "list them: \"custody member list\"")
    }
    return only
  }
}
