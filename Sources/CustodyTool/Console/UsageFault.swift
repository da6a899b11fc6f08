import ArgumentParser
import Custody
import CustodyValues

/// Explains an error in the command line. The parser reports missing options first, and would say that `--with` is
/// missing where `--wiht` was typed.
struct UsageFault {
  private let typed: [String]
  /// The command, as far as the words name one, and the number of those words.
  private let command: CommandShape
  private let depth: Int
  private let tool: CommandShape

  init(_ arguments: some Collection<String>, in tool: CommandShape) {
    (typed, self.tool) = (GlobalOptions.behindCommand(arguments), tool)
    var (command, depth) = (tool, 0)
    while depth < typed.count, let next = command.child(typed[depth]) { (command, depth) = (next, depth + 1) }
    (self.command, self.depth) = (command, depth)
  }

  func error(_ message: String) -> VaultError { unknownCommand ?? unknownOption ?? worded(message) }

  private var seeHelp: Hint { "see \"\(command.typed) --help\"" }

  private var unknownCommand: VaultError? {
    guard !command.children.isEmpty, command.name != "help", depth < typed.count, !typed[depth].hasPrefix("-") else {
      return nil
    }
    let word = typed[depth]
    let inner = (command.path.dropFirst() + [word]).joined(separator: " ")
    return VaultError(
      .usage, "there is no command \"\(PrintableText.escape(inner))\"", hint: suggestion(for: word) ?? seeHelp)
  }

  private func suggestion(for word: String) -> Hint? {
    let visible = command.children.filter(\.isShown)
    let limit = word.utf8.count < 5 ? 1 : 2
    let begun = visible.map(\.name).filter { $0.hasPrefix(word) }
    if let near = begun.count == 1 ? begun[0] : Spelling.nearest(word, among: visible.map(\.name), within: limit) {
      return "did you mean \"\(command.typed) \(near)\"?"
    }
    // A verb without its noun, or with a wrong one.
    let elsewhere = tool.shown.filter { $0.name == word && $0.path.count > 1 }.map { "\"\($0.typed)\"" }
    guard (1...3).contains(elsewhere.count) else { return nil }
    return "did you mean \(elsewhere.joined(separator: " or "))?"
  }

  private var unknownOption: VaultError? {
    let known = command.optionNames
    for word in typed[depth...].prefix(while: { $0 != "--" }) where word.hasPrefix("--") {
      let name = String(word.prefix { $0 != "=" })
      guard !known.contains(name), !Self.ofTheParser.contains(name) else { continue }
      let begun = known.filter { $0.hasPrefix(name) }
      let near = begun.count == 1 ? begun[0] : Spelling.nearest(name, among: known)
      return VaultError(
        .usage, "\"\(command.typed)\" has no option \"\(PrintableText.escape(name))\"",
        hint: near.map { "did you mean \"\($0)\"?" as Hint } ?? elsewhere(name) ?? seeHelp)
    }
    return nil
  }

  private static let ofTheParser: Set = ["--generate-completion-script", "--help-hidden", "--experimental-dump-help"]

  /// The hint for an option that stands before a command's last word.
  private func elsewhere(_ name: String) -> Hint? {
    guard !command.children.isEmpty, command.children.contains(where: { $0.optionNames.contains(name) }) else {
      return nil
    }
    return "put it behind the command: \"\(command.typed) … \(name)\""
  }

  /// The parser's message in our style: names in double quotes, no full stop, and the choices as the hint.
  private func worded(_ message: String) -> VaultError {
    let lines = message.split(separator: "\n").map(String.init)
    let line = lines.first ?? "cannot read that"
    let text = Self.inOurQuotes(line.prefix(1).lowercased() + line.dropFirst())
    let sentences = text.split(separator: ". Please provide one of ", maxSplits: 1)
    let reason = sentences.first.map { $0.hasSuffix(".") ? $0.dropLast() : $0 } ?? ""
    let isOfTime = reason.hasSuffix("<time>\"")
    let hint: Hint =
      sentences.count > 1
      ? choice(sentences[1], below: lines) : isOfTime ? "write a time such as 90s, 15m, 2h or 30d" : seeHelp
    return VaultError(.usage, PrintableText.escape(String(reason)), hint: hint)
  }

  /// The hint that lists the choices. The parser names a few in its sentence, and many in a list below it.
  private func choice(_ sentence: Substring, below lines: [String]) -> Hint {
    let listed = lines.dropFirst().compactMap { line in line.hasPrefix("  - ") ? String(line.dropFirst(4)) : nil }
    guard !listed.isEmpty else { return "give one of \(sentence.filter { $0 != "\"" && $0 != "." })" }
    let given = typed.first { word in Spelling.nearest(word, among: listed) != nil && !listed.contains(word) }
    if let given, let near = Spelling.nearest(given, among: listed) { return "did you mean \"\(near)\"?" }
    return "give one of \(listed.joined(separator: ", "))"
  }

  /// The text with single quotation marks made double, but not apostrophes between two letters.
  private static func inOurQuotes(_ text: String) -> String {
    let letters = Array(text)
    return String(
      letters.indices.map { place in
        let isInWord =
          place > 0 && letters[place - 1].isLetter && place + 1 < letters.count && letters[place + 1].isLetter
        return letters[place] == "'" && !isInWord ? "\"" : letters[place]
      })
  }
}
