import ArgumentParser

struct IdentityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identity", abstract: "Your identity: name, keys, and what you unlock with.",
    subcommands: [IdentityShow.self, IdentityPassphrase.self, IdentityKeyFile.self])
}
