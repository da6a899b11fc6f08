/// A text in mdoc(7), the markup language of manual pages.
struct Mdoc {
  private(set) var text = ""

  mutating func section(_ name: String) { macro("Sh", name) }

  /// Adds a macro with its words, which are escaped here.
  mutating func macro(_ name: String, _ words: String...) {
    text += ([".\(name)"] + words.map(Self.word)).joined(separator: " ") + "\n"
  }

  /// Adds a line that is mdoc already.
  mutating func raw(_ line: String) { text += line + "\n" }

  /// Adds running text, one sentence per line as mdoc requires.
  mutating func prose(_ prose: String) {
    for sentence in Self.sentences(prose) { text += Self.line(sentence) + "\n" }
  }

  mutating func list(_ items: [(head: String, text: String)]) {
    guard !items.isEmpty else { return }
    raw(".Bl -tag -width Ds")
    for item in items {
      raw(".It \(item.head)")
      prose(item.text)
    }
    raw(".El")
  }

  /// The flags of an option and its value.
  static func option(_ option: CommandShape.Argument) -> String {
    let names = option.names.reversed().map { "Fl \(word(String($0.dropFirst())))" }.joined(separator: " , ")
    return option.kind == .option ? "\(names) Ar \(word(option.value))" : names
  }

  /// A word to stand after a macro, escaped so that nothing in it is a macro, a delimiter or an escape.
  static func word(_ text: String) -> String {
    let escaped = escape(text, hyphen: "\\-")
    guard text.contains(" ") else { return protected(escaped) }
    return escaped.split(separator: " ").map { protected(String($0)) }.joined(separator: " ")
  }

  /// A line to be shown verbatim.
  static func literal(_ text: String) -> String {
    let escaped = escape(text, hyphen: "\\-")
    return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
  }

  private static func protected(_ word: String) -> String {
    // Macro names are two or three letters beginning with a capital; punctuation alone would be set apart.
    let mayBeMacro = word.count <= 3 && word.first?.isUppercase == true && word.last?.isLowercase == true
    let isMark = !word.contains { $0.isLetter || $0.isNumber }
    return mayBeMacro || isMark ? "\\&" + word : word
  }

  private static func line(_ text: String) -> String {
    let escaped = escape(text, hyphen: "-")
    return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
  }

  private static func escape(_ text: String, hyphen: String) -> String {
    var escaped = ""
    var isOption = false
    for letter in text {
      switch letter {
      case "\\": escaped += "\\e"
      case "\"": escaped += "\\(dq"
      case "-":
        // An option's hyphens are typed as they are.
        isOption = isOption || escaped.isEmpty || " /(\u{22}q".contains(escaped.last ?? " ")
        escaped += isOption ? "\\-" : hyphen
      default:
        if letter == " " { isOption = false }
        escaped += letter.unicodeScalars.map { scalar in
          scalar.isASCII ? String(scalar) : "\\[u\(hex(scalar.value))]"
        }.joined()
      }
    }
    return escaped
  }

  private static func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  private static func sentences(_ text: String) -> [String] {
    var (sentences, current) = ([String](), [Substring]())
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      current.append(word)
      guard word.count > 2, [".", "?", "!"].contains(word.last) else { continue }
      sentences.append(current.joined(separator: " "))
      current = []
    }
    return current.isEmpty ? sentences : sentences + [current.joined(separator: " ")]
  }
}
