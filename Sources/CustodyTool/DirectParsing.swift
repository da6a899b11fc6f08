import ArgumentParser

/// Parses the typed command alone. The parser would first parse every command on the way to it, which takes a third of
/// the time of a reveal. If that fails (help, errors, completion), the whole parser takes over, with its messages.
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
