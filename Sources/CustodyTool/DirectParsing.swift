import ArgumentParser

/// The parser reads every command on the way to the one that is typed, which takes a third of the time that a reveal does.
/// Here the one that is typed is read alone. What is not understood so (help, slips, completion) is the
/// whole parser's, as is every message.
enum DirectParsing {
  static func command(_ arguments: [String], of root: any ParsableCommand.Type) throws -> any ParsableCommand {
    var (command, rest) = (root, arguments[...])
    while let word = rest.first, let child = command.child(word) { (command, rest) = (child, rest.dropFirst()) }
    guard command.configuration.subcommands.isEmpty, let parsed = try? command.parse(Array(rest)) else {
      return try root.parseAsRoot(arguments)
    }
    return parsed
  }
}

extension ParsableCommand {
  fileprivate static func child(_ name: String) -> (any ParsableCommand.Type)? {
    configuration.subcommands.first { $0.configuration.commandName == name }
  }
}
