import ArgumentParser
import Custody

struct Help: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "help", abstract: "Help on a command; \"help exit-codes\" for what the statuses mean.")

  @Argument(help: "A command, or exit-codes.") var topic: [String] = []

  func run() throws {
    guard topic != ["exit-codes"] else {
      for (status, meaning) in VaultError.Code.statuses { try Console.print("\(status)\t\(meaning)") }
      return
    }
    var command: any ParsableCommand.Type = CustodyCommand.self
    for word in topic {
      guard let next = Self.children(of: command).first(where: { $0._commandName == word }) else {
        throw VaultError(.notFound, "there is no help on \"\(word)\"", subject: word, hint: "see \"custody help\"")
      }
      command = next
    }
    try Console.print(CustodyCommand.helpMessage(for: command))
  }

  private static func children(of command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
    command.configuration.subcommands + command.configuration.groupedSubcommands.flatMap(\.subcommands)
  }
}
