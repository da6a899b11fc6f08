import CustodySystem
import CustodyValues

/// The parser's help with its usage line wrapped. An option stays on one line with its value.
enum UsageLine {
  private static let head = "USAGE: "

  static func wrapped(_ help: String) -> String {
    guard help.contains(head) else { return help }
    let lines = help.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.hasPrefix(head) ? wrap(String(line.dropFirst(head.count))) : String(line)
    }
    return lines.joined(separator: "\n")
  }

  private static func wrap(_ usage: String) -> String {
    let margin = String(repeating: " ", count: head.count)
    var depth = 0
    // A no-break space, for as long as words are counted.
    let joined = String(
      usage.map { letter in
        depth += letter == "[" ? 1 : letter == "]" ? -1 : 0
        return letter == " " && depth > 0 ? "\u{a0}" : letter
      })
    // The parser wraps the rest at this width.
    let width = Environment.value("COLUMNS").flatMap { Int($0) } ?? Wrapped.width
    let lines = Wrapped.lines(joined, width: max(width, 30) - head.count)
    return head + lines.joined(separator: "\n\(margin)").replacing("\u{a0}", with: " ")
  }
}
