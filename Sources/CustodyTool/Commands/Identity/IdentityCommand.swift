import ArgumentParser

struct IdentityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identity", abstract: "What you unlock with, and who you are to others.",
    subcommands: [IdentityShow.self, IdentityPassphrase.self, IdentityKeyFile.self])
}
