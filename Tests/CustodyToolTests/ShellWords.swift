/// The words of a script line as a shell would split them: 'literal', "with $NAMES", \escapes. No globs and no
/// redirects.
enum ShellWords {
  struct Unclosed: Error {}

  static func split(_ line: String, lookup: (String) -> String?) throws -> [String] {
    var (words, word, started) = ([String](), "", false)
    var rest = Substring(line)
    var quote: Character?
    while let character = rest.popFirst() {
      switch (character, quote) {
      case ("'", "'"), ("\"", "\""): quote = nil
      case ("'", nil), ("\"", nil): (quote, started) = (character, true)
      case ("\\", nil), ("\\", "\""):
        guard let escaped = rest.popFirst() else { throw Unclosed() }
        (word, started) = (word + String(escaped), true)
      case ("$", nil), ("$", "\""):
        let name = variable(&rest)
        (word, started) = (word + (name.isEmpty ? "$" : lookup(name) ?? ""), true)
      case (" ", nil), ("\t", nil):
        if started { words.append(word) }
        (word, started) = ("", false)
      case ("#", nil) where !started: return words
      default: (word, started) = (word + String(character), true)
      }
    }
    guard quote == nil else { throw Unclosed() }
    return started ? words + [word] : words
  }

  /// Removes `NAME` or `{NAME}` from the front of the text and returns it.
  private static func variable(_ rest: inout Substring) -> String {
    if rest.first == "{", let end = rest.firstIndex(of: "}") {
      defer { rest = rest[rest.index(after: end)...] }
      return String(rest[rest.index(after: rest.startIndex)..<end])
    }
    let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    rest = rest.dropFirst(name.count)
    return String(name)
  }
}
