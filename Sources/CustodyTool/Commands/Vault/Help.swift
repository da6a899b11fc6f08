import ArgumentParser
import Custody
import CustodyValues

struct Help: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "help", abstract: "Help on a command, or on exit-codes, environment, formats or security.")

  @Argument(
    help: "A command; or exit-codes, environment, formats, security.",
    completion: .list(Help.topics))
  var topic: [String] = []
  @Flag(help: ArgumentHelp("The command's manual page, in mdoc.", visibility: .hidden)) var manual = false
  @Flag(help: ArgumentHelp("List the commands that have manual pages.", visibility: .hidden)) var pages = false

  func run() throws {
    guard !manual, !pages else { return try printManual() }
    if topic.count == 1, let topic = HelpTopic(rawValue: topic[0]) { return try topic.print() }
    var command: any ParsableCommand.Type = CustodyCommand.self
    for (place, word) in topic.enumerated() {
      let children = Self.children(of: command)
      guard let next = children.first(where: { $0._commandName == word }) else {
        throw unknown(word, among: children.map { $0._commandName }, at: place)
      }
      command = next
    }
    try Console.print(UsageLine.wrapped(CustodyCommand.helpMessage(for: command)))
  }

  /// Prints manual pages or their names, for `make install`.
  private func printManual() throws {
    let tool = try CommandShape(of: CustodyCommand.self)
    guard !pages else { return try tool.shown.forEach { try Console.print($0.typed) } }
    guard let command = tool.shown.first(where: { $0.path.dropFirst().elementsEqual(topic) }) else {
      throw VaultError(.notFound, "there is no manual page of that", hint: "list them: \"custody help --pages\"")
    }
    try Console.print(Array(ManualPage.text(of: command, in: tool).utf8))
  }

  private func unknown(_ word: String, among names: [String], at place: Int) -> VaultError {
    let shown = PrintableText.escape(word)
    let known = names + (place == 0 ? HelpTopic.allCases.map(\.rawValue) : [])
    let near = Spelling.nearest(word, among: known, within: word.utf8.count < 5 ? 1 : 2).map { near -> Hint in
      "did you mean \"\((["custody", "help"] + topic[..<place] + [near]).joined(separator: " "))\"?"
    }
    return VaultError(
      .notFound, "there is no help on \"\(shown)\"", subject: shown, hint: near ?? "see \"custody help\"")
  }

  static var topics: [String] {
    children(of: CustodyCommand.self).filter { $0.configuration.shouldDisplay }.map { $0._commandName }
      + HelpTopic.allCases.map(\.rawValue)
  }

  private static func children(of command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
    command.configuration.subcommands + command.configuration.groupedSubcommands.flatMap(\.subcommands)
  }
}
