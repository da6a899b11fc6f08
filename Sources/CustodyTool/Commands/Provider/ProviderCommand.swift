import ArgumentParser

struct ProviderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "provider", abstract: "How each provider exchanges refresh tokens.",
    subcommands: [ProviderList.self, ProviderShow.self, ProviderAdd.self])
}
