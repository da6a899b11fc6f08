import ArgumentParser
import CustodyJSON

/// A command as the parser describes it, the source of manual pages and of hints for misspelled words.
struct CommandShape {
  struct Argument {
    enum Kind: String { case positional, option, flag }
    let kind: Kind
    /// Names with their dashes, long ones first; empty for a positional argument.
    let names: [String]
    let value: String
    let about: String
    let isOptional: Bool
    let isRepeating: Bool
    let choices: [String]
    let standard: String?
  }

  /// The words of the command, as `["custody", "token", "share"]`.
  let path: [String]
  let about: String
  let discussion: String
  let isShown: Bool
  let arguments: [Argument]
  let children: [CommandShape]

  var name: String { path.last ?? "" }
  var typed: String { path.joined(separator: " ") }
  var optionNames: [String] { arguments.flatMap(\.names) }

  /// This command and all below it that help shows.
  var shown: [CommandShape] { isShown ? [self] + children.flatMap(\.shown) : [] }

  /// The parser's description of a command and of all commands below it.
  init(of command: (some ParsableArguments).Type) throws {
    self.init(try JSONValue(parsing: command._dumpHelp())["command"] ?? .null, below: [])
  }

  func child(_ name: String) -> CommandShape? { children.first { $0.name == name } }

  private init(_ dump: JSONValue, below parents: [String]) {
    path = parents + [dump["commandName"]?.string ?? ""]
    about = dump["abstract"]?.string ?? ""
    discussion = dump["discussion"]?.string ?? ""
    isShown = dump["shouldDisplay"]?.bool ?? true
    arguments = dump["arguments"]?.array?.compactMap(Argument.init) ?? []
    var children: [CommandShape] = []
    for inner in dump["subcommands"]?.array ?? [] {
      let child = CommandShape(inner, below: path)
      // The parser adds a "help" command although we have one.
      if !children.contains(where: { $0.name == child.name }) { children.append(child) }
    }
    self.children = children
  }
}

extension CommandShape.Argument {
  fileprivate init?(_ dump: JSONValue) {
    guard let kind = dump["kind"]?.string.flatMap(Kind.init), dump["shouldDisplay"]?.bool ?? true else { return nil }
    let names: [String] = (dump["names"]?.array ?? []).compactMap { name in
      name["name"]?.string.map { (name["kind"]?.string == "long" ? "--" : "-") + $0 }
    }
    self.init(
      kind: kind, names: names.sorted { $0.count > $1.count }, value: dump["valueName"]?.string ?? "",
      about: dump["abstract"]?.string ?? "", isOptional: dump["isOptional"]?.bool ?? true,
      isRepeating: dump["isRepeating"]?.bool ?? false,
      choices: dump["allValues"]?.array?.compactMap(\.string) ?? [], standard: dump["defaultValue"]?.string)
  }
}
