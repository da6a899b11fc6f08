import ArgumentParser
import Custody
import CustodySecrets
import CustodySystem

/// The command `custody`. It parses the command line, calls the library and prints; it decides nothing.
@main
struct CustodyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "custody",
    abstract: "Hands tenant-level tokens from admins to developers, sealed, attributed and provable.",
    version: "custody \(Release.versionAndCommit)",
    groupedSubcommands: [
      CommandGroup(
        name: "Vault",
        subcommands: [Init.self, Join.self, Status.self, Verify.self, RepairCommand.self, Doctor.self, Limits.self]),
      CommandGroup(name: "Agent", subcommands: [Unlock.self, Lock.self, Agent.self]),
      CommandGroup(
        name: "People and items", subcommands: [MemberCommand.self, ConnectorCommand.self, TokenCommand.self]),
      CommandGroup(name: "You", subcommands: [IdentityCommand.self]),
      CommandGroup(name: "Values for other programs", subcommands: [Exec.self, Inject.self]),
      CommandGroup(name: "Evidence", subcommands: [LogCommand.self, ExposureCommand.self]),
      CommandGroup(name: "More", subcommands: [Import.self, ProviderCommand.self, Help.self]),
    ])

  static func main() {
    do {
      try Hardening.apply()
      guard !ProcessArguments.all.isEmpty else { throw noArguments }
      let arguments = GlobalOptions.behindCommand(ProcessArguments.typed)
      var command = try DirectParsing.command(arguments, of: Self.self)
      try command.run()
      Failure.leave()
    } catch {
      Failure.leave(with: error)
    }
  }

  /// The error for a missing argument vector: without even the program's name, the help that is shown for no command
  /// would look like success.
  private static var noArguments: VaultError {
    VaultError(
      .usage, "cannot tell what was typed: the system gave this program no arguments, not even its name",
      hint: "start it by a shell, or by exec with a name before the arguments")
  }
}
