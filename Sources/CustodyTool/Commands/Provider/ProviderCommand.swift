import ArgumentParser

struct ProviderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "provider", abstract: "Providers, and how each exchanges refresh tokens.",
    subcommands: [ProviderList.self, ProviderShow.self, ProviderAdd.self])
}
